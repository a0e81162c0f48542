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
  const bytes = file.size;
  const { upload } = await api['upload.begin']({ name: picked.name, bytes, modified: modifiedOf(file) }, signal);
  for (let offset = 0; offset < bytes; offset += PIECE_BYTES) {
    const piece = new Uint8Array(await file.slice(offset, offset + PIECE_BYTES).arrayBuffer());
    await api['upload.piece']({ upload, offset, bytes: piece }, signal);
  }
  return { kind: 'upload', upload };
}

const modifiedOf = (file: Blob): number => (file instanceof File ? file.lastModified : 0);

/** So many at once: each waits for an answer or two, and the line is free meanwhile. */
const AT_ONCE = 4;

/** The sources of `items`, in their order. */
export async function handOver(
  api: Link['api'],
  items: readonly Measured[],
  signal: AbortSignal,
): Promise<ImportSource[]> {
  const sources = new Map<number, ImportSource>();
  const left = items.entries();
  const worker = async () => {
    for (const [index, { item }] of left) sources.set(index, await sourceOf(api, item, signal));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return items.flatMap((_, index) => sources.get(index) ?? []);
}

const byName = new Intl.Collator('en', { numeric: true });

/** A browser names a folder's files in any order. */
export const inOrder = (items: readonly Picked[]): Picked[] =>
  [...items].sort((a, b) => byName.compare(a.name, b.name));

/** A picked item with what the browser's file says of itself; a path has neither. */
export interface Measured {
  item: Picked;
  bytes: number;
  /** Milliseconds since 1970. */
  modified: number;
}

/** The browser looks each file up when it is first asked: so many, then the window has its turn. */
const LOOKED_UP = 50;

export async function measured(items: readonly Picked[]): Promise<Measured[]> {
  const all: Measured[] = [];
  for (const item of items) {
    const file = item.kind === 'file' && item.file instanceof Blob ? item.file : null;
    all.push({ item, bytes: file?.size ?? 0, modified: file ? modifiedOf(file) : 0 });
    if (all.length % LOOKED_UP === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  return all;
}

/** Files are asked about so many at a time. */
const ASKED = 250;

/** Files of a folder that an opening which was cut off has read already need not be handed over again. */
export async function notKnown(
  api: Link['api'],
  job: JobId,
  items: readonly Measured[],
  signal: AbortSignal,
): Promise<{ fresh: readonly Measured[]; known: ImportEntry[] }> {
  const fresh: Measured[] = [];
  const known: ImportEntry[] = [];
  const folder = items.every(({ item }) => item.kind === 'file' && item.name.includes('/'));
  if (!folder) return { fresh: items, known };
  for (let at = 0; at < items.length; at += ASKED) {
    const some = items.slice(at, at + ASKED);
    const files = some.map(({ item, bytes, modified }) => ({ name: item.name, bytes, modified }));
    const answer = await api['import.known']({ job, files }, signal);
    known.push(...answer.entries);
    const there = new Set(answer.indexes);
    fresh.push(...some.filter((_, index) => !there.has(index)));
  }
  return { fresh, known };
}

const BATCH_FILES = 64;
const BATCH_BYTES = 64 * 1024 * 1024;

/** Uploads stay in the backend's memory until they are imported: so many files, or so much, go together. */
export function batchesOf(items: readonly Measured[]): Measured[][] {
  const batches: Measured[][] = [];
  let together = 0;
  for (const item of items) {
    const last = batches.at(-1);
    if (!last || last.length >= BATCH_FILES || together + item.bytes > BATCH_BYTES) {
      batches.push([item]);
      together = item.bytes;
    } else {
      last.push(item);
      together += item.bytes;
    }
  }
  return batches;
}
