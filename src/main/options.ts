/** What the command line says: `--data=DIR`, `--doctor`, then paths of files and folders to open. */
import path from 'node:path';

export interface Options {
  /** Empty: the platform's usual place, the same as in browser mode. */
  dataFolder: string;
  /** No window: the machine is examined, the findings are printed (see cli/doctor). */
  doctor: boolean;
  paths: string[];
}

/** `args` follow the program's name; run from a folder (`electron .`), that folder comes first and is dropped. */
export function optionsOf(args: readonly string[], fromFolder: boolean): Options {
  const data = args.find((arg) => arg.startsWith('--data='))?.slice('--data='.length) || process.env['RADDRAFT_DATA'];
  const names = args.filter((arg) => !arg.startsWith('-')).slice(fromFolder ? 1 : 0);
  return {
    dataFolder: data ? path.resolve(data) : '',
    doctor: args.includes('--doctor'),
    paths: names.map((name) => path.resolve(name)),
  };
}
