/** Positive findings that nobody looked at. */
import type { CheckedFinding, CheckResult } from './check.ts';

/** Those that the reader neither selected nor decided on. */
export const neverLookedAt = (findings: readonly CheckedFinding[]): CheckedFinding[] =>
  findings.filter(({ positive, looked, decision }) => positive && !looked && decision === null);

export function notLookedAt(findings: readonly CheckedFinding[]): CheckResult[] {
  return neverLookedAt(findings).map(({ label, name }) => ({
    check: 'not-looked-at',
    label,
    places: [],
    message: `${name} was marked by the model and never looked at.`,
  }));
}
