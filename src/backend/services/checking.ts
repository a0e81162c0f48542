/** A stored report as the checks before signing see it. */
import { AppError } from '#contract/errors.ts';
import type { CheckedFinding } from '#core/report/checks/check.ts';
import { checksBeforeSigning } from '#core/report/checks/checks.ts';
import { neverLookedAt } from '#core/report/checks/notLookedAt.ts';
import type { FindingVerdict, RaisedCheck } from '#core/report/signing.ts';
import type { DraftId } from '#core/study/ids.ts';
import { analysisOf } from '../db/analyses.ts';
import { draftById } from '../db/drafts.ts';
import type { Read } from '../db/handles.ts';
import { checkPolicy } from '../db/policies.ts';
import { priorsOf } from '../db/reports.ts';
import { instanceOf, openStudy } from '../db/studies.ts';
import { verdictsOf } from '../db/verdicts.ts';

export interface Raised {
  checks: RaisedCheck[];
  findingsNotLookedAt: number;
}

/** AppError `not-found`. */
export function raisedChecks(read: Read, draft: DraftId): Raised {
  const stored = draftById(read, draft);
  const study = stored && openStudy(read, stored.study);
  if (!stored || !study) throw new AppError('not-found', 'Expected a stored report, found none under this id.');
  const findings = findingsOf(read, stored.analysis);
  const results = checksBeforeSigning({
    document: stored.document,
    patient: {
      sex: study.summary.patient.sex,
      ageYears: (stored.instance && instanceOf(read, stored.instance)?.header.patientAgeYears) ?? null,
    },
    findings,
    heart: null,
    priors: priorsOf(read, stored.study),
  });
  const policy = checkPolicy(read);
  return {
    checks: results.map((result) => ({ ...result, level: policy[result.check] })),
    findingsNotLookedAt: neverLookedAt(findings).length,
  };
}

function findingsOf(read: Read, analysis: Parameters<typeof analysisOf>[1] | null): CheckedFinding[] {
  const found = analysis && analysisOf(read, analysis);
  if (!found) return [];
  const verdicts = verdictsOf(read, found.id);
  return found.findings.map(({ label, name, positive }) => {
    const newest = verdicts.findLast((one) => one.label === label);
    return { label, name, positive, side: null, decision: decisionOf(newest), looked: newest !== undefined };
  });
}

/** A finding that was modified was accepted as one. */
function decisionOf(verdict: FindingVerdict | undefined): CheckedFinding['decision'] {
  if (verdict?.verdict === 'rejected') return 'rejected';
  return verdict?.verdict === 'accepted' || verdict?.verdict === 'modified' ? 'accepted' : null;
}
