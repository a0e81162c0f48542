/** The files that a DICOMDIR names, looked up beside it: no name leads out of its folder, and no link is followed. */
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contract/errors.ts';

const MAX_COMPONENTS = 16;

/** PS3.10 8.2: eight components of eight characters; real ones are longer. Null for one that may not be used. */
export function safeComponents(parts: readonly string[]): readonly string[] | null {
  // eslint-disable-next-line no-control-regex
  const bad = (part: string) => part === '' || part === '.' || part === '..' || /[/\\:\u0000-\u001f]/.test(part);
  return parts.length === 0 || parts.length > MAX_COMPONENTS || parts.some(bad) ? null : parts;
}

/** How a missing or forbidden name is shown: with slashes, and short. */
export const shownName = (parts: readonly string[]): string =>
  parts
    .join('/')
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f]/g, '?')
    .slice(0, 200);

export const leadsOut = (): AppError =>
  new AppError(
    'refused',
    'Expected a file below the folder of the DICOMDIR, found a name that leads elsewhere. It is left out.',
  );

export const notThere = (): AppError =>
  new AppError('not-found', 'Expected the file that the DICOMDIR names, found none. Copy the whole medium again.');

/**
 * The path below `root`, component by component: as it is written, else in another case (a medium's names are in
 * capitals, its copy's often not). Throws AppError `refused` or `not-found`.
 */
export async function resolveBelow(root: string, parts: readonly string[]): Promise<string> {
  const safe = safeComponents(parts);
  if (!safe) throw leadsOut();
  let at = root;
  for (const part of safe) {
    const next = await child(at, part);
    const about = await lstat(next).catch(() => null);
    if (about?.isSymbolicLink()) throw leadsOut();
    at = next;
  }
  return at;
}

async function child(folder: string, part: string): Promise<string> {
  const exact = path.join(folder, part);
  if (await lstat(exact).catch(() => null)) return exact;
  const wanted = part.toLowerCase();
  const entries = await readdir(folder).catch(() => []);
  const found = entries.find((entry) => entry.toLowerCase() === wanted);
  if (found === undefined) throw notThere();
  return path.join(folder, found);
}
