/** A backend for tests of imports: real store, real worker, one window's line. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { PIECE_BYTES, type ImportEntry, type ImportReport } from '#contract/calls.ts';
import { JobId } from '#core/study/ids.ts';
import { openStation, type Station } from './station.ts';

export interface ImportStation extends Pick<Station, 'api' | 'on' | 'close'> {
  /** Opens paths as one opening. */
  open(paths: string[], options?: { job?: string; signal?: AbortSignal }): Promise<ImportReport>;
  /** Hands files over as a browser does, as one opening. */
  handOver(files: Record<string, Uint8Array>): Promise<ImportEntry[]>;
  /** Everything that is stored, as far as a window can see it: what must not change when a file is refused. */
  stored(): Promise<string>;
}

let jobs = 0;
const nextJob = () => JobId.parse(`job-${jobs++}`);

export async function importStation(home: string, folder = 'data'): Promise<ImportStation> {
  const { api, on, close } = await openStation(home, {
    dataFolder: path.join(home, folder),
    allowsPaths: true,
    packFolders: [],
  });
  return {
    api,
    on,
    open: (paths, { job, signal } = {}) =>
      api['import.run'](
        { job: job ? JobId.parse(job) : nextJob(), sources: paths.map((file) => ({ kind: 'path', path: file })) },
        signal,
      ),
    async handOver(files) {
      const sources = [];
      for (const [name, bytes] of Object.entries(files)) {
        const { upload } = await api['upload.begin']({ name, bytes: bytes.length, modified: 1000 });
        for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES)
          await api['upload.piece']({ upload, offset, bytes: bytes.slice(offset, offset + PIECE_BYTES) });
        sources.push({ kind: 'upload', upload } as const);
      }
      return (await api['import.run']({ job: nextJob(), sources })).entries;
    },
    async stored() {
      const { studies, total } = await api['study.list']({ limit: 500 });
      const whole = [];
      for (const { id } of studies) whole.push(await api['study.open']({ study: id }));
      return createHash('sha256')
        .update(
          JSON.stringify([total, whole], (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value)),
        )
        .digest('hex');
    },
    close,
  };
}
