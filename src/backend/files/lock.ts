/** One owner of a data folder: a lock that the kernel releases when its holder dies, and a name for people. */
import { readFileSync, rmSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { writeAtomic } from './atomic.ts';

export const Owner = z.object({
  user: z.string(),
  host: z.string(),
  pid: z.int(),
  program: z.string(),
  /** Milliseconds since 1970, UTC. */
  since: z.number(),
});
export type Owner = z.infer<typeof Owner>;

export interface Lock {
  owner: Owner;
  release(): void;
}

/**
 * Takes the lock or throws `locked`, naming who holds it. The lock is an exclusive transaction on an empty SQLite
 * file: no stale lock survives its process. POSIX drops a process's locks on a file when that process closes any
 * handle of it: nobody here may open `lock` or the database as plain files while they are in use.
 */
export function takeLock(files: { lock: string; owner: string }, program: string, now: number): Lock {
  const database = new Database(files.lock, { timeout: 250 });
  try {
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    throw new AppError('locked', `${described(files.owner)} Close that program, or name another data folder.`);
  }
  const owner: Owner = { user: userName(), host: hostname(), pid: process.pid, program, since: now };
  writeAtomic(files.owner, Buffer.from(JSON.stringify(owner, null, 2)));
  return {
    owner,
    release() {
      if (!database.open) return;
      rmSync(files.owner, { force: true });
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

/** The operating system's name for who runs this program: the actor until there are accounts. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

function described(file: string): string {
  try {
    const { user, host, pid, program, since } = Owner.parse(JSON.parse(readFileSync(file, 'utf8')));
    const when = new Date(since).toISOString().replace('T', ' ').slice(0, 16);
    return `The data folder is in use by ${program} (user ${user} on ${host}, process ${pid}, since ${when} UTC).`;
  } catch {
    return 'The data folder is in use by another program.';
  }
}
