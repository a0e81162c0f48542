/** Two handles on the database: reading cannot write, and the types say which one a function needs. */
import Database from 'better-sqlite3';
import type * as z from 'zod';
import { sqliteError } from './sqliteError.ts';

export type Value = string | number | null | Uint8Array;

/** Rows are checked by a schema: what the database holds is data, not a promise. */
export interface Read {
  get<S extends z.ZodType>(row: S, sql: string, ...values: Value[]): z.infer<S> | null;
  all<S extends z.ZodType>(row: S, sql: string, ...values: Value[]): z.infer<S>[];
  /** Rows as plain arrays, unchecked: for the log, where a schema would take longer than the hashes. */
  plain(sql: string, ...values: Value[]): unknown[][];
}

/** Exists only inside `store.write`: everything that it does is one transaction. */
export interface Write extends Read {
  /** Answers with the number of rows that changed. */
  run(sql: string, ...values: Value[]): number;
}

export function handleOf(database: Database.Database): Write {
  const statements = new Map<string, Database.Statement<Value[]>>();
  const prepare = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const made = database.prepare<Value[]>(sql);
    statements.set(sql, made);
    return made;
  };
  const raw = new Map<string, Database.Statement<Value[], unknown[]>>();
  const prepareRaw = (sql: string) => {
    const known = raw.get(sql);
    if (known) return known;
    const made = database.prepare<Value[], unknown[]>(sql).raw();
    raw.set(sql, made);
    return made;
  };
  const guarded = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      throw sqliteError(error);
    }
  };
  return {
    get(row, sql, ...values) {
      const found = guarded(() => prepare(sql).get(...values));
      return found === undefined ? null : row.parse(found);
    },
    all: (row, sql, ...values) => guarded(() => prepare(sql).all(...values)).map((found) => row.parse(found)),
    plain: (sql, ...values) => guarded(() => prepareRaw(sql).all(...values)),
    run: (sql, ...values) => guarded(() => prepare(sql).run(...values)).changes,
  };
}
