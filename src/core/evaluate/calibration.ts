/** Whether of films with a probability of p a share of p has the finding. */
import { wilson } from './rates.ts';
import type { Interval } from '../pack/pack.ts';

export interface ReliabilityBin {
  films: number;
  /** Mean probability of the bin's films. */
  said: number;
  /** Share of them that has the finding. */
  found: Interval;
}

/** Films in order of probability in `bins` parts of equal size (the first ones one larger); empty parts left out. */
export function reliability(truth: readonly boolean[], probability: readonly number[], bins: number): ReliabilityBin[] {
  const order = [...probability.keys()].sort((a, b) => (probability[a] ?? 0) - (probability[b] ?? 0));
  const small = Math.floor(order.length / bins);
  const larger = order.length % bins;
  const parts: ReliabilityBin[] = [];
  for (let bin = 0, from = 0; bin < bins; bin++) {
    const rows = order.slice(from, from + small + (bin < larger ? 1 : 0));
    from += rows.length;
    const found = wilson(rows.filter((row) => truth[row]).length, rows.length);
    if (!found) continue;
    const said = rows.reduce((sum, row) => sum + (probability[row] ?? 0), 0) / rows.length;
    parts.push({ films: rows.length, said, found });
  }
  return parts;
}

/** Expected calibration error (Naeini 2015) over such parts, in probability; NaN of no films. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const films = bins.reduce((sum, bin) => sum + bin.films, 0);
  return bins.reduce((sum, { films: n, said, found }) => sum + n * Math.abs(said - found.value), 0) / films;
}

/** Ten parts; five where ten would hold fewer than 20 films each. */
export const binsFor = (films: number): number => (films >= 200 ? 10 : 5);
