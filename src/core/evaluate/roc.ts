/** How well a score tells films with a finding from films without: the curve and the area under it. */

/**
 * Mann–Whitney's share of pairs in the right order, ties counting half; NaN without both classes. Equal to the area
 * under the ROC curve (Hanley and McNeil 1982).
 */
export function auc(truth: readonly boolean[], score: readonly number[]): number {
  const order = [...score.keys()].sort((a, b) => at(score, a) - at(score, b));
  const positives = truth.filter(Boolean).length;
  const negatives = truth.length - positives;
  if (positives === 0 || negatives === 0) return Number.NaN;
  let ranks = 0;
  for (let first = 0; first < order.length;) {
    let last = first;
    while (last + 1 < order.length && at(score, order[last + 1]) === at(score, order[first])) last++;
    const rank = (first + last) / 2 + 1;
    for (let i = first; i <= last; i++) if (truth[order[i] ?? -1]) ranks += rank;
    first = last + 1;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

const at = (values: readonly number[], index: number | undefined): number => values[index ?? -1] ?? Number.NaN;

/** Share of films without the finding that are called, and of those with it, at one threshold. */
export interface RocPoint {
  falsePositives: number;
  truePositives: number;
}

/** From (0, 0) to (1, 1), one point after each different score, highest first; empty without both classes. */
export function rocCurve(truth: readonly boolean[], score: readonly number[]): RocPoint[] {
  const positives = truth.filter(Boolean).length;
  const negatives = truth.length - positives;
  if (positives === 0 || negatives === 0) return [];
  const order = [...score.keys()].sort((a, b) => at(score, b) - at(score, a));
  const points: RocPoint[] = [{ falsePositives: 0, truePositives: 0 }];
  let [hits, misses] = [0, 0];
  for (const [place, index] of order.entries()) {
    if (truth[index]) hits++;
    else misses++;
    if (at(score, order[place + 1]) === at(score, index)) continue;
    points.push({ falsePositives: misses / negatives, truePositives: hits / positives });
  }
  return points;
}
