/** The renderer's files, by type; nothing outside their folder. */
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { PAGE_TYPES } from '#contract/csp.ts';

/** null: no such file, or of no type that the renderer has. */
export async function fileFor(folder: string, pathname: string): Promise<{ bytes: Buffer; type: string } | null> {
  const name = pathname === '/' ? 'index.html' : pathname.slice(1);
  const type = PAGE_TYPES[path.extname(name)];
  if (!type || name.includes('\0') || name.includes('%') || name.includes('\\')) return null;
  try {
    const root = await realpath(folder);
    const full = await realpath(path.join(root, name));
    if (!full.startsWith(root + path.sep)) return null;
    return { bytes: await readFile(full), type };
  } catch {
    return null;
  }
}
