/** The audit log: append only, every row bound to the one before by a hash. */
import { hash as digest } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson, wellFormed } from '../files/json.ts';
import type { Read, Write } from './handles.ts';

/** What happened. `detail` holds sizes, ids and UIDs, never a report's text or a patient's name. */
export interface AuditEntry {
  /** Milliseconds since 1970, UTC. */
  at: number;
  actor: string;
  /** `noun.verb`, such as `draft.saved`. */
  event: string;
  /** The id of what it happened to. */
  subject: string;
  detail?: Readonly<Record<string, string | number | boolean | null>>;
}

const Row = z.object({
  seq: z.int(),
  at: z.number(),
  actor: z.string(),
  event: z.string(),
  subject: z.string(),
  detail: z.string(),
  previous: z.string(),
  hash: z.string(),
});
type Row = z.infer<typeof Row>;

export interface Head {
  seq: number;
  hash: string;
}

/** The hash before the first row. */
export const GENESIS: Head = { seq: 0, hash: '0'.repeat(64) };

/** SHA-256 over the canonical JSON of the row's fields and the hash of the row before, in hexadecimal. */
function hashOf(row: Omit<Row, 'hash'>): string {
  const { seq, at, actor, event, subject, detail, previous } = row;
  return digest('sha256', canonicalJson([seq, at, actor, event, subject, detail, previous]), 'hex');
}

export function headOf(read: Read): Head {
  const Found = z.object({ seq: z.int(), hash: z.string() });
  return read.get(Found, 'SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1') ?? GENESIS;
}

/** Appends inside the transaction of the write that it records: both are there afterwards, or neither. */
export const append = (write: Write, entry: AuditEntry): Head => appendAfter(write, headOf(write), entry);

/** As `append`, for who knows the head and writes many rows. */
export function appendAfter(write: Write, { seq, hash: previous }: Head, entry: AuditEntry): Head {
  const row = {
    seq: seq + 1,
    at: Math.trunc(entry.at),
    actor: wellFormed(entry.actor),
    event: entry.event,
    subject: wellFormed(entry.subject),
    detail: canonicalJson(entry.detail ?? {}),
    previous,
  };
  const hash = hashOf(row);
  write.run(
    'INSERT INTO audit (seq, at, actor, event, subject, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[row.seq, row.at, row.actor, row.event, row.subject, row.detail, row.previous, hash],
  );
  return { seq: row.seq, hash };
}

export interface AuditQuery {
  limit: number;
  /** Only rows with a smaller number. */
  before?: number | undefined;
  actor?: string | undefined;
  /** The event, or its beginning where it ends in a dot. */
  event?: string | undefined;
  subject?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

/** The newest rows first, as the contract's `AuditRow`. */
export function listAudit(read: Read, query: AuditQuery): Omit<Row, 'previous'>[] {
  const conditions: [string, string | number | undefined][] = [
    ['seq < ?', query.before],
    ['actor = ?', query.actor],
    [query.event?.endsWith('.') ? 'instr(event, ?) = 1' : 'event = ?', query.event],
    ['subject = ?', query.subject],
    ['at >= ?', query.from],
    ['at <= ?', query.to],
  ];
  const asked = conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
  const where = asked.length === 0 ? '' : `WHERE ${asked.map(({ sql }) => sql).join(' AND ')}`;
  return read
    .all(Row, `SELECT * FROM audit ${where} ORDER BY seq DESC LIMIT ?`, ...asked.map(({ value }) => value), query.limit)
    .map(({ previous: _previous, ...row }) => row);
}

/** Rows after `after`, oldest first, at most `limit`. */
export function auditAfter(read: Read, after: number, limit: number): Row[] {
  return read.all(Row, 'SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?', after, limit);
}

/** Everything about any of `subjects`, oldest first, at most `limit`. */
export function auditAbout(read: Read, subjects: readonly string[], limit: number): Omit<Row, 'previous'>[] {
  const places = subjects.map(() => '?').join(', ');
  return read
    .all(Row, `SELECT * FROM audit WHERE subject IN (${places}) ORDER BY seq LIMIT ?`, ...subjects, limit)
    .map(({ previous: _previous, ...row }) => row);
}
