/** `audit.*`: the log read, verified and exported. To look at it is a row of it. */
import { hostname } from 'node:os';
import { csvWriter, jsonWriter, xmlWriter, type AuditWriter } from '#core/audit/export.ts';
import type { AuditFormat, AuditHead } from '#contract/records.ts';
import type { Head } from '../db/audit.ts';
import type { Store } from '../db/store.ts';
import { canonicalJson } from '../files/json.ts';
import { callingSeat } from './calling.ts';
import type { Area, Services } from './context.ts';

type Calls = Area<'audit.list' | 'audit.verify' | 'audit.head' | 'audit.export'>;

/** Rows in one part of an export. */
const PART = 5000;

export function auditingCalls(services: Services): Calls {
  const { store, journal } = services;
  const note = (event: string, detail: Record<string, string | number | boolean>) => {
    journal.note({ at: services.now(), actor: services.actor, event, subject: 'audit log', detail });
    journal.flush();
  };
  return {
    // What was seen a moment ago belongs to the log that is asked for now.
    'audit.list': async (query) => {
      journal.flush();
      const rows = store.audit.list(query);
      const { before, limit: _limit, ...filter } = query;
      const { looking } = callingSeat();
      const asked = canonicalJson(filter);
      // Turning the pages of one look is one look; whoever begins in the middle begins one.
      const turns = before !== undefined && looking.log?.filter === asked && before <= looking.log.newest;
      if (turns) return rows;
      looking.log = { filter: asked, newest: rows[0]?.seq ?? 0 };
      note('log.viewed', { rows: rows.length });
      return rows;
    },
    'audit.verify': async ({ head }) => {
      journal.flush();
      const verdict = await store.audit.verify(head ? [head] : []);
      note('log.verified', { rows: verdict.rows, intact: verdict.intact });
      return verdict;
    },
    'audit.head': async () => {
      journal.flush();
      return headText(store.audit.head());
    },
    'audit.export': async ({ format, after }) => {
      const { looking } = callingSeat();
      const goesOn = looking.exporting?.format === format && looking.exporting.next === after;
      // The row comes first, so that the export holds it.
      if (!goesOn) note('log.exported', after === 0 ? { format } : { format, after });
      const part = exportPart(store, format, after);
      looking.exporting = part.next === null ? null : { format, next: part.next };
      return part;
    },
  };
}

/** The part of the file after row `after`; `next` is null with the last part. */
export function exportPart(store: Store, format: AuditFormat, after: number): { text: string; next: number | null } {
  const writer = writers[format]();
  const rows = store.audit.after(after, PART);
  const last = rows.at(-1)?.seq ?? after;
  const ends = rows.length < PART;
  const text = rows.map((row, index) => writer.row(row, after === 0 && index === 0)).join('');
  return { text: `${after === 0 ? writer.begin : ''}${text}${ends ? writer.end : ''}`, next: ends ? null : last };
}

const writers: Record<AuditFormat, () => AuditWriter> = {
  csv: () => csvWriter,
  json: () => jsonWriter,
  xml: () => xmlWriter(`RadDraft on ${hostname()}`),
};

/** What the auditor keeps. It says whom it stops. */
export function headText({ seq, hash }: Head): AuditHead {
  return {
    seq,
    hash,
    text: [
      'RadDraft audit log, its head',
      `Row: ${seq}`,
      `Hash: ${hash}`,
      '',
      'Keep this where nobody who uses the workstation can change it. As long as the log contains this row with this hash,',
      'no row up to it was edited, removed, moved or inserted (raddraft audit verify --head ROW:HASH).',
      'The chain alone stops whoever has the disk without the key, and whoever is signed in. It does not stop an',
      'administrator who has the machine, its key and its program: who can write a whole new log can only be told by',
      'a head that was kept elsewhere, such as this one or the one printed on a signed report.',
      '',
    ].join('\n'),
  };
}
