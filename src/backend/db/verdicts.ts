/** What readers think of a model's findings: seen, accepted, rejected, modified. Nothing is taken back, only added to. */
import { AppError } from '#contract/errors.ts';
import { FindingVerdict } from '#core/report/signing.ts';
import { DraftId, type AnalysisId, type LabelId } from '#core/study/ids.ts';
import * as z from 'zod';
import { append } from './audit.ts';
import type { Read, Write } from './handles.ts';
import { Count } from './rows.ts';
import { allowed } from './standing.ts';

/** Oldest first: the newest of each finding counts. */
export function verdictsOf(read: Read, analysis: AnalysisId): FindingVerdict[] {
  return read.all(
    FindingVerdict,
    'SELECT analysis, label, verdict, note, stated, login, at FROM finding_verdicts WHERE analysis = ? ORDER BY place',
    analysis,
  );
}

/**
 * AppError `not-found`; `conflict` where the report may not be edited: what was signed is judged again only in a
 * correction. To have seen a finding adds nothing to a judgement that is there.
 */
export function addVerdict(write: Write, verdict: FindingVerdict): FindingVerdict {
  const { analysis, label, note, stated, login, at } = verdict;
  const known = write.get(
    Count,
    'SELECT count(*) AS n FROM findings WHERE analysis = ? AND label = ?',
    analysis,
    label,
  );
  if (!known?.n) throw new AppError('not-found', 'Expected a finding of this analysis, found none under this label.');
  const last = verdictsOf(write, analysis).findLast((one) => one.label === label);
  const same =
    last?.verdict === verdict.verdict && last.note === note && last.stated === stated && last.login === login;
  if (last && (verdict.verdict === 'seen' || same)) return last;
  const Report = z.object({ draft: DraftId, revision: z.int() });
  const newest = 'SELECT id AS draft, revision FROM drafts WHERE analysis = ? ORDER BY place DESC LIMIT 1';
  const report = write.get(Report, newest, analysis);
  if (report) allowed(write, report, 'edit');
  write.run(
    'INSERT INTO finding_verdicts (analysis, label, verdict, note, stated, login, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ...[analysis, label, verdict.verdict, note, stated, login, at],
  );
  const detail = { label, noteCharacters: note.length, statedCharacters: stated.length };
  append(write, { at, actor: login, event: `finding.${verdict.verdict}`, subject: analysis, detail });
  return verdict;
}

/** Labels that somebody looked at. */
export function lookedAt(read: Read, analysis: AnalysisId): Set<LabelId> {
  const labels = read.all(
    z.object({ label: FindingVerdict.shape.label }),
    'SELECT DISTINCT label FROM finding_verdicts WHERE analysis = ?',
    analysis,
  );
  return new Set(labels.map(({ label }) => label));
}
