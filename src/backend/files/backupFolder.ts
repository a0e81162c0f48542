/** A backup: a folder with a copy of the database, the wrapped keys, the log's head, the images, and a list of hashes. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { copyFile, mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
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

export function describe(folder: string): Backup {
  const { madeAt, head, files } = manifestOf(folder);
  const images = files.filter(({ name }) => name.startsWith('objects/')).length;
  return { name: path.basename(folder), madeAt, head, images, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}

/** Those in `folder`, the newest first; what is no backup or not finished is left out. */
export function listBackups(folder: string): Backup[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, MANIFEST)) && !name.endsWith(PARTIAL))
    .map((name) => describe(path.join(folder, name)))
    .sort((a, b) => b.madeAt - a.madeAt);
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

/** Copies and makes it durable; an image that is there already is the same one, since it is named by its content. */
export async function copyDurably(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, `${to}.new`);
  const handle = await open(`${to}.new`, 'r+');
  await handle.chmod(0o600);
  await handle.sync().finally(() => handle.close());
  await rename(`${to}.new`, to);
  syncFolder(path.dirname(to));
}

/** Hashes everything that lies in `folder` already, writes the list, and gives the folder its name without `.partial`. */
export async function sealBackup(
  folder: string,
  facts: Pick<Manifest, 'madeAt' | 'head' | 'withImages'>,
): Promise<string> {
  const names = [...FILES, ...imageNames(folder)];
  const files: Manifest['files'] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    files.push({ name, bytes: statSync(file).size, sha256: await sha256OfFile(file) });
  }
  const manifest: Manifest = { schema: 1, ...facts, files };
  writeAtomic(path.join(folder, MANIFEST), Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`));
  const finished = folder.slice(0, -PARTIAL.length);
  await rename(folder, finished);
  syncFolder(path.dirname(finished));
  return finished;
}

/** Besides the images. */
export const FILES = ['raddraft.db', 'keys.json', 'audit-head.json'] as const;

/** AppError `refused` names the first file that is missing or is not what was backed up. */
export async function requireWhole(folder: string): Promise<Manifest> {
  const manifest = manifestOf(folder);
  for (const { name, bytes, sha256 } of manifest.files) {
    const file = path.join(folder, name);
    if (!/^[a-z0-9./-]+$/.test(name) || name.includes('..') || !existsSync(file))
      throw new AppError('refused', `Expected ${name} in the backup, found none. Take another backup.`);
    if (statSync(file).size !== bytes || (await sha256OfFile(file)) !== sha256)
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

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

export const backupName = (at: number): string => `raddraft-backup-${new Date(at).toISOString().replace(/[:.]/g, '-')}`;
