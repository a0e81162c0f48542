/** Brings a database to the newest version: forward only, one transaction a step, a copy first. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { AppError } from '#contract/errors.ts';
import { syncFolder } from '../files/atomic.ts';
import { APPLICATION_ID, openDatabase, versionOf } from './open.ts';

export interface Versions {
  from: number;
  to: number;
}

/**
 * Answers with the version before and after. A database that is newer than `migrations` is refused untouched.
 * Where there is data, an encrypted copy under the same key is written to `backups` and opened once before step one.
 * `finished` runs inside the last step's transaction: what it writes stands if and only if the step does.
 */
export function migrate(
  database: Database.Database,
  migrations: readonly string[],
  backup: { folder: string; key: Uint8Array },
  finished: (versions: Versions) => void = () => undefined,
): Versions {
  const from = versionOf(database);
  const to = migrations.length;
  if (from > to)
    throw new AppError(
      'refused',
      `Expected a database of version ${to} or older, found version ${from}, made by a newer RadDraft. Install that one.`,
    );
  if (from > 0 && from < to) copyTo(database, path.join(backup.folder, `before-version-${from + 1}.db`), backup.key);
  for (let version = from; version < to; version++) {
    const step = migrations[version] ?? '';
    database
      .transaction(() => {
        database.exec(step);
        database.pragma(`application_id = ${APPLICATION_ID}`);
        database.pragma(`user_version = ${version + 1}`);
        if (version + 1 === to) finished({ from, to });
      })
      .immediate();
  }
  return { from, to };
}

/** `VACUUM INTO` keeps the cipher and the key. The copy gets its name only when it has been opened and checked. */
function copyTo(database: Database.Database, file: string, key: Uint8Array): void {
  const aside = `${file}.new`;
  rmSync(aside, { force: true });
  database.prepare('VACUUM INTO ?').run(aside);
  const copy = openDatabase(aside, key, { readonly: true });
  const sound = copy.pragma('quick_check', { simple: true });
  const same = versionOf(copy) === versionOf(database);
  copy.close();
  if (sound !== 'ok' || !same)
    throw new AppError('refused', 'The copy before the update is not sound, so nothing was changed. Check the disk.');
  if (existsSync(file)) rmSync(file);
  renameSync(aside, file);
  syncFolder(path.dirname(file));
}
