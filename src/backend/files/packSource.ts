/** The files of a pack that somebody brings: a folder, or the same folder as a ZIP (`.radpack`). */
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contract/errors.ts';
import { openZip, type ZipEntry } from '../sources/zip.ts';
import { fileReader, memoryReader } from '../sources/zipReader.ts';
import { insidePath, LARGEST_DESCRIPTION } from './packs.ts';

export interface PackSource {
  /** By its path inside the pack; null where there is none. AppError `refused`: a link, damaged, larger than `most`. */
  read(file: string, most: number): Promise<Uint8Array | null>;
}

const DESCRIPTION = 'pack.json';

/** AppError `not-found`, `refused`. */
export async function packSource(at: string): Promise<PackSource> {
  const about = await stat(at).catch(() => null);
  if (!about) throw new AppError('not-found', 'Expected a pack (a folder or a .radpack file), found nothing there.');
  if (about.isDirectory()) return folderSource(await folderOfPack(at));
  return zipSource(await openZip(fileReader(at), about.size));
}

/** A `.radpack` that a browser handed over. */
export const packSourceOf = async (bytes: Uint8Array): Promise<PackSource> =>
  zipSource(
    await openZip(
      memoryReader(async () => bytes),
      bytes.length,
    ),
  );

/** A pack's own folder, or one that holds nothing but that. */
async function folderOfPack(at: string): Promise<string> {
  if (await lstat(path.join(at, DESCRIPTION)).catch(() => null)) return at;
  const names = await readdir(at);
  const [only] = names;
  if (names.length === 1 && only !== undefined && (await lstat(path.join(at, only, DESCRIPTION)).catch(() => null)))
    return path.join(at, only);
  throw noPack();
}

function folderSource(folder: string): PackSource {
  return {
    async read(file, most) {
      if (!(await lstat(path.join(folder, ...file.split('/'))).catch(() => null))) return null;
      const full = await insidePath(folder, file);
      tooLarge(file, (await stat(full)).size, most);
      return await readFile(full);
    },
  };
}

function zipSource(entries: readonly ZipEntry[]): PackSource {
  const description = entries
    .filter(({ name }) => name === DESCRIPTION || /^[^/]+\/pack\.json$/.test(name))
    .sort((a, b) => a.name.length - b.name.length)[0];
  if (!description) throw noPack();
  const inside = description.name.slice(0, -DESCRIPTION.length);
  return {
    async read(file, most) {
      const entry = entries.find(({ name }) => name === inside + file);
      if (!entry) return null;
      if (entry.refused) throw entry.refused;
      tooLarge(file, entry.bytes, most);
      return await entry.read();
    },
  };
}

function tooLarge(file: string, bytes: number, most: number): void {
  if (bytes > most)
    throw new AppError('refused', `Expected ${file} with at most ${most} bytes, found ${bytes}. Get the pack again.`);
}

/** `pack.json` itself. */
export async function descriptionOf(source: PackSource): Promise<Uint8Array> {
  const bytes = await source.read(DESCRIPTION, LARGEST_DESCRIPTION);
  if (!bytes) throw noPack();
  return bytes;
}

const noPack = () =>
  new AppError('refused', 'Expected a pack with a pack.json, found none. Choose the pack’s folder or .radpack file.');
