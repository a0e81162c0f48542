/** Drafts: the working text, saved under a revision, and versions that never change. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Draft, DraftVersion, ReportDocument, SourceSentence } from '#core/report/report.ts';
import { AnalysisId, DraftId, InstanceId, StudyId } from '#core/study/ids.ts';
import { AppError } from '#contract/errors.ts';
import { canonicalJson, toJson } from '../files/json.ts';
import { append } from './audit.ts';
import type { Read, Write } from './handles.ts';
import { Json } from './rows.ts';
import { allowed } from './standing.ts';
import { keepUndo } from './undo.ts';

const NotUsed = z.object({ instance: InstanceId, reason: z.string() });
export type NotUsed = z.infer<typeof NotUsed>;

const DraftRow = z.object({
  id: DraftId,
  study: StudyId,
  instance: InstanceId.nullable(),
  analysis: AnalysisId.nullable(),
  sources: Json(z.array(SourceSentence)),
  document: Json(ReportDocument),
  revision: z.int(),
  savedAt: z.number(),
});
const columns = 'id, study, instance, analysis, sources, document, revision, saved_at AS savedAt';

/** The study's draft: the newest one. */
export function draftOf(read: Read, study: StudyId): Draft | null {
  return read.get(DraftRow, `SELECT ${columns} FROM drafts WHERE study = ? ORDER BY place DESC LIMIT 1`, study);
}

export function draftById(read: Read, id: DraftId): Draft | null {
  return read.get(DraftRow, `SELECT ${columns} FROM drafts WHERE id = ?`, id);
}

/** The study's other films, and why the draft was not made from them. */
export function notUsedOf(read: Read, id: DraftId): NotUsed[] {
  const Row = z.object({ not_used: Json(z.array(NotUsed)) });
  return read.get(Row, 'SELECT not_used FROM drafts WHERE id = ?', id)?.not_used ?? [];
}

export interface NewDraft {
  draft: Draft;
  notUsed: readonly NotUsed[];
  /** The draft that the caller knows as the study's; `conflict` when it is another, or was edited since. */
  replaces: { draft: DraftId; revision: number } | null;
  actor: string;
}

