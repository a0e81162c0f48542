/** Resampling along one axis: exact area coverage when shrinking, else linear between pixel centres; or as skimage does. */
import type { PackInput } from '../pack/pack.ts';

/** For target pixel i: `weights[offset[i] … offset[i + 1])` times the source pixels from `start[i]` on; each sums to 1. */
export interface Taps {
  source: number;
  target: number;
  start: Int32Array;
  offset: Int32Array;
  weights: Float64Array;
}

/**
 * Half-pixel centres, clamped at the edges; the same rule as `resampling` in `models/training/transform.py`. With
 * `gaussian` as `skimage.transform.resize` (0.21): weights sum to less than 1 where pixels beyond the edge are meant.
 */
export function tapsOf(source: number, target: number, filter: PackInput['filter'] = 'area'): Taps {
  const ratio = source / target;
  const start = new Int32Array(target);
  const offset = new Int32Array(target + 1);
  const weights: number[] = [];
  for (let i = 0; i < target; i++) {
    if (filter === 'gaussian') start[i] = smoothed(i, ratio, source, weights);
    else start[i] = target < source ? area(i, ratio, source, weights) : linear(i, ratio, source, weights);
    offset[i + 1] = weights.length;
  }
  return { source, target, start, offset, weights: Float64Array.from(weights) };
}

function area(i: number, ratio: number, source: number, weights: number[]): number {
  const from = i * ratio;
  const to = (i + 1) * ratio;
  const first = Math.floor(from);
  for (let j = first; j < Math.min(source, Math.ceil(to)); j++)
    weights.push(Math.max(0, Math.min(to, j + 1) - Math.max(from, j)) / ratio);
  return first;
}

function linear(i: number, ratio: number, source: number, weights: number[]): number {
  const centre = Math.min(Math.max((i + 0.5) * ratio - 0.5, 0), source - 1);
  const left = Math.floor(centre);
  const part = centre - left;
  if (part === 0) weights.push(1);
  else weights.push(1 - part, part);
  return left;
}

/** A Gaussian of sigma (ratio − 1) / 2 cut off at 4 sigma (`scipy.ndimage.gaussian_filter`), then linear; 0 beyond the edges. */
function smoothed(i: number, ratio: number, source: number, weights: number[]): number {
  const sigma = Math.max(0, (ratio - 1) / 2);
  const radius = Math.floor(4 * sigma + 0.5);
  const bell = (d: number) => (Math.abs(d) > radius ? 0 : d === 0 ? 1 : Math.exp((-0.5 * d * d) / (sigma * sigma)));
  let whole = 0;
  for (let d = -radius; d <= radius; d++) whole += bell(d);
  const centre = (i + 0.5) * ratio - 0.5;
  const left = Math.floor(centre);
  const part = centre - left;
  const [first, last] = [Math.max(0, left - radius), Math.min(source - 1, left + 1 + radius)];
  const nearer = left >= 0 ? (1 - part) / whole : 0;
  const farther = left + 1 < source ? part / whole : 0;
  for (let j = first; j <= last; j++) weights.push(nearer * bell(j - left) + farther * bell(j - left - 1));
  return first;
}

/** The sum of each target pixel's weights. */
export const sumsOf = ({ target, offset, weights }: Taps): Float64Array =>
  Float64Array.from({ length: target }, (_, i) =>
    weights.subarray(offset[i], offset[i + 1]).reduce((sum, weight) => sum + weight, 0),
  );

/** Writes source row `y`, `width` values, into `line`. */
export type ReadRow = (y: number, line: Float32Array) => void;

/**
 * Both axes in one pass over the source: a row is read, shrunk along x, and added to the target rows that it
 * belongs to, so no whole image is ever held. Returns `down.target × across.target` values, row by row.
 */
export function resample(read: ReadRow, across: Taps, down: Taps): Float64Array {
  const out = new Float64Array(across.target * down.target);
  const line = new Float32Array(across.source);
  const narrow = new Float64Array(across.target);
  const done = { row: -1 };
  for (let i = 0; i < down.target; i++) {
    const from = down.offset[i] ?? 0;
    const to = down.offset[i + 1] ?? 0;
    for (let k = from; k < to; k++) {
      const y = (down.start[i] ?? 0) + k - from;
      if (done.row !== y) {
        read(y, line);
        shrink(line, across, narrow);
        done.row = y;
      }
      addScaled(out, i * across.target, narrow, down.weights[k] ?? 0);
    }
  }
  return out;
}

function shrink(line: Float32Array, { target, start, offset, weights }: Taps, out: Float64Array): void {
  for (let i = 0; i < target; i++) {
    const from = offset[i] ?? 0;
    const to = offset[i + 1] ?? 0;
    let x = start[i] ?? 0;
    let sum = 0;
    for (let k = from; k < to; k++) sum += (weights[k] ?? 0) * (line[x++] ?? 0);
    out[i] = sum;
  }
}

function addScaled(out: Float64Array, at: number, values: Float64Array, weight: number): void {
  for (let i = 0; i < values.length; i++) out[at + i] = (out[at + i] ?? 0) + weight * (values[i] ?? 0);
}
