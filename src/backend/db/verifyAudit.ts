/** Whether the log is what was written: every row by its hash, the rows by their chain, the end by the heads kept outside. */
import { hash as digest } from 'node:crypto';
import { GENESIS, headOf, type Head } from './audit.ts';
import type { Read } from './handles.ts';

export interface Verdict {
  rows: number;
  intact: boolean;
  /** Empty when intact. */
  problem: string;
}

/** Rows between two pauses: about 10 ms. */
const BATCH = 2000;

/**
 * `anchor`: the head that was kept outside the database; a string says why there is none to compare with. `kept`:
 * heads that people keep on a medium of their own, each of which must still be in the log.
 */
export async function verifyAudit(read: Read, anchor: Head | string, kept: readonly Head[] = []): Promise<Verdict> {
  const head = headOf(read);
  const outside = [...(typeof anchor === 'string' ? [] : [{ ...anchor, whose: 'was kept outside the database' }])];
  outside.push(...kept.map((one) => ({ ...one, whose: 'you kept' })));
  const verdict = (problem: string, rows = head.seq): Verdict => ({ rows, intact: problem === '', problem });
  let last: Head = GENESIS;
  while (last.seq < head.seq) {
    const batch = read.plain(
      'SELECT seq, at, actor, event, subject, detail, previous, hash FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
      ...[last.seq, head.seq, BATCH],
    );
    if (batch.length === 0) return verdict(missing(last.seq + 1, head.seq), last.seq);
    for (const row of batch) {
      const problem = problemOf(row, last);
      if (problem !== '') return verdict(problem, last.seq);
      last = { seq: Number(row[0]), hash: String(row[7]) };
      for (const one of outside)
        if (one.seq === last.seq && one.hash !== last.hash)
          return verdict(`Row ${one.seq} is not the one whose hash ${one.whose}: the log was rewritten.`);
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  if (typeof anchor === 'string') return verdict(anchor);
  for (const one of outside)
    if (one.seq > head.seq)
      return verdict(
        `The log ends at row ${head.seq}, but row ${one.seq} ${one.whose}: rows were cut off its end, or an older copy was put in its place.`,
      );
  return verdict('');
}

/** `row`: seq, at, actor, event, subject, detail, previous, hash. The hash is over the canonical JSON of the first seven. */
function problemOf(row: readonly unknown[], last: Head): string {
  const [seq, , , , , , previous, hash] = row;
  if (seq !== last.seq + 1) return missing(last.seq + 1, Number(seq) - 1);
  // What was stored is well-formed and in order: plain JSON of it is its canonical form.
  if (digest('sha256', JSON.stringify(row.slice(0, 7)), 'hex') !== hash)
    return `Row ${seq} is not what was written: it was edited, moved or inserted.`;
  if (previous !== last.hash)
    return `Row ${seq} does not follow row ${last.seq}: rows before it were edited, moved, inserted or deleted.`;
  return '';
}

const missing = (from: number, to: number): string =>
  from === to ? `Row ${from} is missing: it was deleted.` : `Rows ${from} to ${to} are missing: they were deleted.`;
