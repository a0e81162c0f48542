/** Takes one parsed file into the database. Nothing that is there is ever replaced. */
import * as z from 'zod';
import type { ParsedFile } from '#contract/imaging.ts';
import type { InstanceId, StudyId } from '#core/study/ids.ts';
import { Patient } from '#core/study/study.ts';
import { canonicalJson, toJson } from '../files/json.ts';
import { append } from './audit.ts';
import { fold, foldedFields } from './fold.ts';
import type { Read, Write } from './handles.ts';
import { releasedDraftOf } from './reports.ts';
import { Json } from './rows.ts';
import { instanceOf } from './studies.ts';

export interface Import {
  /** Of the file's bytes; the objects hold them already. */
  sha256: string;
  /** Milliseconds since 1970, UTC. */
  importedAt: number;
  actor: string;
}

export interface Added {
  outcome: 'read' | 'already-here' | 'conflict';
  /** For the person; empty when read. Names no patient. */
  reason: string;
  study: StudyId;
  instance: InstanceId;
}

export function addInstance(write: Write, parsed: ParsedFile, from: Import): Added {
  const there = instanceOf(write, parsed.instance.id);
  const answer = { study: parsed.study.id, instance: parsed.instance.id };
  if (there?.sha256 === from.sha256)
    return { ...answer, outcome: 'already-here', reason: 'The same file is here already.' };
  const reason = there
    ? 'Another file with the same SOPInstanceUID but other content is here already; it was kept, and this one was not taken in.'
    : strangerReason(write, parsed);
  if (reason !== '') {
    recordConflict(write, parsed, from, reason);
    return { ...answer, outcome: 'conflict', reason };
  }
  insert(write, parsed, from);
  return { ...answer, outcome: 'read', reason: '' };
}

const StudyRow = z.object({
  patient: z.int(),
  person: Json(Patient),
  modalities: Json(z.array(z.string())),
  body_part: z.string(),
});
type StudyRow = z.infer<typeof StudyRow>;

const studyRow = (read: Read, study: StudyId): StudyRow | null =>
  read.get(StudyRow, 'SELECT patient, person, modalities, body_part FROM studies WHERE uid = ?', study);

/** Why this file may not join the study or series that it names; empty when it may. */
function strangerReason(read: Read, { patient, study, series }: ParsedFile): string {
  const person = studyRow(read, study.id)?.person;
  if (person) {
    if (person.id !== patient.id)
      return 'The study is here already, of another patient: the patient id differs. This file was not taken in.';
    if (differs(person.issuer, patient.issuer))
      return 'The study is here already, of another patient: the id comes from another issuer. This file was not taken in.';
    if (differs(person.birthDate, patient.birthDate))
      return 'The study is here already, and its patient was born on another day. This file was not taken in.';
    if (differs(plain(person.name.alphabetic), plain(patient.name.alphabetic)))
      return 'The study is here already, and its patient has another name. This file was not taken in.';
  }
  const owner = read.get(z.object({ study: z.string() }), 'SELECT study FROM series WHERE uid = ?', series.id);
  if (owner && owner.study !== study.id)
    return 'Its series is here already, in another study. This file was not taken in.';
  return '';
}

/** An empty value says nothing, so it contradicts nothing. */
const differs = (a: string, b: string): boolean => a !== '' && b !== '' && a !== b;
const plain = (name: string): string => fold(name).replace(/[^\p{L}\p{N}]/gu, '');

function recordConflict(write: Write, parsed: ParsedFile, from: Import, reason: string): void {
  const added = write.run(
    'INSERT INTO conflicts (study, series, instance, sha256, reason, seen_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ...[parsed.study.id, parsed.series.id, parsed.instance.id, from.sha256, reason, from.importedAt],
  );
  if (added === 0) return;
  append(write, {
    at: from.importedAt,
    actor: from.actor,
    event: 'import.conflict',
    subject: parsed.instance.id,
    detail: { study: parsed.study.id, sha256: from.sha256, reason },
  });
}

function insert(write: Write, parsed: ParsedFile, from: Import): void {
  const { study, series, instance } = parsed;
  const known = studyRow(write, study.id);
  if (!known) insertStudy(write, parsed, from);
  write.run(
    'INSERT INTO series (uid, study, number, modality, description, body_part) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ...[series.id, study.id, series.number, series.modality, series.description, series.bodyPart],
  );
  write.run(
    'INSERT INTO instances (uid, series, number, sha256, header, imported_at) VALUES (?, ?, ?, ?, ?, ?)',
    ...[instance.id, series.id, instance.number, from.sha256, toJson(parsed.header), from.importedAt],
  );
  updateStudy(write, parsed, known);
  append(write, {
    at: from.importedAt,
    actor: from.actor,
    event: 'instance.imported',
    subject: instance.id,
    detail: { study: study.id, series: series.id, sha256: from.sha256 },
  });
  const late = releasedDraftOf(write, study.id);
  if (late === null) return;
  // The report was released without this image: it has to be verified.
  const by = { at: from.importedAt, actor: from.actor };
  append(write, {
    ...by,
    event: 'report.late-image',
    subject: late,
    detail: { study: study.id, instance: instance.id },
  });
}

function insertStudy(write: Write, { patient, study }: ParsedFile, from: Import): void {
  const person = [patient.id, patient.issuer, patient.id === '' ? study.id : ''];
  write.run(
    'INSERT INTO patients (id, issuer, only_study, first_seen) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ...[...person, from.importedAt],
  );
  write.run(
    `INSERT INTO studies (uid, patient, person, date, time, accession, description, referrer, modalities, body_part,
       instances, synthetic, imported_at, folded)
     VALUES (?, (SELECT key FROM patients WHERE id = ? AND issuer = ? AND only_study = ?),
       ?, ?, ?, ?, ?, ?, '[]', '', 0, 0, ?, '')`,
    ...[study.id, ...person, canonicalJson(patient)],
    ...[study.date, study.time, study.accession, study.description, study.referrer, from.importedAt],
  );
}

/** What the worklist shows and searches of all instances together. */
function updateStudy(write: Write, parsed: ParsedFile, known: StudyRow | null): void {
  const { patient, study, series, header } = parsed;
  const modalities = [...new Set([...(known?.modalities ?? []), series.modality])].filter((name) => name !== '').sort();
  const bodyPart = known?.body_part || series.bodyPart;
  const first = known?.person ?? patient;
  const folded = foldedFields({
    names: [first.name.alphabetic, first.name.ideographic, first.name.phonetic],
    date: study.date,
    others: [first.id, study.accession, study.description, ...modalities, bodyPart],
  });
  const mark = header.synthetic ? 1 : 0;
  if (!known)
    write.run(
      'UPDATE studies SET instances = 1, modalities = ?, body_part = ?, synthetic = ?, folded = ? WHERE uid = ?',
      ...[toJson(modalities), bodyPart, mark, folded, study.id],
    );
  else
    write.run(
      // What refused the films before says nothing of this one.
      `UPDATE studies SET instances = instances + 1, modalities = ?, body_part = ?, synthetic = max(synthetic, ?),
         refused = '' WHERE uid = ?`,
      ...[toJson(modalities), bodyPart, mark, study.id],
    );
  if (known && (known.modalities.length !== modalities.length || known.body_part !== bodyPart))
    write.run('UPDATE studies SET folded = ? WHERE uid = ?', folded, study.id);
}
