/** The data folder: where it is, what lies in it, and whether it may be used. */
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#contract/errors.ts';
import { networkFileSystemOf } from './networkFileSystem.ts';

export interface DataFolder {
  root: string;
  /** The encrypted SQLite file; its `-wal` and `-shm` lie beside it. */
  database: string;
  /** Encrypted images, named by a keyed hash. */
  objects: string;
  /** Wrapped copies of the data key. */
  keys: string;
  /** Holds the kernel's lock of the one owner; contains nothing. */
  lock: string;
  /** Names the owner for people. */
  owner: string;
  /** The audit chain's head, outside the database. */
  auditHead: string;
  /** Encrypted copies: from before a migration, and the backups that nobody put elsewhere. */
  backups: string;
  /** What is about to take the place of the others (see `swap`). */
  next: { database: string; keys: string; auditHead: string };
}

export function layoutOf(root: string): DataFolder {
  const at = (name: string) => path.join(root, name);
  return {
    root,
    database: at('raddraft.db'),
    objects: at('objects'),
    keys: at('keys.json'),
    lock: at('owner.lock'),
    owner: at('owner.json'),
    auditHead: at('audit-head.json'),
    backups: at('backups'),
    next: { database: at('raddraft.db.next'), keys: at('keys.json.next'), auditHead: at('audit-head.json.next') },
  };
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** `RADDRAFT_DATA`, else the platform's place for a program's data (XDG Base Directory, Apple, Windows). */
export function defaultDataFolder(env: Environment, platform: string, home: string): string {
  if (env['RADDRAFT_DATA']) return path.resolve(env['RADDRAFT_DATA']);
  if (platform === 'win32') return path.join(env['LOCALAPPDATA'] || path.join(home, 'AppData', 'Local'), 'RadDraft');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'RadDraft');
  return path.join(xdg(env['XDG_DATA_HOME']) ?? path.join(home, '.local', 'share'), 'raddraft');
}

/** The XDG Base Directory specification: a relative path is to be ignored. */
export function xdg(value: string | undefined): string | null {
  return value && path.isAbsolute(value) ? value : null;
}

/**
 * Makes the folder (0700) or checks one that is there. Refuses a network file system and a folder of somebody
 * else's files: the permissions of what is ours are set, and nothing of others is touched.
 */
export function prepareDataFolder(root: string): DataFolder {
  try {
    return prepare(layoutOf(path.resolve(root)));
  } catch (error) {
    throw notWritable(error);
  }
}

/** The file system's refusals in words; every other error stays what it is. */
export function notWritable(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (['EROFS', 'EACCES', 'EPERM'].includes(code))
    return new AppError(
      'read-only',
      `The data folder cannot be written (${code}): the disk is read-only, or the folder is another user's. Make it ` +
        'writable, or name another data folder. raddraft rescue copies the texts out of it as it is.',
      { cause: error },
    );
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AppError('refused', 'The disk of the data folder is full. Free some space, then start again.', {
      cause: error,
    });
  return error;
}

function prepare(folder: DataFolder): DataFolder {
  if (existsSync(folder.root)) {
    if (!statSync(folder.root).isDirectory())
      throw new AppError('refused', 'Expected a folder for the data, found a file. Name another folder.');
    const entries = readdirSync(folder.root);
    const ours = new Set(
      Object.values(folder).flatMap((file) => (typeof file === 'string' ? [path.basename(file)] : [])),
    );
    if (entries.length > 0 && !entries.some((entry) => ours.has(entry)))
      throw new AppError(
        'refused',
        'Expected an empty folder or a data folder of RadDraft, found other files in it. Name another folder.',
      );
  } else mkdirSync(folder.root, { recursive: true, mode: 0o700 });
  const network = networkFileSystemOf(folder.root);
  if (network !== null)
    throw new AppError(
      'refused',
      `Expected a data folder on a local disk, found one on a network share (${network}). The database's write-ahead ` +
        'log is not safe there: two machines could destroy it. Name a folder on a local disk.',
    );
  if (process.platform !== 'win32') chmodSync(folder.root, 0o700);
  for (const inner of [folder.objects, folder.backups]) mkdirSync(inner, { recursive: true, mode: 0o700 });
  return folder;
}
