/** Hands files to the backend: paths as they are, browser files in pieces. */
import { PIECE_BYTES, type ImportSource } from '#contract/calls.ts';
import type { Picked } from '#contract/host.ts';
import type { Link } from '../link/link.ts';

/** Throws what the calls throw; `cancelled` when `signal` is aborted. */
export async function sourceOf(api: Link['api'], picked: Picked, signal: AbortSignal): Promise<ImportSource> {
  if (picked.kind === 'path') return { kind: 'path', path: picked.path };
  const file = picked.file;
  if (!(file instanceof Blob)) throw new TypeError('expected a file of the browser');
  const { upload } = await api['upload.begin']({ name: picked.name, bytes: file.size }, signal);
  for (let offset = 0; offset < file.size; offset += PIECE_BYTES) {
    const bytes = new Uint8Array(await file.slice(offset, offset + PIECE_BYTES).arrayBuffer());
    await api['upload.piece']({ upload, offset, bytes }, signal);
  }
  return { kind: 'upload', upload };
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
