/** Decides when the audit chain's head is written outside the database. */
import * as z from 'zod';
import { readAuditHead, writeAuditHead } from '../files/auditHead.ts';
import { headOf, type Head } from './audit.ts';
import type { Read } from './handles.ts';

/** At most this many rows may be newer than the head outside. */
const EVERY = 32;
/** Rows after which the head is written at once. */
const AT_ONCE = ['draft.made', 'draft.kept', 'report.released', 'report.signed', 'backup.restored'];

export interface Anchor {
  /** To be told after each commit: the head before it. */
  committed(before: Head): void;
  /** Writes the present head, if the one outside fits the log. */
  keep(): void;
}

/**
 * The head outside may lag behind (a crash between commit and writing) but is never ahead, as it is written after
 * the commit. It is never written over one that the log contradicts: that is the evidence which `verify` shows.
 */
export function anchorOf(file: string, key: Uint8Array, read: Read): Anchor {
  let kept = readAuditHead(file, key);

  function write(head: Head): void {
    if (typeof kept === 'string' || head.seq === kept.seq || !fits(read, kept)) return;
    writeAuditHead(file, key, head);
    kept = head;
  }

  return {
    keep: () => attempt(() => write(headOf(read))),
    committed: (before) =>
      attempt(() => {
        const head = headOf(read);
        const lag = typeof kept === 'string' ? 0 : head.seq - kept.seq;
        if (lag >= EVERY || eventsSince(read, before).some((event) => AT_ONCE.includes(event))) write(head);
      }),
  };
}

/** A commit stands whether or not its head can be written outside: a full disk lets it lag until the next time. */
function attempt(step: () => void): void {
  try {
    step();
  } catch {
    return;
  }
}

function fits(read: Read, head: Head): boolean {
  if (head.seq === 0) return true;
  return read.get(z.object({ hash: z.string() }), 'SELECT hash FROM audit WHERE seq = ?', head.seq)?.hash === head.hash;
}

function eventsSince(read: Read, before: Head): string[] {
  return read
    .all(z.object({ event: z.string() }), 'SELECT event FROM audit WHERE seq > ?', before.seq)
    .map((row) => row.event);
}
