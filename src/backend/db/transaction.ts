/** The one way to write: an immediate transaction that is not committed without a row in the audit log. */
import type Database from 'better-sqlite3';
import { AppError } from '#contract/errors.ts';
import type { Anchor } from './anchor.ts';
import { headOf } from './audit.ts';
import { handleOf, type Write } from './handles.ts';
import { sqliteError } from './sqliteError.ts';

/** `first` writes, in the same transaction, the rows of what happened before: the log is in the order of what it tells. */
export function writer(
  database: Database.Database,
  anchor: Anchor,
  first: (write: Write) => void = () => undefined,
): <T>(run: (write: Write) => T) => T {
  const handle = handleOf(database);
  const changes = database.prepare<[], number>('SELECT total_changes()').pluck();
  return (run) => {
    if (database.inTransaction) throw new AppError('internal', 'a write may not begin inside another');
    begin(database);
    let start;
    let result;
    try {
      start = headOf(handle);
      first(handle);
      const before = headOf(handle);
      const rows = changes.get();
      result = run(handle);
      if (result instanceof Promise)
        throw new AppError('internal', 'a write may not wait: its transaction would stay open');
      if (changes.get() !== rows && headOf(handle).seq === before.seq)
        throw new AppError('internal', 'a write without a row in the audit log is not committed');
      database.exec('COMMIT');
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK');
      throw sqliteError(error);
    }
    anchor.committed(start);
    return result;
  };
}

function begin(database: Database.Database): void {
  try {
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    throw sqliteError(error);
  }
}
