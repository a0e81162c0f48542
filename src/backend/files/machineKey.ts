/** The machine's key file: 32 random bytes that only this user may read, never inside the data folder. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { AppError } from '#contract/errors.ts';
import { syncFolder } from './atomic.ts';
import { xdg, type Environment } from './dataFolder.ts';

/** `RADDRAFT_KEY`, else the platform's place for a program's configuration. */
export function defaultMachineKey(env: Environment, platform: string, home: string): string {
  if (env['RADDRAFT_KEY']) return path.resolve(env['RADDRAFT_KEY']);
  if (platform === 'win32')
    return path.join(env['LOCALAPPDATA'] || path.join(home, 'AppData', 'Local'), 'RadDraft key', 'machine.key');
  if (platform === 'darwin') return path.join(home, 'Library', 'Preferences', 'RadDraft', 'machine.key');
  return path.join(xdg(env['XDG_CONFIG_HOME']) ?? path.join(home, '.config'), 'raddraft', 'machine.key');
}

/** Reads the key; where there is none, makes one with `random`, or throws when that is null. */
export function readMachineKey(file: string, random: ((bytes: number) => Uint8Array) | null): Uint8Array {
  if (!existsSync(file)) {
    if (random === null)
      throw new AppError(
        'not-found',
        'Expected the machine key file that this data folder was made with, found none. Bring it back from a backup; ' +
          'without it the data cannot be read. RADDRAFT_KEY may name another place.',
      );
    return make(file, random(32));
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
    throw new AppError(
      'refused',
      'Expected a machine key file that only its owner may read, found one open to others. Set its mode to 600.',
    );
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new AppError('refused', 'Expected 64 hexadecimal digits in the machine key file, found something else.');
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** Written aside and linked into place: never half a key, and the first of two programs wins. */
function make(file: string, key: Uint8Array): Uint8Array {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}`;
  rmSync(aside, { force: true });
  const handle = openSync(aside, 'wx', 0o600);
  try {
    writeSync(handle, `${Buffer.from(key).toString('hex')}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(aside, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  }
  rmSync(aside);
  syncFolder(path.dirname(file));
  return readMachineKey(file, null);
}
