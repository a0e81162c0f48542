/** Studies as they are found again: the worklist's search, a whole study, one instance. */
import * as z from 'zod';
import { ImageHeader } from '#core/imaging/header.ts';
import { InstanceId, SeriesId, StudyId } from '#core/study/ids.ts';
import { sortByPosition } from '#core/study/sort.ts';
import { Patient, ReportState, type Study, type StudySummary } from '#core/study/study.ts';
import { termsOf } from './fold.ts';
import type { Read } from './handles.ts';
import { Count, Flag, Json } from './rows.ts';

const SummaryRow = z
  .object({
    uid: StudyId,
    person: Json(Patient),
    date: z.string(),
    time: z.string(),
    accession: z.string(),
    description: z.string(),
    modalities: Json(z.array(z.string())),
    body_part: z.string(),
    instances: z.int(),
    synthetic: Flag,
    imported_at: z.number(),
    state: ReportState,
    verify: Flag,
    edited_at: z.number().nullable(),
  })
  .transform(({ uid, person, body_part, imported_at, edited_at, ...row }): StudySummary => ({
    ...row,
    id: uid,
    patient: person,
    bodyPart: body_part,
    importedAt: imported_at,
    editedAt: edited_at,
  }));

/** The state is the newest report's stage; without one, whether a pack refused the study. */
const columns = `
  s.uid, s.person, s.date, s.time, s.accession, s.description, s.modalities, s.body_part, s.instances, s.synthetic,
  s.imported_at,
  CASE WHEN d.id IS NULL THEN iif(s.refused = '', 'none', 'refused')
       ELSE d.stage END AS state,
  iif(d.known_images > 0 AND s.instances > d.known_images, 1, 0) AS verify,
  iif(d.revision > 0, d.saved_at, NULL) AS edited_at`;
const newestDraft = `LEFT JOIN drafts d ON d.place = (SELECT max(place) FROM drafts WHERE study = s.uid)`;

export interface StudyQuery {
  /** Terms that must all occur in name, id, accession, description, date, modality or body part. */
  text: string;
  limit: number;
  offset: number;
}

/** Newest study date first; `total` counts all that match. */
export function listStudies(read: Read, query: StudyQuery): { studies: StudySummary[]; total: number } {
  const { where, values } = matching(termsOf(query.text));
  const total = read.get(Count, `SELECT count(*) AS n FROM studies s ${where}`, ...values)?.n ?? 0;
  const studies = read.all(
    SummaryRow,
    `SELECT ${columns} FROM studies s ${newestDraft} ${where}
     ORDER BY s.date DESC, s.time DESC, s.imported_at DESC, s.uid LIMIT ? OFFSET ?`,
    ...values,
    query.limit,
    query.offset,
  );
  return { studies, total };
}

/** Terms of three letters and more are looked up by trigrams; shorter ones are looked for in every line. */
function matching(terms: readonly string[]): { where: string; values: string[] } {
  const isLong = (term: string) => [...term].length >= 3;
  const long = terms.filter(isLong);
  const short = terms.filter((term) => !isLong(term));
  const conditions = short.map(() => 'instr(s.folded, ?) > 0');
  if (long.length > 0) conditions.unshift('s.number IN (SELECT rowid FROM study_words WHERE study_words MATCH ?)');
  const phrases = long.map((term) => `"${term.replaceAll('"', '""')}"`).join(' AND ');
  return {
    where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
    values: [...(long.length > 0 ? [phrases] : []), ...short],
  };
}

export function countStudies(read: Read): number {
  return read.get(Count, 'SELECT count(*) AS n FROM studies')?.n ?? 0;
}

export function studySummary(read: Read, study: StudyId): StudySummary | null {
  return read.get(SummaryRow, `SELECT ${columns} FROM studies s ${newestDraft} WHERE s.uid = ?`, study);
}

/** Why no draft could be made of the study; empty when nothing refused it. */
export function refusalOf(read: Read, study: StudyId): string {
  return read.get(z.object({ refused: z.string() }), 'SELECT refused FROM studies WHERE uid = ?', study)?.refused ?? '';
}

const SeriesRow = z.object({
  id: SeriesId,
  number: z.int().nullable(),
  modality: z.string(),
  description: z.string(),
});
const InstanceRow = z.object({
  id: InstanceId,
  series: SeriesId,
  number: z.int().nullable(),
  header: Json(ImageHeader),
});

/** The whole study: series by number, instances by position. */
export function openStudy(read: Read, study: StudyId): Study | null {
  const summary = studySummary(read, study);
  if (!summary) return null;
  const instances = read.all(
    InstanceRow,
    `SELECT i.uid AS id, i.series, i.number, i.header FROM instances i JOIN series s ON s.uid = i.series
     WHERE s.study = ?`,
    study,
  );
  const series = read
    .all(
      SeriesRow,
      `SELECT uid AS id, number, modality, description FROM series WHERE study = ?
       ORDER BY number IS NULL, number, uid`,
      study,
    )
    .map((row) => ({ ...row, instances: sortByPosition(instances.filter((instance) => instance.series === row.id)) }));
  return { summary, series };
}

const StoredInstance = z.object({
  id: InstanceId,
  series: SeriesId,
  study: StudyId,
  number: z.int().nullable(),
  sha256: z.string(),
  header: Json(ImageHeader),
});
/** `sha256` is that of the file's bytes: ask the objects for it. */
export type StoredInstance = z.infer<typeof StoredInstance>;

export function instanceOf(read: Read, instance: InstanceId): StoredInstance | null {
  return read.get(
    StoredInstance,
    `SELECT i.uid AS id, i.series, s.study, i.number, i.sha256, i.header
     FROM instances i JOIN series s ON s.uid = i.series WHERE i.uid = ?`,
    instance,
  );
}

const Conflict = z.object({
  study: StudyId,
  series: SeriesId,
  instance: InstanceId,
  sha256: z.string(),
  reason: z.string(),
  seenAt: z.number(),
});
export type Conflict = z.infer<typeof Conflict>;

/** Files that were not taken in because something else stands under their name; oldest first. */
export function conflictsOf(read: Read, study: StudyId): Conflict[] {
  return read.all(
    Conflict,
    'SELECT study, series, instance, sha256, reason, seen_at AS seenAt FROM conflicts WHERE study = ? ORDER BY key',
    study,
  );
}
