/** SQLite's failures that a person can do something about, in words; every other one stays what it is. */
import Database from 'better-sqlite3';
import { AppError } from '#contract/errors.ts';

export function sqliteError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const options = { cause: error };
  if (error.code.startsWith('SQLITE_FULL'))
    return new AppError('refused', 'The disk is full: nothing was saved. Free some space and try again.', options);
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code.startsWith('SQLITE_NOTADB'))
    return new AppError('refused', 'The database is damaged. Restore the data folder from a backup.', options);
  if (error.code.startsWith('SQLITE_IOERR'))
    return new AppError(
      'refused',
      'The disk did not read or write the database. Check the disk, then try again.',
      options,
    );
  if (error.code.startsWith('SQLITE_BUSY'))
    return new AppError('busy', 'Another program holds the database. Close it and try again.', options);
  if (error.code.startsWith('SQLITE_READONLY'))
    return new AppError('read-only', 'The database cannot be written: the disk or the file is read-only.', options);
  return error;
}
