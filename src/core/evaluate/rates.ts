/** Shares at an operating point, each with its interval. */
import type { Interval } from '../pack/pack.ts';
import { bootstrap } from './resamples.ts';

export interface Counts {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  trueNegatives: number;
}

/** null: there is no film that the share could be of. */
export interface Rates {
  counts: Counts;
  sensitivity: Interval | null;
  specificity: Interval | null;
  precision: Interval | null;
}

/** Sensitivity and specificity by the wider of Wilson and the draws, precision by Wilson. */
export function ratesOf(
  truth: readonly boolean[],
  called: readonly boolean[],
  draws: readonly (readonly number[])[],
): Rates {
  const count = (is: boolean, calls: boolean) => truth.filter((one, row) => one === is && called[row] === calls).length;
  const [truePositives, falsePositives] = [count(true, true), count(false, true)];
  const [falseNegatives, trueNegatives] = [count(true, false), count(false, false)];
  const among = (rows: readonly number[], is: boolean) => {
    const those = rows.filter((row) => truth[row] === is);
    return those.filter((row) => called[row] === is).length / those.length;
  };
  return {
    counts: { truePositives, falsePositives, falseNegatives, trueNegatives },
    sensitivity: wider(truePositives, truePositives + falseNegatives, draws, (rows) => among(rows, true)),
    specificity: wider(trueNegatives, trueNegatives + falsePositives, draws, (rows) => among(rows, false)),
    precision: wilson(truePositives, truePositives + falsePositives),
  };
}

function wider(
  hits: number,
  total: number,
  draws: readonly (readonly number[])[],
  figure: (rows: readonly number[]) => number,
): Interval | null {
  const alone = wilson(hits, total);
  if (!alone) return null;
  const drawn = bootstrap(alone.value, draws, figure);
  return { value: alone.value, low: Math.min(alone.low, drawn.low), high: Math.max(alone.high, drawn.high) };
}

const Z = 1.959964;

/** A share with Wilson's 95 % interval (1927); null of none. */
export function wilson(hits: number, total: number): Interval | null {
  if (total === 0) return null;
  const p = hits / total;
  const spread = 1 + (Z * Z) / total;
  const centre = (p + (Z * Z) / (2 * total)) / spread;
  const half = (Z * Math.sqrt((p * (1 - p)) / total + (Z * Z) / (4 * total * total))) / spread;
  return { value: p, low: Math.max(0, Math.min(p, centre - half)), high: Math.min(1, Math.max(p, centre + half)) };
}
