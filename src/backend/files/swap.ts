/**
 * Puts another database with its keys in the place of the present one, so that a crash leaves the one or the other.
 * The new ones are written aside; renaming the database is the moment that counts; what follows is made good at the
 * next start.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { AppError } from '#contract/errors.ts';
import { syncFolder } from './atomic.ts';
import type { DataFolder } from './dataFolder.ts';

/** The database is closed and has no write-ahead log; `next.database` and `next.keys` are on the disk. */
export function swap(folder: DataFolder): void {
  if (existsSync(`${folder.database}-wal`))
    throw new AppError('internal', 'the database still has a write-ahead log: its place may not be taken');
  renameSync(folder.next.database, folder.database);
  syncFolder(folder.root);
  finish(folder);
}

/** To be called before the keys are read: ends what a crash has left half done, forwards or backwards. */
export function recoverSwap(folder: DataFolder): void {
  if (existsSync(folder.next.keys) && !existsSync(folder.next.database)) return finish(folder);
  // The keys go last: without them nothing was to be done.
  for (const file of [folder.next.auditHead, folder.next.keys]) rmSync(file, { force: true });
  removeDatabase(folder.next.database);
}

/**
 * With what SQLite keeps beside it: a rollback journal that a crash left would be played back into the next database
 * of that name, and mix the two.
 */
export function removeDatabase(file: string): void {
  for (const beside of ['-journal', '-wal', '-shm', '']) rmSync(`${file}${beside}`, { force: true });
}

/** The keys come last here: they say that it is not done yet. */
function finish(folder: DataFolder): void {
  if (existsSync(folder.next.auditHead)) renameSync(folder.next.auditHead, folder.auditHead);
  renameSync(folder.next.keys, folder.keys);
  syncFolder(folder.root);
}
