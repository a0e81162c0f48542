/** The lists of openings: one row for each file, written with what was stored of it. */
import * as z from 'zod';
import { ImportOutcome, type ImportEntry, type ImportList } from '#contract/calls.ts';
import { InstanceId, StudyId } from '#core/study/ids.ts';
import { toJson } from '../files/json.ts';
import type { Read, Write } from './handles.ts';
import { Count, Flag, Json } from './rows.ts';

/** Older lists go: they hold names of files, which nobody needs for ever. */
const KEPT = 50;

const Counts = z.partialRecord(ImportOutcome, z.int());
export type Counts = z.infer<typeof Counts>;

export interface Identity {
  place: string;
  bytes: number;
  /** Milliseconds since 1970. */
  modified: number;
}

export interface ListedEntry {
  number: number;
  identity: Identity;
  entry: ImportEntry;
  /** Reading the unchanged file again would say the same. */
  settled: boolean;
}

const ListRow = z.object({
  key: z.int(),
  id: z.string(),
  name: z.string(),
  started_at: z.int(),
  ended_at: z.int().nullable(),
  counts: Json(Counts),
});
const COLUMNS = 'key, id, name, started_at, ended_at, counts';

export interface StoredList extends Omit<ImportList, 'state'> {
  key: number;
  ended: boolean;
}

const listOf = ({ key, id, name, started_at, ended_at, counts }: z.infer<typeof ListRow>): StoredList => ({
  key,
  id,
  name,
  startedAt: started_at,
  ended: ended_at !== null,
  files: Object.values(counts).reduce((sum, n) => sum + n, 0),
  counts: { read: 0, 'already-here': 0, conflict: 0, refused: 0, 'needs-confirmation': 0, ...counts },
});

/** Newest first. */
export const importLists = (read: Read): StoredList[] =>
  read.all(ListRow, `SELECT ${COLUMNS} FROM imports ORDER BY key DESC LIMIT ?`, KEPT).map(listOf);

export function importList(read: Read, id: string): StoredList | null {
  const row = read.get(ListRow, `SELECT ${COLUMNS} FROM imports WHERE id = ?`, id);
  return row && listOf(row);
}

/** The newest opening of `root`, if it did not come to its end. */
export function unfinishedList(read: Read, root: string): StoredList | null {
  const row = read.get(ListRow, `SELECT ${COLUMNS} FROM imports WHERE root = ? ORDER BY key DESC LIMIT 1`, root);
  return row && row.ended_at === null ? listOf(row) : null;
}

/** Answers with its key. Lists beyond the newest fifty are deleted, with the names in them. */
export function addList(write: Write, list: { id: string; name: string; root: string; at: number }): number {
  write.run(
    "INSERT INTO imports (id, name, root, started_at, counts) VALUES (?, ?, ?, ?, '{}')",
    ...[list.id, list.name, list.root, list.at],
  );
  write.run('DELETE FROM imports WHERE key NOT IN (SELECT key FROM imports ORDER BY key DESC LIMIT ?)', KEPT);
  return write.get(z.object({ key: z.int() }), 'SELECT key FROM imports WHERE id = ?', list.id)?.key ?? 0;
}

export function putEntry(write: Write, list: number, { number, identity, entry, settled }: ListedEntry): void {
  write.run(
    `INSERT INTO import_entries (import, number, place, bytes, modified, name, outcome, reason, study, instance, settled)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (import, place) DO UPDATE SET bytes = excluded.bytes, modified = excluded.modified,
       name = excluded.name, outcome = excluded.outcome, reason = excluded.reason, study = excluded.study,
       instance = excluded.instance, settled = excluded.settled`,
    ...[list, number, identity.place, identity.bytes, identity.modified, entry.name],
    ...[entry.outcome, entry.reason, entry.study, entry.instance, settled ? 1 : 0],
  );
}

export function putState(write: Write, list: number, state: { counts: Counts; endedAt: number | null }): void {
  write.run('UPDATE imports SET counts = ?, ended_at = ? WHERE key = ?', toJson(state.counts), state.endedAt, list);
}

const EntryRow = z.object({
  number: z.int(),
  place: z.string(),
  bytes: z.int(),
  modified: z.int(),
  name: z.string(),
  outcome: ImportOutcome,
  reason: z.string(),
  study: StudyId.nullable(),
  instance: InstanceId.nullable(),
  settled: Flag,
});
const ENTRY = 'number, place, bytes, modified, name, outcome, reason, study, instance, settled';

const listedOf = ({ number, place, bytes, modified, settled, ...entry }: z.infer<typeof EntryRow>): ListedEntry => ({
  number,
  identity: { place, bytes, modified },
  entry: { ...entry, source: null },
  settled,
});

export function entryAt(read: Read, list: number, place: string): ListedEntry | null {
  const row = read.get(EntryRow, `SELECT ${ENTRY} FROM import_entries WHERE import = ? AND place = ?`, list, place);
  return row && listedOf(row);
}

/** The next free number. */
export const nextNumber = (read: Read, list: number): number =>
  (read.get(z.object({ n: z.int().nullable() }), 'SELECT max(number) AS n FROM import_entries WHERE import = ?', list)
    ?.n ?? -1) + 1;

export function entriesOf(
  read: Read,
  list: number,
  { outcome, limit, offset }: { outcome: ImportEntry['outcome'] | null; limit: number; offset: number },
): { entries: ImportEntry[]; total: number } {
  const where = outcome === null ? 'import = ?' : 'import = ? AND outcome = ?';
  const values = outcome === null ? [list] : [list, outcome];
  const total = read.get(Count, `SELECT count(*) AS n FROM import_entries WHERE ${where}`, ...values)?.n ?? 0;
  const rows = read.all(
    EntryRow,
    `SELECT ${ENTRY} FROM import_entries WHERE ${where} ORDER BY number LIMIT ? OFFSET ?`,
    ...[...values, limit, offset],
  );
  return { entries: rows.map((row) => listedOf(row).entry), total };
}
