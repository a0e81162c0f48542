/** What the auditor's list shows of a report, read from the store. */
import * as z from 'zod';
import { DraftId, StudyId } from '#core/study/ids.ts';
import { Patient } from '#core/study/study.ts';
import { ReportStage } from '#core/report/states.ts';
import { ReportDocument } from '#core/report/report.ts';
import { Override, RaisedCheck } from '#core/report/signing.ts';
import type { Read } from './handles.ts';
import { Flag, Json } from './rows.ts';

/** Every report and its revision: what goes up whenever a report changes. In the order in which they were made. */
export const revisionsOf = (read: Read): { draft: DraftId; revision: number }[] =>
  read.all(z.object({ draft: DraftId, revision: z.int() }), 'SELECT id AS draft, revision FROM drafts ORDER BY place');

const StoredRow = z.object({
  draft: DraftId,
  study: StudyId,
  patient: Json(Patient),
  date: z.string(),
  description: z.string(),
  synthetic: Flag,
  stage: ReportStage,
  revision: z.int(),
  createdAt: z.number(),
  savedAt: z.number(),
  packId: z.string().nullable(),
  packVersion: z.string().nullable(),
  analysedAt: z.number().nullable(),
  /** Who signed or released it last, else who wrote in it last. */
  reader: z.string().nullable(),
  signedAt: z.number().nullable(),
});
export type StoredRow = z.infer<typeof StoredRow>;

export function storedRow(read: Read, draft: DraftId): StoredRow | null {
  return read.get(
    StoredRow,
    `SELECT d.id AS draft, d.study, s.person AS patient, s.date, s.description, s.synthetic, d.stage, d.revision,
       d.created_at AS createdAt, d.saved_at AS savedAt, a.pack_id AS packId, a.pack_version AS packVersion,
       a.created_at AS analysedAt,
       coalesce((SELECT login FROM releases r WHERE r.draft = d.id ORDER BY number DESC LIMIT 1),
         (SELECT actor FROM audit l WHERE l.subject = d.id AND l.event IN ('draft.made', 'draft.saved')
          ORDER BY seq DESC LIMIT 1)) AS reader,
       (SELECT min(at) FROM releases r WHERE r.draft = d.id AND r.kind <> 'preliminary') AS signedAt
     FROM drafts d JOIN studies s ON s.uid = d.study LEFT JOIN analyses a ON a.id = d.analysis WHERE d.id = ?`,
    draft,
  );
}

/** The model's text; null where a person began. */
export function draftedText(read: Read, draft: DraftId): ReportDocument | null {
  const Row = z.object({ document: Json(ReportDocument) });
  const sql = `SELECT document FROM draft_versions WHERE draft = ? AND kind = 'model' ORDER BY number LIMIT 1`;
  return read.get(Row, sql, draft)?.document ?? null;
}

/** The signed text in force (an addendum leaves it as it was), else the text as it stands. */
export function textInForce(read: Read, draft: DraftId): ReportDocument {
  const Row = z.object({ document: Json(ReportDocument) });
  const signed = read.get(
    Row,
    `SELECT v.document FROM draft_versions v WHERE v.draft = ? AND v.kind IN ('final', 'addendum', 'corrected')
     ORDER BY v.number DESC LIMIT 1`,
    draft,
  );
  return (signed ?? read.get(Row, 'SELECT document FROM drafts WHERE id = ?', draft))?.document ?? { sections: [] };
}

const Signed = z.object({ checks: Json(z.array(RaisedCheck)), overrides: Json(z.array(Override)) });

/** What the checks raised and why it was signed over, for every signed version; oldest first. */
export const signedOver = (read: Read, draft: DraftId): z.infer<typeof Signed>[] =>
  read.all(
    Signed,
    `SELECT checks, overrides FROM releases WHERE draft = ? AND kind <> 'preliminary' ORDER BY number`,
    draft,
  );

/** Of all reports. */
export function reviewCounts(read: Read): Map<DraftId, number> {
  const rows = read.all(
    z.object({ draft: DraftId, n: z.int() }),
    'SELECT draft, count(*) AS n FROM reviews GROUP BY draft',
  );
  return new Map(rows.map(({ draft, n }) => [draft, n]));
}

/** Findings that any model was ever asked for. */
export const knownFindings = (read: Read) =>
  read.plain('SELECT DISTINCT label, name FROM findings ORDER BY name').map(([label, name]) => ({
    label: String(label),
    name: String(name),
  }));

/** Reports in which the model marked the finding. */
export function markedWith(read: Read, label: string): Set<DraftId> {
  const rows = read.all(
    z.object({ draft: DraftId }),
    `SELECT d.id AS draft FROM drafts d JOIN findings f ON f.analysis = d.analysis WHERE f.label = ? AND f.positive = 1`,
    label,
  );
  return new Set(rows.map(({ draft }) => draft));
}

/** Signed addenda, oldest first. */
export const addendaInForce = (read: Read, draft: DraftId) =>
  read.all(
    z.object({ text: z.string(), name: z.string(), at: z.number() }),
    `SELECT addendum AS text, name, at FROM releases WHERE draft = ? AND kind = 'addendum' ORDER BY number`,
    draft,
  );
