/** A backup: a folder with a copy of the database, the wrapped keys, the log's head, the images, and a list of hashes. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { copyFile, mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { Backup } from '#contract/records.ts';
import { AppError } from '#contract/errors.ts';
import { syncFolder, writeAtomic } from './atomic.ts';
import { layoutOf } from './dataFolder.ts';

const Manifest = z.object({
  schema: z.literal(1),
  madeAt: z.number(),
  head: Backup.shape.head,
  /** Whether the images are here too; else they lie in the data folder that this was taken from. */
  withImages: z.boolean(),
  files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof Manifest>;

const MANIFEST = 'backup.json';

export const manifestOf = (folder: string): Manifest => {
  try {
    return Manifest.parse(JSON.parse(readFileSync(path.join(folder, MANIFEST), 'utf8')));
  } catch (cause) {
    throw new AppError(
      'refused',
      'Expected a backup of RadDraft, found a folder without a readable list of its files.',
      {
        cause,
      },
    );
  }
};

export function describe(place: string, folder: string | null = null): Backup {
  const { madeAt, head, files } = manifestOf(place);
  const images = files.filter(({ name }) => name.startsWith('objects/')).length;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { name: path.basename(place), folder, problem: '', madeAt, head, images, bytes };
}

/** As `describe`; where the list of its files cannot be read, that is its problem, and the others are found all the same. */
function described(place: string, folder: string | null): Backup {
  try {
    return describe(place, folder);
  } catch (error) {
    const problem = error instanceof AppError ? error.message : 'The list of its files cannot be read.';
    const madeAt = statSync(path.join(place, MANIFEST)).mtimeMs;
    const nothing = { images: 0, bytes: 0, head: { seq: 0, hash: '' } };
    return { name: path.basename(place), folder, problem, madeAt, ...nothing };
  }
}

const isBackup = (place: string): boolean => existsSync(path.join(place, MANIFEST)) && !place.endsWith(PARTIAL);

function backupsIn(folder: string, shown: string | null): Backup[] {
  return readdirSync(folder)
    .filter((name) => isBackup(path.join(folder, name)))
    .map((name) => described(path.join(folder, name), shown))
    .sort((a, b) => b.madeAt - a.madeAt);
}

/** Those in `folder`, the newest first; what is no backup or not finished is left out. */
export const listBackups = (folder: string): Backup[] => (existsSync(folder) ? backupsIn(folder, null) : []);

/**
 * Where somebody said that backups are: the backup itself (or its list of files), or a folder with backups. AppError
 * `invalid-input`, `not-found`, `refused` say what was expected, what was found and what to do.
 */
export function findBackups(place: string): Backup[] {
  if (!path.isAbsolute(place))
    throw new AppError(
      'invalid-input',
      'Expected the full path of a folder, found a part of one. Type it from its root.',
    );
  try {
    const at = path.basename(place) === MANIFEST ? path.dirname(place) : path.resolve(place);
    if (!existsSync(at))
      throw new AppError(
        'not-found',
        'Expected a folder under this path, found nothing. Check its spelling, and whether its disk is connected.',
      );
    if (!statSync(at).isDirectory())
      throw new AppError(
        'refused',
        'Expected the folder of a backup, found a file. Choose the folder that it lies in.',
      );
    const found = isBackup(at) ? [described(at, path.dirname(at))] : backupsIn(at, at);
    if (found.length > 0) return found;
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new AppError(
      'refused',
      `Expected a folder that may be read, found one that may not (${code}). Choose another.`,
    );
  }
  throw new AppError(
    'refused',
    'Expected a backup of RadDraft (a folder with backup.json), or a folder of such, found none. Choose another.',
  );
}

/** What a crash left of backups that were being made; nobody makes one now. */
export function removeUnfinished(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (name.endsWith(PARTIAL)) rmSync(path.join(folder, name), { recursive: true, force: true });
}

export const PARTIAL = '.partial';

/** The names of the images below `root`, relative to it and with `/`. */
export function imageNames(root: string): string[] {
  const objects = layoutOf(root).objects;
  if (!existsSync(objects)) return [];
  return readdirSync(objects)
    .filter((shelf) => /^[0-9a-f]{2}$/.test(shelf))
    .flatMap((shelf) => readdirSync(path.join(objects, shelf)).map((name) => `objects/${shelf}/${name}`));
}

