/** Smallest and largest sample, the second time without pixel padding. */
import type { Samples } from '#core/imaging/pixels.ts';
import type { PixelFormat } from './format.ts';

export interface Extent {
  min: number;
  max: number;
}

/** NaN (float pixels) counts as nothing; with nothing to count both are 0. */
export function extent(data: Samples): Extent {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return finite(min, max);
}

/** Without the values of the padding range; of all samples where the frame is nothing but padding. */
export function extentOutside(data: Samples, padding: NonNullable<PixelFormat['padding']>): Extent {
  const { low, high } = padding;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    if (value >= low && value <= high) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? extent(data) : { min, max };
}

const finite = (min: number, max: number): Extent =>
  min > max ? { min: 0, max: 0 } : { min: Math.max(min, -Number.MAX_VALUE), max: Math.min(max, Number.MAX_VALUE) };
