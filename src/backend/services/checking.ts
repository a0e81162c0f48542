/** A stored report as the checks before signing see it. */
import { AppError } from '#contract/errors.ts';
import type { Analysis } from '#core/findings/findings.ts';
import type { CheckedFinding } from '#core/report/checks/check.ts';
import { standingOf } from '#core/report/decided.ts';
import { isEnlarged } from '#core/measure/enlarged.ts';
import { checksBeforeSigning } from '#core/report/checks/checks.ts';
import { neverLookedAt } from '#core/report/checks/notLookedAt.ts';
import { languageOf } from '#core/report/planned.ts';
import type { ReportDocument, SourceSentence } from '#core/report/report.ts';
import { spansOf } from '#core/report/sentences.ts';
import type { FindingVerdict, RaisedCheck } from '#core/report/signing.ts';
import type { DraftId, LabelId } from '#core/study/ids.ts';
import { closing } from '#core/desk/critical.ts';
import { analysisOf } from '../db/analyses.ts';
import { criticalsOf } from '../db/critical.ts';
import { draftById } from '../db/drafts.ts';
import type { Read } from '../db/handles.ts';
import { checkPolicy } from '../db/policies.ts';
import { priorsOf, statusOf } from '../db/reports.ts';
import { instanceOf, openStudy } from '../db/studies.ts';
import { verdictsOf } from '../db/verdicts.ts';

export interface Raised {
  checks: RaisedCheck[];
  findingsNotLookedAt: number;
}

/** AppError `not-found`. Of an addendum only its own text is checked: the text above it is signed. */
export function raisedChecks(read: Read, draft: DraftId): Raised {
  const stored = draftById(read, draft);
  const study = stored && openStudy(read, stored.study);
  if (!stored || !study) throw new AppError('not-found', 'Expected a stored report, found none under this id.');
  const analysis = stored.analysis && analysisOf(read, stored.analysis);
  const findings = findingsOf(read, analysis, stored);
  const { amending, addendum } = statusOf(read, draft);
  const about = {
    patient: {
      sex: study.summary.patient.sex,
      ageYears: (stored.instance && instanceOf(read, stored.instance)?.header.patientAgeYears) ?? null,
    },
    priors: priorsOf(read, stored.study),
    language: languageOf(stored.sources),
    criticals: criticalsOf(read, stored.study).flatMap((one) => (closing(one) === null ? [one.finding] : [])),
  };
  const results =
    amending === 'addendum'
      ? checksBeforeSigning({ ...about, document: asDocument(addendum), findings: [], heart: null })
          .filter(({ check }) => check !== 'empty-impression')
          .map((result) => ({ ...result, places: [] }))
      : checksBeforeSigning({ ...about, document: stored.document, findings, heart: heartOf(analysis) });
  const policy = checkPolicy(read);
  return {
    checks: results.map((result) => ({ ...result, level: policy[result.check] })),
    findingsNotLookedAt: neverLookedAt(findings).length,
  };
}

const asDocument = (text: string): ReportDocument => ({
  sections: [{ key: 'findings', paragraphs: text.split('\n').map((line) => [{ text: line, source: null }]) }],
});

/** Enlarged as the draft would say it. */
function heartOf(analysis: Analysis | null): { ratio: number; enlarged: boolean } | null {
  const measured = analysis?.anatomy?.measurements.find(({ name }) => name === 'cardiothoracic-ratio');
  return measured ? { ratio: measured.value, enlarged: isEnlarged(measured) } : null;
}

function findingsOf(
  read: Read,
  analysis: Analysis | null,
  { sources, document }: { sources: readonly SourceSentence[]; document: ReportDocument },
): CheckedFinding[] {
  if (!analysis) return [];
  const verdicts = verdictsOf(read, analysis.id);
  const drafted = { sources, findings: analysis.findings };
  const spans = spansOf(document, sources);
  return analysis.findings.map(({ label, name, positive }) => {
    const newest = verdicts.findLast((one) => one.label === label);
    const side = sideOf(label, sources);
    const { kind } = standingOf(drafted, verdicts, label, spans);
    const differs = kind === 'as-decided' ? null : kind;
    return { label, name, positive, side, decision: decisionOf(newest), looked: newest !== undefined, differs };
  });
}

/** The side on which the finding's region was measured to lie; null where none was, or none may be named. */
function sideOf(label: LabelId, sources: readonly SourceSentence[]): CheckedFinding['side'] {
  const places = sources
    .flatMap(({ evidence }) => evidence)
    .flatMap((one) => (one.kind === 'region' && one.label === label && one.place ? [one.place.side] : []));
  const [side] = places;
  return side === undefined ? null : side === 'bilateral' || places.some((other) => other !== side) ? 'both' : side;
}

/** A finding that was modified was accepted as one. */
function decisionOf(verdict: FindingVerdict | undefined): CheckedFinding['decision'] {
  if (verdict?.verdict === 'rejected') return 'rejected';
  return verdict?.verdict === 'accepted' || verdict?.verdict === 'modified' ? 'accepted' : null;
}
