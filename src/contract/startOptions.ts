/** What the desktop program's command line says: `--data=DIR`, then files and folders to open; or `--cli` and a command. */

export interface StartOptions {
  /** As it was written; empty: the platform's usual place, the same as in browser mode. */
  data: string;
  /** Words for the command line's own program, without a window; null: a window is opened. */
  cli: string[] | null;
  /** As they were written. */
  paths: string[];
}

/** `args` follow the program's name; run from a folder (`electron .`), that folder comes first and is dropped. */
export function startOptions(args: readonly string[], fromFolder: boolean): StartOptions {
  const at = args.indexOf('--cli');
  const cli = at < 0 ? null : args.slice(at + 1);
  const own = at < 0 ? args : args.slice(0, at);
  const names = own.filter((arg) => !arg.startsWith('-')).slice(fromFolder ? 1 : 0);
  return { data: dataOf(cli ?? own), cli, paths: cli ? [] : names };
}

/** `--data=DIR`, and of the command line also `--data DIR`. */
function dataOf(words: readonly string[]): string {
  const joined = words.find((word) => word.startsWith('--data='));
  if (joined !== undefined) return joined.slice('--data='.length);
  const at = words.indexOf('--data');
  return at < 0 ? '' : (words[at + 1] ?? '');
}
