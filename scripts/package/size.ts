/** What a file or a folder takes, in bytes; links are not followed. */
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';

export function sizeOf(place: string): number {
  const { size } = lstatSync(place);
  if (!lstatSync(place).isDirectory()) return size;
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(path.join(entry.parentPath, entry.name)).size, 0);
}
