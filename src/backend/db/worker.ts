/** A thread of its own for one long work on a database file, so that the program goes on answering meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { openDatabase } from './open.ts';

const Key = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const Task = z.discriminatedUnion('kind', [
  /** A copy as it is now, under the same key, while others read and write. */
  z.object({ kind: z.literal('copy'), from: z.string(), key: Key, to: z.string() }),
  /** Every page encrypted anew, in one transaction. */
  z.object({ kind: z.literal('rekey'), file: z.string(), from: Key, to: Key }),
  /** Every table and index read through. */
  z.object({ kind: z.literal('check'), file: z.string(), key: Key }),
]);
export type Task = z.infer<typeof Task>;

/** `measure` is what the size of the files that are being written is held against, in bytes. */
export const Told = z.union([
  z.object({ measure: z.number() }),
  z.object({ done: z.int(), total: z.int() }),
  z.object({ answer: z.string() }),
  z.object({ code: z.string(), message: z.string(), ours: z.boolean() }),
]);
export type Told = z.infer<typeof Told>;

type Database = ReturnType<typeof openDatabase>;

function withDatabase<T>(open: () => Database, work: (database: Database) => T): T {
  const database = open();
  try {
    return work(database);
  } finally {
    database.close();
  }
}

const bytesOf = (database: Database): number =>
  Number(database.pragma('page_count', { simple: true })) * Number(database.pragma('page_size', { simple: true }));

/** `ok`, or what is wrong. */
function sound(database: Database, tell: (told: Told) => void): string {
  const tables = database.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all();
  for (const [done, table] of tables.entries()) {
    tell({ done, total: tables.length });
    const found = database.pragma(`integrity_check("${table.replaceAll('"', '""')}")`, { simple: true });
    if (found !== 'ok') return String(found);
  }
  return 'ok';
}

function perform(task: Task, tell: (told: Told) => void): string {
  if (task.kind === 'copy')
    return withDatabase(
      () => openDatabase(task.from, task.key, { readonly: true }),
      (database) => {
        tell({ measure: bytesOf(database) });
        database.prepare('VACUUM INTO ?').run(task.to);
        return 'ok';
      },
    );
  if (task.kind === 'rekey')
    return withDatabase(
      () => openDatabase(task.file, task.from, { journal: 'DELETE' }),
      (database) => {
        tell({ measure: bytesOf(database) });
        database.pragma(`rekey = "raw:${Buffer.from(task.to).toString('hex')}"`);
        return 'ok';
      },
    );
  return withDatabase(
    () => openDatabase(task.file, task.key, { readonly: true }),
    (database) => sound(database, tell),
  );
}

function failure(error: unknown): Told {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return { code, message, ours: error instanceof AppError };
}

if (parentPort) {
  const port = parentPort;
  const tell = (told: Told) => port.postMessage(told);
  try {
    tell({ answer: perform(Task.parse(workerData), tell) });
  } catch (error) {
    tell(failure(error));
  }
}
