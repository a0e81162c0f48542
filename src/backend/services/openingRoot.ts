/** What was opened: its name for people, and by what it is known when it is opened again. */
import path from 'node:path';
import type { ImportSource } from '#contract/calls.ts';

export interface Root {
  name: string;
  /** Empty: opened again it is another opening. */
  place: string;
}

/**
 * Paths are known by themselves, a browser's folder by its name; a browser's loose files could be any, and each opening
 * of them is one of its own.
 */
export function rootOf(sources: readonly ImportSource[], uploadNames: readonly string[]): Root {
  const paths = sources.flatMap((source) => (source.kind === 'path' ? [source.path] : []));
  if (paths.length > 0) return { name: shortly(paths.map((file) => path.basename(file))), place: paths.join('\n') };
  const [folder = '', ...below] = (uploadNames[0] ?? '').split('/');
  const together = below.length > 0 && uploadNames.every((name) => name.startsWith(`${folder}/`));
  return together ? { name: folder, place: `upload:${folder}` } : { name: shortly(uploadNames), place: '' };
}

function shortly(names: readonly string[]): string {
  const shown = names.slice(0, 2).join(', ');
  return names.length > 2 ? `${shown} and ${names.length - 2} more` : shown;
}
