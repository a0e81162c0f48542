/** The renderer's files, by type; nothing outside their folder. */
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** null: no such file, or of no type that the renderer has. */
export async function fileFor(folder: string, pathname: string): Promise<{ bytes: Buffer; type: string } | null> {
  const name = pathname === '/' ? 'index.html' : pathname.slice(1);
  const type = types[path.extname(name)];
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