/** Makes `draft` the study's draft; a model's text becomes version 1. An earlier draft stays, with its versions. */
export function addDraft(write: Write, { draft, notUsed, replaces, actor }: NewDraft): void {
  const present = draftOf(write, draft.study);
  if ((present?.id ?? null) !== (replaces?.draft ?? null) || (present?.revision ?? 0) !== (replaces?.revision ?? 0))
    throw new AppError(
      'conflict',
      'The study got another draft, or its text was changed, in the meantime. Open it again.',
    );
  write.run(
    `INSERT INTO drafts (id, study, instance, analysis, sources, not_used, document, revision, created_at, saved_at, stage)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[draft.id, draft.study, draft.instance, draft.analysis, toJson(draft.sources), toJson(notUsed)],
    ...[toJson(draft.document), draft.revision, draft.savedAt, draft.savedAt],
    draft.revision === 0 && draft.analysis !== null ? 'ai-draft' : 'in-progress',
  );
  write.run(`UPDATE studies SET refused = '' WHERE uid = ?`, draft.study);
  append(write, {
    at: draft.savedAt,
    actor,
    event: 'draft.made',
    subject: draft.id,
    detail: {
      study: draft.study,
      instance: draft.instance,
      analysis: draft.analysis,
      sentences: draft.sources.length,
      replaces: replaces?.draft ?? null,
    },
  });
  if (draft.analysis !== null) keepVersion(write, { draft: draft.id, kind: 'model', createdAt: draft.savedAt, actor });
}

export interface Save {
  draft: DraftId;
  /** The revision that the caller's text was based on. */
  revision: number;
  document: ReportDocument;
  savedAt: number;
  actor: string;
  /** What the editor can undo of it; it is dropped where none is given. */
  undo?: string | null;
}

/** Answers with the new revision; `conflict` when the stored one is not the caller's, or the report is signed. */
export function saveDraft(write: Write, { draft, revision, document, savedAt, actor, undo = null }: Save): number {
  const to = allowed(write, { draft, revision }, 'edit');
  write.run(
    'UPDATE drafts SET document = ?, stage = ?, revision = revision + 1, saved_at = ? WHERE id = ?',
    ...[toJson(document), to.stage, savedAt, draft],
  );
  if (undo !== null) keepUndo(write, { draft, login: actor, undo });
  append(write, {
    at: savedAt,
    actor,
    event: 'draft.saved',
    subject: draft,
    detail: { revision: revision + 1, characters: charactersOf(document) },
  });
  return revision + 1;
}

export interface Keep {
  draft: DraftId;
  kind: DraftVersion['kind'];
  createdAt: number;
  actor: string;
  /** Else the stored text. */
  document?: ReportDocument;
}

/** Keeps the stored text as an immutable version; text that is kept already gets a second one only when it is released. */
export function keepVersion(write: Write, { draft, kind, createdAt, actor, ...keep }: Keep): DraftVersion {
  const stored = draftById(write, draft);
  if (!stored) throw new AppError('not-found', 'Expected a stored draft, found none under this id.');
  const document = keep.document ?? stored.document;
  const text = canonicalJson(document);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const last = versions(write, draft).at(-1);
  if (last?.sha256 === sha256 && (kind === 'model' || kind === 'saved')) return last;
  const number = (last?.number ?? 0) + 1;
  const version = { number, kind, createdAt, actor, sha256, characters: charactersOf(document) };
  write.run(
    `INSERT INTO draft_versions (draft, number, kind, created_at, actor, sha256, characters, document)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[draft, number, kind, createdAt, actor, sha256, version.characters, text],
  );
  append(write, {
    at: createdAt,
    actor,
    event: 'draft.kept',
    subject: draft,
    detail: { number, kind, sha256, characters: version.characters, revision: stored.revision },
  });
  return version;
}

const versionColumns = 'number, kind, created_at AS createdAt, actor, sha256, characters';

/** Oldest first. */
export function versions(read: Read, draft: DraftId): DraftVersion[] {
  return read.all(DraftVersion, `SELECT ${versionColumns} FROM draft_versions WHERE draft = ? ORDER BY number`, draft);
}

/** Checks the text against its hash: `refused` when it is not what was kept. */
export function version(
  read: Read,
  draft: DraftId,
  number: number,
): { version: DraftVersion; document: ReportDocument } | null {
  const row = read.get(
    DraftVersion.extend({ document: z.string() }),
    `SELECT ${versionColumns}, document FROM draft_versions WHERE draft = ? AND number = ?`,
    draft,
    number,
  );
  if (!row) return null;
  const { document, ...kept } = row;
  if (createHash('sha256').update(document).digest('hex') !== kept.sha256)
    throw new AppError('refused', `Version ${number} is not what was kept: its hash differs. Verify the audit log.`);
  return { version: kept, document: Json(ReportDocument).parse(document) };
}

/** Remembers that no film of the study could be drafted from, and why; a draft takes that back. */
export function markRefused(
  write: Write,
  refusal: { study: StudyId; reason: string; at: number; actor: string },
): void {
  const { study, reason, at, actor } = refusal;
  const changed = write.run('UPDATE studies SET refused = ? WHERE uid = ?', reason, study);
  if (changed === 0) throw new AppError('not-found', 'Expected a stored study, found none under this UID.');
  append(write, { at, actor, event: 'study.refused', subject: study, detail: { reason } });
}

/** Characters of text, without section headings. */
function charactersOf(document: ReportDocument): number {
  return document.sections.flatMap((section) => section.paragraphs.flat()).reduce((n, run) => n + run.text.length, 0);
}