/**
 * Copies and makes it durable; an image that is there already is the same one, since it is named by its content.
 * `sha256`: what was read before; a disk that now gives something else is AppError `refused`, and `to` is not made.
 */
export async function copyDurably(from: string, to: string, sha256?: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, `${to}.new`);
  if (sha256 !== undefined && (await sha256OfFile(`${to}.new`)) !== sha256) {
    rmSync(`${to}.new`);
    throw new AppError('refused', 'A file of the backup changed while it was copied. Check that disk, then try again.');
  }
  const handle = await open(`${to}.new`, 'r+');
  await handle.chmod(0o600);
  await handle.sync().finally(() => handle.close());
  await rename(`${to}.new`, to);
  syncFolder(path.dirname(to));
}

/** Told while files are read: bytes of all. AppError `cancelled` when stopped. */
export interface Reading {
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Counts bytes up to `total`; tells at most every tenth of a second. */
function counter({ signal, onProgress }: Reading, total: number): (bytes: number) => void {
  let done = 0;
  let told = 0;
  return (bytes) => {
    if (signal?.aborted) throw new AppError('cancelled', 'It was stopped; nothing was changed.');
    done += bytes;
    if (performance.now() - told < 100 && done < total) return;
    told = performance.now();
    onProgress?.(Math.min(done, total), total);
  };
}

/** Hashes everything that lies in `folder` already, writes the list, and gives the folder its name without `.partial`. */
export async function sealBackup(
  folder: string,
  facts: Pick<Manifest, 'madeAt' | 'head' | 'withImages'>,
  reading: Reading = {},
): Promise<string> {
  const sizes = [...FILES, ...imageNames(folder)].map((name) => ({
    name,
    bytes: statSync(path.join(folder, name)).size,
  }));
  const count = counter(reading, total(sizes));
  const files: Manifest['files'] = [];
  for (const file of sizes) files.push({ ...file, sha256: await sha256OfFile(path.join(folder, file.name), count) });
  const manifest: Manifest = { schema: 1, ...facts, files };
  writeAtomic(path.join(folder, MANIFEST), Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`));
  const finished = folder.slice(0, -PARTIAL.length);
  await rename(folder, finished);
  syncFolder(path.dirname(finished));
  return finished;
}

const total = (files: readonly { bytes: number }[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Copies files of one folder into another, each durably; with `hashes` a copy that is not what was listed is refused. */
export async function copyFiles(
  from: string,
  to: string,
  names: readonly string[],
  reading: Reading & { hashes?: ReadonlyMap<string, string> } = {},
): Promise<void> {
  const sizes = names.map((name) => ({ name, bytes: statSync(path.join(from, name)).size }));
  const count = counter(reading, total(sizes));
  for (const { name, bytes } of sizes) {
    await copyDurably(path.join(from, name), path.join(to, name), reading.hashes?.get(name));
    count(bytes);
  }
}

/** Besides the images. */
export const FILES = ['raddraft.db', 'keys.json', 'audit-head.json'] as const;

/** AppError `refused` names the first file that is missing or is not what was backed up. */
export async function requireWhole(folder: string, reading: Reading = {}): Promise<Manifest> {
  const manifest = manifestOf(folder);
  const count = counter(reading, total(manifest.files));
  for (const { name, bytes, sha256 } of manifest.files) {
    const file = path.join(folder, name);
    if (!/^[a-z0-9./-]+$/.test(name) || name.includes('..') || !existsSync(file))
      throw new AppError('refused', `Expected ${name} in the backup, found none. Take another backup.`);
    if (statSync(file).size !== bytes || (await sha256OfFile(file, count)) !== sha256)
      throw new AppError(
        'refused',
        `${name} in the backup is not what was backed up: it is damaged. Take another one.`,
      );
  }
  for (const name of FILES)
    if (!manifest.files.some((file) => file.name === name))
      throw new AppError('refused', `Expected ${name} in the backup's list, found none. Take another backup.`);
  return manifest;
}

/** `count` is told of every piece that was read. */
async function sha256OfFile(file: string, count: (bytes: number) => void = () => undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    count(piece.length);
  }
  return hash.digest('hex');
}

export const backupName = (at: number): string => `raddraft-backup-${new Date(at).toISOString().replace(/[:.]/g, '-')}`;
