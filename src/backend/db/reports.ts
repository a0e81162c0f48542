/** Reports from draft to signature: their stage, what may be done, and the versions that were released. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import type { PersonId } from '#core/people/person.ts';
import { languageOf } from '#core/report/planned.ts';
import type { ReportDocument } from '#core/report/report.ts';
import { signedText } from '#core/report/signedText.ts';
import { Override, RaisedCheck, ReleasedVersion, type ReportStatus } from '#core/report/signing.ts';
import { actsOf, Amendment, ReportStage, type ReportStanding } from '#core/report/states.ts';
import { DraftId, StudyId } from '#core/study/ids.ts';
import { toJson } from '../files/json.ts';
import { append } from './audit.ts';
import { draftById, keepVersion, version } from './drafts.ts';
import type { Read, Write } from './handles.ts';
import { Count, Json } from './rows.ts';
import { allowed } from './standing.ts';
import { openStudy } from './studies.ts';

const ReportRow = z.object({
  draft: DraftId,
  study: StudyId,
  revision: z.int(),
  stage: ReportStage,
  amending: Amendment.nullable(),
  addendum: z.string(),
  reason: z.string(),
  knownImages: z.int(),
  images: z.int(),
});
type ReportRow = z.infer<typeof ReportRow>;

function reportOf(read: Read, draft: DraftId): ReportRow {
  const row = read.get(
    ReportRow,
    `SELECT d.id AS draft, d.study, d.revision, d.stage, d.amending, d.addendum, d.reason,
       d.known_images AS knownImages, s.instances AS images
     FROM drafts d JOIN studies s ON s.uid = d.study WHERE d.id = ?`,
    draft,
  );
  if (!row) throw new AppError('not-found', 'Expected a stored report, found none under this id.');
  return row;
}

/** AppError `not-found`. */
export function statusOf(read: Read, draft: DraftId): ReportStatus {
  const row = reportOf(read, draft);
  const { stage, amending, addendum, reason, revision } = row;
  const released = releasesOf(read, draft);
  const inForce = inForceOf(released);
  const lateImages = inForce ? Math.max(0, row.images - row.knownImages) : 0;
  return { draft, revision, stage, amending, addendum, reason, acts: actsOf(row), inForce, lateImages };
}

/** The newest signed version, else the newest preliminary one. */
const inForceOf = (released: readonly ReleasedVersion[]): ReleasedVersion | null =>
  released.filter(({ kind }) => kind !== 'preliminary').at(-1) ?? released.at(-1) ?? null;

export interface Act {
  draft: DraftId;
  /** The revision that the caller's view is of. */
  revision: number;
  at: number;
  actor: string;
}

/** Writes stage and amendment, and one revision more: whoever saw the report before has to look again. */
function moveTo(write: Write, draft: DraftId, to: ReportStanding & { addendum?: string; reason?: string }, at: number) {
  write.run(
    `UPDATE drafts SET stage = ?, amending = ?, addendum = ?, reason = ?, revision = revision + 1, saved_at = ?
     WHERE id = ?`,
    ...[to.stage, to.amending, to.addendum ?? '', to.reason ?? '', at, draft],
  );
}

export function beginAmendment(write: Write, act: Act, amending: Amendment, reason: string): void {
  const to = allowed(write, act, amending === 'addendum' ? 'begin-addendum' : 'begin-correction');
  moveTo(write, act.draft, { ...to, reason }, act.at);
  append(write, { ...by(act), event: 'report.amended', subject: act.draft, detail: { amending } });
}

/** Answers with the new revision. */
export function saveAddendum(write: Write, act: Act, text: string): number {
  allowed(write, act, 'edit-addendum');
  write.run(
    'UPDATE drafts SET addendum = ?, revision = revision + 1, saved_at = ? WHERE id = ?',
    ...[text, act.at, act.draft],
  );
  const detail = { revision: act.revision + 1, characters: text.length };
  append(write, { ...by(act), event: 'report.addendum-saved', subject: act.draft, detail });
  return act.revision + 1;
}

