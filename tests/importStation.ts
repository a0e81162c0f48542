/** A backend for tests of imports: real store, real worker, one window's line. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createBackend } from '#backend/backend.ts';
import { forkEngine } from '#backend/engine/start.ts';
import { PIECE_BYTES, product, type ImportEntry, type ImportReport, type Product } from '#contract/calls.ts';
import { messagePort } from '#contract/ports/messagePort.ts';
import { connect, type Connection } from '#contract/rpc.ts';
import { JobId } from '#core/study/ids.ts';

export interface ImportStation {
  api: Connection<Product>['api'];
  on: Connection<Product>['on'];
  /** Opens paths as one opening. */
  open(paths: string[], options?: { job?: string; signal?: AbortSignal }): Promise<ImportReport>;
  /** Hands files over as a browser does, as one opening. */
  handOver(files: Record<string, Uint8Array>): Promise<ImportEntry[]>;
  /** Everything that is stored, as far as a window can see it: what must not change when a file is refused. */
  stored(): Promise<string>;
  close(): Promise<void>;
}

let jobs = 0;
const nextJob = () => JobId.parse(`job-${jobs++}`);

export async function importStation(home: string, folder = 'data'): Promise<ImportStation> {
  process.env['RADDRAFT_KEY'] = path.join(home, 'machine.key');
  const backend = await createBackend({
    dataFolder: path.join(home, folder),
    shell: 'test',
    allowsPaths: true,
    openAtStart: [],
    machineSecret: { kind: 'file' },
    startEngine: forkEngine,
    packFolders: [],
  });
  const { port1, port2 } = new MessageChannel();
  backend.serve(messagePort(port1));
  const { api, on } = connect(messagePort(port2), product);
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
    async close() {
      port1.close();
      await backend.close();
    },
  };
}
