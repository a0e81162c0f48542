/** A path as source files: a file, a ZIP, a DICOMDIR with what it names, or a folder with everything below it. */
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contract/errors.ts';
import { archiveOfFile } from './archive.ts';
import { byName } from './byName.ts';
import { leadsOut, resolveBelow, safeComponents, shownName } from './directory.ts';
import { failing, isDirectoryName, isZipName, MAX_FILE_BYTES, tooLarge, type SourceFile } from './sourceFile.ts';

/** Reads a DICOMDIR; in the backend in the imaging worker. */
export interface DirectoryReader {
  directory(bytes: Uint8Array): Promise<string[][]>;
}

const MAX_DEPTH = 32;
const MAX_FILES = 200_000;

/**
 * In order of name. Links are not followed, so a loop of folders ends. Throws AppError `cancelled`, and `too-large`
 * for more files than one opening takes; everything else that cannot be read is a file with its reason.
 */
export async function pathFiles(start: string, reader?: DirectoryReader, signal?: AbortSignal): Promise<SourceFile[]> {
  const name = path.basename(start);
  const about = await lstat(start).catch(() => null);
  if (about?.isFile() && isDirectoryName(name) && reader) return await directoryFiles(start, reader);
  const found: SourceFile[] = [];
  await walk({ file: start, name: about?.isDirectory() ? '' : name, depth: 0 }, found, signal);
  return found;
}

interface Place {
  file: string;
  /** Below the folder that was opened. */
  name: string;
  depth: number;
}

async function walk({ file, name, depth }: Place, found: SourceFile[], signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) throw new AppError('cancelled', 'cancelled');
  if (found.length > MAX_FILES)
    throw new AppError('too-large', `Expected at most ${MAX_FILES} files in one opening, found more. Open its parts.`);
  const shown = name || path.basename(file);
  const fail = (error: AppError) => found.push(failing(shown, { kind: 'path', path: file }, file, error));
  const about = await lstat(file).catch(() => null);
  if (!about) fail(new AppError('not-found', 'Expected a file or folder, found none under this name. Look for it.'));
  else if (about.isFile()) found.push(...(await fileOrArchive(file, shown, about.size, about.mtimeMs, depth === 0)));
  else if (!about.isDirectory())
    fail(new AppError('refused', 'Expected a file or folder, found a link or device. Open what it points to.'));
  else if (depth > MAX_DEPTH)
    fail(
      new AppError('refused', `Expected at most ${MAX_DEPTH} folders inside one another, found more. Open it alone.`),
    );
  else {
    const entries = await readdir(file).catch(() => null);
    if (!entries) fail(new AppError('refused', 'Expected a folder that can be read. Check its permissions.'));
    for (const entry of await byName(entries ?? [], (name) => name))
      await walk(
        { file: path.join(file, entry), name: name ? `${name}/${entry}` : entry, depth: depth + 1 },
        found,
        signal,
      );
  }
}

async function fileOrArchive(
  file: string,
  name: string,
  bytes: number,
  modifiedMs: number,
  alone: boolean,
): Promise<SourceFile[]> {
  const modified = Math.floor(modifiedMs);
  const source = { kind: 'path', path: file } as const;
  if (isZipName(name) || (alone && (await startsAsZip(file))))
    return await archiveOfFile(file, bytes, { name, source, place: file, modified });
  return [
    { name, source, identity: { place: file, bytes, modified }, archived: false, bytes: () => readWhole(file, bytes) },
  ];
}

/** What a DICOMDIR names, each looked up inside its folder. */
async function directoryFiles(file: string, reader: DirectoryReader): Promise<SourceFile[]> {
  const source = { kind: 'path', path: file } as const;
  const name = path.basename(file);
  try {
    const about = await lstat(file);
    const names = await reader.directory(await readWhole(file, about.size));
    if (names.length === 0)
      throw new AppError('refused', 'Expected files in the DICOMDIR, found none. Open the folder that it lies in.');
    const found: SourceFile[] = [];
    for (const parts of names) found.push(await namedFile(path.dirname(file), parts));
    return found;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [failing(name, source, file, error)];
  }
}

async function namedFile(root: string, parts: readonly string[]): Promise<SourceFile> {
  const shown = shownName(parts);
  try {
    const safe = safeComponents(parts);
    if (!safe) throw leadsOut();
    const file = await resolveBelow(root, safe);
    const about = await lstat(file);
    if (!about.isFile()) throw leadsOut();
    const modified = Math.floor(about.mtimeMs);
    return {
      name: shown,
      source: { kind: 'path', path: file },
      identity: { place: file, bytes: about.size, modified },
      archived: false,
      bytes: () => readWhole(file, about.size),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return failing(shown, { kind: 'path', path: root }, `${root}/${shown}`, error);
  }
}

/** Local file header (APPNOTE 4.3.7), or the end of an empty archive. */
async function startsAsZip(file: string): Promise<boolean> {
  const handle = await open(file, READ).catch(() => null);
  if (!handle) return false;
  try {
    const head = Buffer.alloc(4);
    const { bytesRead } = await handle.read(head, 0, 4, 0);
    return bytesRead === 4 && /^504b(0304|0506)$/.test(head.toString('hex'));
  } finally {
    await handle.close();
  }
}

/** A link that took the file's place since it was listed is not followed (Windows has no such flag). */
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);

async function readWhole(file: string, size: number): Promise<Uint8Array> {
  if (size > MAX_FILE_BYTES) throw tooLarge(size);
  const handle = await open(file, READ).catch((cause: unknown) => {
    throw new AppError('refused', 'Expected a file that can be read. Check its permissions.', { cause });
  });
  try {
    const bytes = new Uint8Array(size);
    let at = 0;
    while (at < size) {
      const { bytesRead } = await handle.read(bytes, at, size - at, at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return at === size ? bytes : bytes.subarray(0, at);
  } catch (cause) {
    throw new AppError('refused', 'Expected a file that can be read, found a disk that failed. Try again.', { cause });
  } finally {
    await handle.close();
  }
}