/** What was typed is kept as a version; of an amended report the signed text stands again. */
export function discard(write: Write, act: Act, reason: string): void {
  const to = allowed(write, act, 'discard');
  const { amending, addendum } = reportOf(write, act.draft);
  const keep = { draft: act.draft, kind: 'saved' as const, createdAt: act.at, actor: act.actor };
  if (amending !== 'addendum') keepVersion(write, keep);
  else if (addendum.trim() !== '') keepVersion(write, { ...keep, document: discardedAddendum(addendum) });
  const inForce = inForceOf(releasesOf(write, act.draft));
  const signed = amending === 'correction' && inForce ? version(write, act.draft, inForce.number) : null;
  if (signed) write.run('UPDATE drafts SET document = ? WHERE id = ?', toJson(signed.document), act.draft);
  moveTo(write, act.draft, to, act.at);
  const detail = { what: amending ?? 'report', reasonCharacters: reason.length };
  append(write, { ...by(act), event: 'report.discarded', subject: act.draft, detail });
}

const discardedAddendum = (text: string): ReportDocument => ({
  sections: [
    {
      key: 'findings',
      paragraphs: [
        [{ text: 'Addendum, discarded before it was signed:', source: null }],
        ...text.split('\n').map((line) => [{ text: line, source: null }]),
      ],
    },
  ],
});

/**
 * The late images were looked at. AppError `conflict` when they are not as many as the person was told of: one that
 * came meanwhile was not looked at.
 */
export function reportStands(
  write: Write,
  { draft, at, actor, lateImages }: Omit<Act, 'revision'> & { lateImages: number },
): void {
  const { images } = reportOf(write, draft);
  const late = statusOf(write, draft).lateImages;
  if (late !== lateImages)
    throw new AppError(
      'conflict',
      `Expected ${late} late images to have been looked at, found ${lateImages}. Look at the study again.`,
    );
  write.run('UPDATE drafts SET known_images = ? WHERE id = ?', images, draft);
  append(write, { at, actor, event: 'report.verified', subject: draft, detail: { images, lateImages } });
}

/** The exact text that would be released now. */
export function textToSign(read: Read, draft: DraftId): { revision: number; text: string; sha256: string } {
  const { study, amending, addendum, reason, revision } = reportOf(read, draft);
  const found = openStudy(read, study);
  const stored = draftById(read, draft);
  if (!found || !stored) throw new AppError('not-found', 'Expected the study of the report, found none.');
  const { patient, id, date, accession, description } = found.summary;
  const inForce = inForceOf(releasesOf(read, draft));
  const text = signedText({
    patient,
    study: { id, date, accession, description },
    document: stored.document,
    language: languageOf(stored.sources),
    addenda: addendaOf(read, draft),
    addendum: amending === 'addendum' ? addendum : null,
    correction: amending === 'correction' && inForce ? { reason, replaces: inForce.number, at: inForce.at } : null,
  });
  return { revision, text, sha256: sha256Of(text) };
}

export const sha256Of = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export interface Release extends Act {
  act: 'preliminary' | 'sign';
  person: { id: PersonId; login: string; name: string };
  /** Of the text that the person saw. */
  sha256: string;
  checks: readonly RaisedCheck[];
  overrides: readonly Override[];
  notLookedAt: number;
}

