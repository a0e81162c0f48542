/** Import sources as files: what a path holds, or what a browser has handed over. */
import type { ImportSource } from '#contract/calls.ts';
import { archiveInMemory } from '../sources/archive.ts';
import { isZipName, type SourceFile } from '../sources/sourceFile.ts';
import { pathFiles, type DirectoryReader } from '../sources/walk.ts';
import type { Uploads } from './uploads.ts';

export { pathFiles } from '../sources/walk.ts';
export type { SourceFile } from '../sources/sourceFile.ts';

/** AppError `not-found` and `invalid-input` for an upload that is not whole; see `pathFiles` for a path. */
export async function sourceFiles(
  source: ImportSource,
  uploads: Uploads,
  reader?: DirectoryReader,
  signal?: AbortSignal,
): Promise<SourceFile[]> {
  if (source.kind === 'path') return await pathFiles(source.path, reader, signal);
  const { name, bytes, modified } = uploads.bytes(source.upload);
  const isZip = isZipName(name) || /^504b(0304|0506)$/.test(Buffer.from(bytes.subarray(0, 4)).toString('hex'));
  if (isZip) return await archiveInMemory(bytes, { name, source, place: name, modified });
  const identity = { place: name, bytes: bytes.length, modified };
  const giveBack = (back: Uint8Array) => uploads.giveBack(source.upload, back);
  return [{ name, source, identity, archived: false, bytes: async () => bytes, giveBack }];
}
