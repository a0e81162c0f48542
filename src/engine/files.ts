/** Reads a pack's files for use: what is used is what was hashed, in one reading. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { Pack } from '#core/pack/pack.ts';

/** Answers with the file's bytes; AppError `refused` when they are not the ones that `pack.json` lists. */
export async function readListed(folder: string, pack: Pack, file: string): Promise<Uint8Array> {
  const entry = pack.files.find(({ path }) => path === file);
  if (!entry)
    throw new AppError('refused', `${pack.name}: ${file} is not listed in pack.json. Install the pack again.`);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path.join(folder, ...file.split('/')));
  } catch (cause) {
    throw new AppError('refused', `${pack.name}: ${file} cannot be read. Install the pack again.`, { cause });
  }
  if (bytes.byteLength !== entry.bytes || createHash('sha256').update(bytes).digest('hex') !== entry.sha256)
    throw new AppError(
      'refused',
      `${pack.name}: ${file} is not the file that pack.json lists. Install the pack again.`,
    );
  return bytes;
}