/** Releases exactly what the person saw. AppError `conflict` when that is not the present text; `refused` when empty. */
export function release(write: Write, release: Release): void {
  const { draft, act, at, actor, person } = release;
  const to = allowed(write, release, act);
  const row = reportOf(write, draft);
  const { text, sha256 } = textToSign(write, draft);
  if (sha256 !== release.sha256)
    throw new AppError('conflict', 'Expected the text that you saw, found another one. Read it again before you sign.');
  if (row.amending === 'addendum' && row.addendum.trim() === '')
    throw new AppError('refused', 'Expected the text of the addendum, found none. Write it or discard the addendum.');
  const kind = act === 'preliminary' ? 'preliminary' : ReleasedVersion.shape.kind.parse(to.stage);
  const { number } = keepVersion(write, { draft, kind, createdAt: at, actor });
  write.run(
    `INSERT INTO releases (draft, number, kind, at, person, login, name, text, sha256, addendum, reason, checks,
       overrides, not_looked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[draft, number, kind, at, person.id, person.login, person.name, text, sha256],
    ...[row.amending === 'addendum' ? row.addendum : '', row.amending === 'correction' ? row.reason : ''],
    ...[toJson(release.checks), toJson(release.overrides), release.notLookedAt],
  );
  moveTo(write, draft, to, at);
  write.run('UPDATE drafts SET known_images = ? WHERE id = ?', row.images, draft);
  for (const { check, reason } of release.overrides)
    append(write, {
      ...by(release),
      event: 'check.overridden',
      subject: draft,
      detail: { check, level: levelOf(release.checks, check), reasonCharacters: reason.length },
    });
  append(write, {
    ...by(release),
    event: act === 'preliminary' ? 'report.released' : 'report.signed',
    subject: draft,
    detail: {
      study: row.study,
      number,
      kind,
      sha256,
      characters: text.length,
      overrides: release.overrides.length,
      notLookedAt: release.notLookedAt,
    },
  });
}

const levelOf = (checks: readonly RaisedCheck[], name: string): string =>
  checks.find(({ check }) => check === name)?.level ?? '';

const ReleaseRow = z
  .object({
    ...ReleasedVersion.omit({ overrides: true, findingsNotLookedAt: true }).shape,
    overrides: Json(z.array(Override)),
    notLookedAt: z.int(),
  })
  .transform(({ notLookedAt, ...row }): ReleasedVersion => ({ ...row, findingsNotLookedAt: notLookedAt }));
const columns = 'number, kind, at, login, name, sha256, reason, overrides, not_looked_at AS notLookedAt';

/** Oldest first. */
export function releasesOf(read: Read, draft: DraftId): ReleasedVersion[] {
  return read.all(ReleaseRow, `SELECT ${columns} FROM releases WHERE draft = ? ORDER BY number`, draft);
}

/** AppError `not-found`; `refused` when the text is not what was signed. */
export function releaseOf(
  read: Read,
  draft: DraftId,
  number: number,
): { version: ReleasedVersion; text: string; checks: RaisedCheck[] } {
  const found = releasesOf(read, draft).find((one) => one.number === number);
  const kept = read.get(
    z.object({ text: z.string(), checks: Json(z.array(RaisedCheck)) }),
    'SELECT text, checks FROM releases WHERE draft = ? AND number = ?',
    ...[draft, number],
  );
  if (!found || !kept) throw new AppError('not-found', `Expected a released version ${number}, found none.`);
  if (sha256Of(kept.text) !== found.sha256)
    throw new AppError('refused', `Version ${number} is not what was signed: its hash differs. Verify the audit log.`);
  return { version: found, ...kept };
}

function addendaOf(read: Read, draft: DraftId): { text: string; name: string; at: number }[] {
  return read.all(
    z.object({ text: z.string(), name: z.string(), at: z.number() }),
    `SELECT addendum AS text, name, at FROM releases WHERE draft = ? AND kind = 'addendum' ORDER BY number`,
    draft,
  );
}

/** Whether a report of the study was released: images that come now are late. Answers with its id. */
export function releasedDraftOf(read: Read, study: StudyId): DraftId | null {
  const row = read.get(
    z.object({ id: DraftId, released: z.int() }),
    `SELECT d.id, EXISTS (SELECT 1 FROM releases r WHERE r.draft = d.id) AS released
     FROM drafts d WHERE d.study = ? AND d.stage <> 'discarded' ORDER BY d.place DESC LIMIT 1`,
    study,
  );
  return row?.released ? row.id : null;
}

/** The study's reports before the present one, newest first: each was discarded, or replaced before anybody wrote in it. */
export function earlierReports(read: Read, study: StudyId): { draft: DraftId; stage: ReportStage }[] {
  return read.all(
    z.object({ draft: DraftId, stage: ReportStage }),
    'SELECT id AS draft, stage FROM drafts WHERE study = ? ORDER BY place DESC LIMIT -1 OFFSET 1',
    study,
  );
}

/** Earlier examinations of the same patient that are stored here. */
export function priorsOf(read: Read, study: StudyId): number {
  return (
    read.get(
      Count,
      `SELECT count(*) AS n FROM studies s JOIN studies t ON t.patient = s.patient AND t.uid <> s.uid
       WHERE s.uid = ? AND t.date || t.time < s.date || s.time`,
      study,
    )?.n ?? 0
  );
}

const by = ({ at, actor }: { at: number; actor: string }) => ({ at, actor });
