/** Brings stored values of any type to at most 16 bits for display, with the header that then describes them. */
import { isShort, type ShortSamples } from '#core/imaging/halve.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Pixels } from '#core/imaging/pixels.ts';

export interface Short {
  data: ShortSamples;
  header: ImageHeader;
  min: number;
  max: number;
}

const STEPS = 65_535;

/**
 * 8 and 16 bits are passed through. 32-bit integers and floats are counted in steps from their smallest value (exact
 * where an integer range fits), and the rescale of the copied header undoes that. Display only: measurements and
 * models use the values themselves.
 */
export function shorten(pixels: Pixels, header: ImageHeader): Short {
  const { data, min, max } = pixels;
  if (isShort(data)) return { data, header, min, max };
  const whole = pixels.kind === 'u32' || pixels.kind === 'i32';
  const step = whole && max - min <= STEPS ? 1 : (max - min) / STEPS || 1;
  const steps = new Uint16Array(data.length);
  for (let at = 0; at < data.length; at += 1)
    steps[at] = Math.min(STEPS, Math.max(0, Math.round(((data[at] ?? min) - min) / step)));
  return {
    data: steps,
    min: 0,
    max: Math.round((max - min) / step),
    header: {
      ...header,
      signed: false,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      pixelPadding: null,
      rescaleSlope: header.rescaleSlope * step,
      rescaleIntercept: header.rescaleIntercept + header.rescaleSlope * min,
    },
  };
}
