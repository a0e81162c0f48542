/** A row in the log of a database that is about to take the place of another: it tells of that if and only if it happens. */
import { append, type AuditEntry } from './audit.ts';
import { handleOf } from './handles.ts';
import { openDatabase } from './open.ts';

/** Nobody else has it open. No write-ahead log is left beside it. */
export function appendTo(file: string, key: Uint8Array, row: AuditEntry): void {
  const database = openDatabase(file, key, { journal: 'DELETE' });
  try {
    database.transaction(() => append(handleOf(database), row))();
  } finally {
    database.close();
  }
}
