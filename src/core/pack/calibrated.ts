/** From a graph's logit to the probability that is shown. */
import type { PackLabel } from './pack.ts';

/** Platt's calibration (1999) as `pack.json` states it, in [0,1]; with a pivot as `op_norm` of torchxrayvision. */
export function calibrated({ calibration }: Pick<PackLabel, 'calibration'>, logit: number): number {
  const { slope, intercept, pivot } = calibration;
  const probability = 1 / (1 + Math.exp(-(slope * logit + intercept)));
  if (pivot === undefined) return probability;
  return probability < pivot ? probability / (2 * pivot) : 1 - (1 - probability) / (2 * (1 - pivot));
}
