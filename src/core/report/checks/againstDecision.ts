/** Text and decision that have come apart, by an undo or by words typed against it. */
import type { CheckedFinding, CheckResult } from './check.ts';

/** Of a marked finding that was accepted, `missed-finding` and `denied-finding` speak. */
export const againstDecision = (findings: readonly CheckedFinding[]): CheckResult[] =>
  findings
    .filter(({ differs, decision, positive }) => differs && (decision === 'rejected' || !positive))
    .map(({ label, name, decision, differs }) => ({
      check: 'against-decision',
      label,
      places: [],
      message:
        decision === 'rejected'
          ? `${name} was rejected, and the text ${differs === 'stands' ? 'still says otherwise' : 'does not say what was stated of it'}.`
          : `${name} was said to be there, and the text ${differs === 'stands' ? 'says otherwise' : 'does not say it'}.`,
    }));
