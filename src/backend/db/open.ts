/** Opens the encrypted database, or says why not. */
import { closeSync, openSync, readSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '#contract/errors.ts';
import { sqliteError } from './sqliteError.ts';

/** `RadD`: marks a database as ours (PRAGMA application_id). */
export const APPLICATION_ID = 0x52616444;

/**
 * ChaCha20-Poly1305 over every page of the file and its write-ahead log, with a raw 32-byte key. `FULL`: a commit
 * is on the disk when it returns. Temporary tables stay in memory: their files would not be encrypted. Open the
 * writing handle first, and only one.
 */
export function openDatabase(
  file: string,
  key: Uint8Array,
  options: { readonly?: boolean; journal?: 'WAL' | 'DELETE' } = {},
): Database.Database {
  if (!options.readonly) refusePlainDatabase(file);
  const database = new Database(file, { readonly: options.readonly ?? false, timeout: 5000 });
  try {
    database.pragma(`cipher = 'chacha20'`);
    database.pragma(`key = "raw:${Buffer.from(key).toString('hex')}"`);
    database.pragma('foreign_keys = ON');
    database.pragma('recursive_triggers = ON');
    database.pragma('temp_store = MEMORY');
    database.pragma('trusted_schema = OFF');
    check(database);
    if (!options.readonly) {
      database.pragma(`journal_mode = ${options.journal ?? 'WAL'}`);
      database.pragma('synchronous = FULL');
      database.pragma('secure_delete = ON');
    }
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_NOTADB')
      throw new AppError(
        'refused',
        'Expected the encrypted database of this data folder, found a file that its key does not open: it is damaged ' +
          'or belongs to another folder. Restore the data folder from a backup.',
        { cause: error },
      );
    throw sqliteError(error);
  }
}

/** The number of migrations that the database has seen; 0 for an empty one. */
export function versionOf(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

function check(database: Database.Database): void {
  const application = Number(database.pragma('application_id', { simple: true }));
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (application === APPLICATION_ID || (application === 0 && tables === 0)) return;
  throw new AppError('refused', "Expected RadDraft's database, found another program's. Name another data folder.");
}

/** Only while it is not open yet: closing a plain handle would drop SQLite's locks on the file (fcntl). */
function refusePlainDatabase(file: string): void {
  const head = Buffer.alloc(16);
  try {
    const handle = openSync(file, 'r');
    readSync(handle, head);
    closeSync(handle);
  } catch {
    return;
  }
  if (head.toString('latin1') === 'SQLite format 3\0')
    throw new AppError(
      'refused',
      'Expected an encrypted database, found one that is not encrypted. It is not of RadDraft; name another data folder.',
    );
}
