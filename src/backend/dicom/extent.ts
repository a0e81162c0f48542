/** Smallest and largest sample of a frame, with and without pixel padding, in one pass. */
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

/** The extent of all samples, and of those that are not padding (of all where nothing else is there). */
export function extents(data: Samples, padding: PixelFormat['padding']): { all: Extent; shown: Extent } {
  if (!padding) {
    const all = extent(data);
    return { all, shown: all };
  }
  const { low, high } = padding;
  let paddingMin = Infinity;
  let paddingMax = -Infinity;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    if (value < low || value > high) {
      if (value < min) min = value;
      if (value > max) max = value;
    } else {
      if (value < paddingMin) paddingMin = value;
      if (value > paddingMax) paddingMax = value;
    }
  }
  const all = finite(Math.min(min, paddingMin), Math.max(max, paddingMax));
  return { all, shown: min > max ? all : finite(min, max) };
}

/** JSON and the wire know no infinity, which float pixels may hold. */
const finite = (min: number, max: number): Extent =>
  min > max ? { min: 0, max: 0 } : { min: Math.max(min, -Number.MAX_VALUE), max: Math.min(max, Number.MAX_VALUE) };
