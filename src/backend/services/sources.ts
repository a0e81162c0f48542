/** Import sources as files: a path may be a file or a folder with everything below it; links are not followed. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImportSource } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import { MAX_FILE_BYTES, type Uploads } from './uploads.ts';

export interface SourceFile {
  /** As the person knows it: the name, never the full path. */
  name: string;
  source: ImportSource;
  /** AppError `not-found`, `too-large`, `refused`. */
  bytes(): Promise<Uint8Array>;
}

export async function sourceFiles(source: ImportSource, uploads: Uploads): Promise<SourceFile[]> {
  if (source.kind === 'upload') {
    const { name, bytes } = uploads.bytes(source.upload);
    return [{ name, source, bytes: async () => bytes }];
  }
  return await pathFiles(source.path);
}

const MAX_DEPTH = 32;

/** Every file at or below `start`, in order of name. */
export async function pathFiles(start: string, depth = 0): Promise<SourceFile[]> {
  const about = await lstat(start).catch(() => null);
  const name = path.basename(start);
  if (!about)
    return [failing(name, start, new AppError('not-found', 'Expected a file or folder, found none under this name.'))];
  if (about.isFile())
    return [{ name, source: { kind: 'path', path: start }, bytes: () => readWhole(start, about.size) }];
  if (!about.isDirectory())
    return [
      failing(
        name,
        start,
        new AppError('refused', 'Expected a file or folder, found a link or device. Open what it points to.'),
      ),
    ];
  if (depth > MAX_DEPTH)
    return [failing(name, start, new AppError('refused', `Expected at most ${MAX_DEPTH} folders inside one another.`))];
  const entries = (await readdir(start)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const found: SourceFile[] = [];
  for (const entry of entries) found.push(...(await pathFiles(path.join(start, entry), depth + 1)));
  return found;
}

async function readWhole(file: string, size: number): Promise<Uint8Array> {
  if (size > MAX_FILE_BYTES)
    throw new AppError('too-large', `Expected a file of at most 512 MB, found ${Math.ceil(size / 1e6)} MB.`);
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AppError('refused', 'Expected a file that can be read. Check its permissions.', { cause });
  }
}

const failing = (name: string, file: string, error: AppError): SourceFile => ({
  name,
  source: { kind: 'path', path: file },
  bytes: () => Promise.reject(error),
});
