/** Where the program's parts lie: in a folder when run from source, in and beside an archive when packaged. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { BuildFacts } from '#contract/shell.ts';

const inside = (...parts: string[]): string => path.join(app.getAppPath(), ...parts);
/** What a plain Node or native code reads cannot lie in an archive. */
const beside = (...parts: string[]): string => inside(...parts).replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');

export const renderer = (): string => inside('dist', 'renderer');
export const preload = (): string => inside('dist', 'main', 'preload.cjs');
export const program = (name: 'backend' | 'engine' | 'cli'): string => beside('dist', 'node', `${name}.mjs`);
export const packs = (): string => (app.isPackaged ? path.join(process.resourcesPath, 'models') : inside('models'));

/** An environment decides it in an unpackaged run only; a packaged program was told when it was made. */
export function ownNode(): string | undefined {
  if (!app.isPackaged) return process.env['RADDRAFT_NODE'];
  const { raddraftNode } = BuildFacts.parse(JSON.parse(readFileSync(inside('package.json'), 'utf8')));
  return raddraftNode && path.join(process.resourcesPath, raddraftNode);
}
