/** Stored value → grey on screen, as one table: modality LUT, VOI, polarity, padding (PS3.4 N.2). */
import type { ImageHeader } from './header.ts';
import { modalityValue } from './modality.ts';
import { isPadding, lowIsBright } from './polarity.ts';
import { type Range, type Voi, voiFraction } from './voi.ts';

/** Large enough for every 16-bit value together with a padding value of the other signedness. */
const LARGEST = 1 << 17;

/**
 * `table[stored − first]` is the grey, 0 black … 255 white, for every value from min to max and for the padding
 * (which `min` and `max` leave out). `invert` is the reader's. Throws a RangeError when there are more than 131,072
 * values (32-bit pixels): use `displayGrey` for each.
 */
export function displayLut(
  header: ImageHeader,
  voi: Voi,
  { min, max }: Range,
  invert: boolean,
): { first: number; table: Uint8ClampedArray } {
  const ends = [min, max, ...(header.pixelPadding ? [header.pixelPadding.value, header.pixelPadding.limit] : [])];
  const first = Math.floor(Math.min(...ends));
  const length = Math.ceil(Math.max(...ends)) - first + 1;
  if (!(length <= LARGEST)) throw new RangeError(`expected at most ${LARGEST} stored values, found ${length}`);
  const table = new Uint8ClampedArray(length);
  for (let i = 0; i < length; i++) table[i] = displayGrey(header, voi, first + i, invert);
  return { first, table };
}

/** 255 × brightness, rounded half up. Padding is background: black whatever the polarity. */
export function displayGrey(header: ImageHeader, voi: Voi, stored: number, invert: boolean): number {
  if (isPadding(header, stored)) return 0;
  const fraction = voiFraction(voi, header, modalityValue(header, stored));
  return Math.floor(255 * (lowIsBright(header) !== invert ? 1 - fraction : fraction) + 0.5);
}
