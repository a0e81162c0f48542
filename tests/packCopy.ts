/** Copies of the identity pack in temporary folders, changed for a test and listed again with true hashes. */
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Pack } from '../src/core/pack/pack.ts';

export const packsFolder = path.resolve(import.meta.dirname, 'packs');

export interface PackCopy {
  /** For `openPackStore`. */
  parent: string;
  folder: string;
  /** Writes pack.json anew, with the sizes and hashes of the files as they now are. */
  describe(change?: (pack: Pack) => Pack): Promise<void>;
  remove(): Promise<void>;
}

export async function copyIdentity(): Promise<PackCopy> {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'raddraft-packs-'));
  const folder = path.join(parent, 'identity');
  await cp(path.join(packsFolder, 'identity'), folder, { recursive: true });
  const description = path.join(folder, 'pack.json');
  return {
    parent,
    folder,
    async describe(change = (pack) => pack) {
      const pack = change(Pack.parse(JSON.parse(await readFile(description, 'utf8'))));
      const files = await Promise.all(
        pack.files.map(async ({ path: file }) => {
          const full = path.join(folder, file);
          const sha256 = createHash('sha256')
            .update(await readFile(full))
            .digest('hex');
          return { path: file, bytes: (await stat(full)).size, sha256 };
        }),
      );
      await writeFile(description, JSON.stringify({ ...pack, files }, null, 2));
    },
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}
