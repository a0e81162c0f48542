/** Whether an image is in colour is asked of its pixels: many grey films come as RGB. */
import type { ImageHeader } from '../imaging/header.ts';
import type { Pixels } from '../imaging/pixels.ts';

/** Channels further apart than this, of 256, are a colour; a lossy codec leaves less. */
const TINT = 16;
/** Above this share of coloured pixels an image is one in colour: an arrow of 30 × 30 in a film of 1,000 × 1,000. */
const SHARE = 0.001;

/** Share of pixels that have a colour, 0 for a grey frame. */
export function colouredShare({ samplesPerPixel, data }: Pixels): number {
  if (samplesPerPixel === 1) return 0;
  let coloured = 0;
  for (let i = 0; i + 2 < data.length; i += 3) {
    const [r = 0, g = 0, b = 0] = [data[i], data[i + 1], data[i + 2]];
    if (Math.max(r, g, b) - Math.min(r, g, b) > TINT) coloured++;
  }
  return data.length === 0 ? 0 : (coloured * 3) / data.length;
}

export const isColour = (pixels: Pixels): boolean => colouredShare(pixels) > SHARE;

type Film = { header: ImageHeader; pixels: Pixels };

/** A grey film stays what it is; one that is grey in three channels becomes 8-bit MONOCHROME2 of its luminance. */
export function asGrey({ header, pixels }: Film): Film {
  if (pixels.samplesPerPixel === 1) return { header, pixels };
  const data = new Uint8Array(pixels.rows * pixels.columns);
  let min = 255;
  let max = 0;
  for (let i = 0, at = 0; i < data.length; i++, at += 3) {
    const { [at]: r = 0, [at + 1]: g = 0, [at + 2]: b = 0 } = pixels.data;
    const value = Math.round(0.299 * r + 0.587 * g + 0.114 * b); // ITU-R BT.601
    data[i] = value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return {
    header: {
      ...header,
      samplesPerPixel: 1,
      photometric: 'MONOCHROME2',
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
      signed: false,
      pixelPadding: null,
      rescaleSlope: 1,
      rescaleIntercept: 0,
      modalityLut: null,
      windows: [{ center: 127.5, width: 255, explanation: '' }],
      voiFunction: 'LINEAR_EXACT',
      voiLuts: [],
    },
    pixels: { ...pixels, samplesPerPixel: 1, kind: 'u8', data, min, max },
  };
}
