/** Hands files to the backend: paths as they are, browser files in pieces. */
import { PIECE_BYTES, type ImportEntry, type ImportSource } from '#contract/calls.ts';
import type { Picked } from '#contract/host.ts';
import type { JobId } from '#core/study/ids.ts';
import type { Link } from '../link/link.ts';

/** Throws what the calls throw; `cancelled` when `signal` is aborted. */
export async function sourceOf(api: Link['api'], picked: Picked, signal: AbortSignal): Promise<ImportSource> {
  if (picked.kind === 'path') return { kind: 'path', path: picked.path };
  const file = picked.file;
  if (!(file instanceof Blob)) throw new TypeError('expected a file of the browser');
  const { upload } = await api['upload.begin'](
    { name: picked.name, bytes: file.size, modified: modifiedOf(file) },
    signal,
  );
  for (let offset = 0; offset < file.size; offset += PIECE_BYTES) {
    const bytes = new Uint8Array(await file.slice(offset, offset + PIECE_BYTES).arrayBuffer());
    await api['upload.piece']({ upload, offset, bytes }, signal);
  }
  return { kind: 'upload', upload };
}

const modifiedOf = (file: Blob): number => (file instanceof File ? file.lastModified : 0);

/** Files are asked about so many at a time. */
const ASKED = 500;

/** Files of a folder that an opening which was cut off has read already need not be handed over again. */
export async function notKnown(
  api: Link['api'],
  job: JobId,
  items: readonly Picked[],
  signal: AbortSignal,
): Promise<{ fresh: readonly Picked[]; known: ImportEntry[] }> {
  const fresh: Picked[] = [];
  const known: ImportEntry[] = [];
  const folder = items.every((item) => item.kind === 'file' && item.name.includes('/'));
  if (!folder) return { fresh: items, known };
  for (let at = 0; at < items.length; at += ASKED) {
    const some = items.slice(at, at + ASKED);
    const files = some.map(({ name, ...item }) => {
      const file = item.kind === 'file' && item.file instanceof Blob ? item.file : new Blob();
      return { name, bytes: file.size, modified: modifiedOf(file) };
    });
    const answer = await api['import.known']({ job, files }, signal);
    known.push(...answer.entries);
    const there = new Set(answer.indexes);
    fresh.push(...some.filter((_, index) => !there.has(index)));
  }
  return { fresh, known };
}

const BATCH_FILES = 64;
const BATCH_BYTES = 96 * 1024 * 1024;

/** Uploads stay in the backend's memory until they are imported: so many files, or so much, go together. */
export function batchesOf(items: readonly Picked[]): Picked[][] {
  const batches: Picked[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = item.kind === 'file' && item.file instanceof Blob ? item.file.size : 0;
    const last = batches.at(-1);
    if (!last || last.length >= BATCH_FILES || bytes + size > BATCH_BYTES) {
      batches.push([item]);
      bytes = size;
    } else {
      last.push(item);
      bytes += size;
    }
  }
  return batches;
}
