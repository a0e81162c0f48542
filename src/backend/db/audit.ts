/** The audit log: append only, every row bound to the one before by a hash. */
import { createHash } from 'node:crypto';
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
  return createHash('sha256')
    .update(canonicalJson([seq, at, actor, event, subject, detail, previous]))
    .digest('hex');
}

export function headOf(read: Read): Head {
  const Found = z.object({ seq: z.int(), hash: z.string() });
  return read.get(Found, 'SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1') ?? GENESIS;
}

/** Appends inside the transaction of the write that it records: both are there afterwards, or neither. */
export function append(write: Write, entry: AuditEntry): Head {
  const { seq, hash: previous } = headOf(write);
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

/** The newest rows first, as the contract's `AuditRow`. */
export function listAudit(read: Read, limit: number): Omit<Row, 'previous'>[] {
  return read
    .all(Row, 'SELECT * FROM audit ORDER BY seq DESC LIMIT ?', limit)
    .map(({ previous: _previous, ...row }) => row);
}

export interface Verdict {
  rows: number;
  intact: boolean;
  /** Empty when intact. */
  problem: string;
}

/** `anchor`: the head that was kept outside the database; a string says why there is none to compare with. */
export async function verifyAudit(read: Read, anchor: Head | string): Promise<Verdict> {
  const head = headOf(read);
  let last: Head = GENESIS;
  let rows = 0;
  const verdict = (problem: string): Verdict => ({ rows: head.seq, intact: problem === '', problem });
  while (last.seq < head.seq) {
    const batch = read.all(
      Row,
      'SELECT * FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT 500',
      last.seq,
      head.seq,
    );
    for (const row of batch) {
      const problem = problemOf(row, last);
      if (problem !== '') return { ...verdict(problem), rows };
      if (typeof anchor !== 'string' && row.seq === anchor.seq && row.hash !== anchor.hash)
        return verdict(
          `Row ${row.seq} is not the one whose hash was kept outside the database: the log was rewritten.`,
        );
      last = { seq: row.seq, hash: row.hash };
      rows++;
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  if (typeof anchor === 'string') return verdict(anchor);
  if (anchor.seq > head.seq)
    return verdict(
      `The log ends at row ${head.seq}, but row ${anchor.seq} was kept outside the database: rows were cut off its end.`,
    );
  return verdict('');
}

function problemOf(row: Row, last: Head): string {
  if (row.seq !== last.seq + 1)
    return row.seq === last.seq + 2
      ? `Row ${last.seq + 1} is missing: it was deleted.`
      : `Rows ${last.seq + 1} to ${row.seq - 1} are missing: they were deleted.`;
  if (hashOf(row) !== row.hash) return `Row ${row.seq} is not what was written: it was edited, moved or inserted.`;
  if (row.previous !== last.hash)
    return `Row ${row.seq} does not follow row ${last.seq}: rows before it were edited, moved, inserted or deleted.`;
  return '';
}
