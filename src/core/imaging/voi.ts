/** Values of interest: which modality values become black, white and what lies between (PS3.3 C.11.2). */
import type { ImageHeader, VoiFunction } from './header.ts';
import { lutEntry, modalityRange } from './modality.ts';

/** `index` counts the file's VOI LUTs from 0. A window is in modality values. */
export type Voi = { kind: 'window'; center: number; width: number; fn: VoiFunction } | { kind: 'lut'; index: number };

export interface Range {
  min: number;
  max: number;
}

/** Every VOI LUT and every usable window of the file, in the file's order, LUTs first. */
export function voiChoices(header: ImageHeader): { name: string; voi: Voi }[] {
  const luts = header.voiLuts.map((lut, index) => ({
    name: lut.explanation || `LUT ${index + 1}`,
    voi: { kind: 'lut', index } satisfies Voi,
  }));
  const windows = header.windows
    .filter(({ center, width }) => Number.isFinite(center) && Number.isFinite(width) && width > 0)
    .map(({ center, width, explanation }, index) => ({
      name: explanation || `Window ${index + 1}`,
      voi: { kind: 'window', center, width, fn: header.voiFunction } satisfies Voi,
    }));
  return [...luts, ...windows];
}

/**
 * The file's first VOI LUT, else its first window, else a linear one. Without a VOI the stage is an identity
 * (PS3.3 C.11.2): 8 bits are shown from 0 to 255 as any picture is, more bits over the values that occur.
 */
export function defaultVoi(header: ImageHeader, pixels: Range): Voi {
  const own = voiChoices(header)[0];
  if (own) return own.voi;
  const whole = 2 ** header.bitsStored - 1;
  const asPicture = header.bitsStored <= 8 && !header.signed && pixels.min >= 0 && pixels.max <= whole;
  return fullRange(header, asPicture ? { min: 0, max: whole } : pixels);
}

/** From the smallest to the largest modality value of the pixels. */
export function fullRange(header: ImageHeader, pixels: Range): Voi {
  const [low, high] = modalityRange(header, pixels);
  return { kind: 'window', center: (low + high) / 2, width: high - low || 1, fn: 'LINEAR_EXACT' };
}

/** Where a drag of the window begins: the window itself, or the span of the LUT's input that the pixels use. */
export function windowOf(header: ImageHeader, voi: Voi, pixels: Range): { center: number; width: number } {
  if (voi.kind === 'window') return { center: voi.center, width: voi.width };
  const [low, high] = modalityRange(header, pixels);
  const lut = header.voiLuts[voi.index];
  const from = lut ? Math.max(low, lut.firstMapped) : low;
  const to = lut ? Math.min(high, lut.firstMapped + lut.data.length - 1) : high;
  return to > from
    ? { center: (from + to) / 2, width: to - from }
    : { center: (low + high) / 2, width: high - low || 1 };
}

/**
 * Share of full brightness in [0,1] for a modality value. LINEAR is PS3.3 C.11.2.1.2.1 (with its −0.5 and w − 1),
 * SIGMOID C.11.2.1.3.1, LINEAR_EXACT C.11.2.1.3.2. LINEAR with a width below 1, which the standard forbids,
 * is read as LINEAR_EXACT. Throws a RangeError for a LUT that the file does not have.
 */
export function voiFraction(voi: Voi, header: Pick<ImageHeader, 'voiLuts'>, value: number): number {
  if (voi.kind === 'lut') {
    const lut = header.voiLuts[voi.index];
    if (!lut)
      throw new RangeError(`expected one of the file's ${header.voiLuts.length} VOI LUTs, found index ${voi.index}`);
    return Math.min(1, lutEntry(lut, value) / (2 ** lut.bits - 1));
  }
  const { center, width, fn } = voi;
  if (fn === 'SIGMOID') return 1 / (1 + Math.exp((-4 * (value - center)) / width));
  if (fn === 'LINEAR' && width >= 1) return ramp(value, center - 0.5, width - 1);
  return ramp(value, center, width);
}

/** 0 up to middle − span/2, 1 above middle + span/2, straight between; a span of 0 is a step. */
function ramp(value: number, middle: number, span: number): number {
  const above = value - (middle - span / 2);
  if (above <= 0) return 0;
  return above > span ? 1 : above / span;
}
