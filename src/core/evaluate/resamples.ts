/** Intervals by bootstrap over patients: all films of a patient are drawn together. */
import type { Interval } from '../pack/pack.ts';
import { mulberry32 } from '../phantom/random.ts';

/** Draws of one evaluation, and the seed that makes them again. */
export const DRAWS = 1000;
export const SEED = 3;

/** Of each draw the rows of as many patients as there are, drawn with replacement; `patients` names each row's. */
export function drawsByPatient(patients: readonly string[], draws = DRAWS, seed = SEED): number[][] {
  const rowsOf = new Map<string, number[]>();
  for (const [row, patient] of patients.entries()) {
    const rows = rowsOf.get(patient);
    if (rows) rows.push(row);
    else rowsOf.set(patient, [row]);
  }
  const groups = [...rowsOf.values()];
  const random = mulberry32(seed);
  return Array.from({ length: groups.length === 0 ? 0 : draws }, () =>
    groups.flatMap(() => groups[Math.floor(random() * groups.length)] ?? []),
  );
}

/** 95 % by percentiles of what `figure` says of each draw; draws of which it can say nothing (NaN) are left out. */
export function bootstrap(
  value: number,
  draws: readonly (readonly number[])[],
  figure: (rows: readonly number[]) => number,
): Interval {
  const figures = draws.map(figure).filter((one) => !Number.isNaN(one));
  if (figures.length === 0) return { value, low: value, high: value };
  figures.sort((a, b) => a - b);
  return { value, low: quantileOf(figures, 0.025), high: quantileOf(figures, 0.975) };
}

/** Between order statistics linearly (type 7 of Hyndman and Fan 1996); `sorted` is not empty. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}
