/** Which findings may not be denied beside others that are flagged: who says pneumonia cannot say "no consolidation". */
import type { Finding } from '../findings/findings.ts';
import table from './denials.json' with { type: 'json' };

/** `enlarged`: the heart was measured as enlarged, so that cardiomegaly is not denied. */
export function mayStandBeside(
  { label }: Pick<Finding, 'label'>,
  positives: readonly Pick<Finding, 'label'>[],
  enlarged: boolean,
): boolean {
  if (label === 'cardiomegaly' && enlarged) return false;
  const against = Object.entries(table).find(([id]) => id === label)?.[1] ?? [];
  return !positives.some((finding) => against.includes(finding.label));
}
