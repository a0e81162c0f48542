/** Colour frames of any form → RGB, 8 bits, pixel by pixel. */
import type { Samples } from '#core/imaging/pixels.ts';
import type { PixelFormat } from '../format.ts';
import { EXPORT_UNCOMPRESSED, refused } from '../refuse.ts';
import type { Decompressed } from './decompressed.ts';
import { ybrToRgb } from './ybr.ts';

/** `bitsStored` scales to 8 bits: more by dropping the lower ones, fewer by stretching to white. */
export function toRgb(frame: Decompressed, format: PixelFormat): Uint8Array {
  if (format.signed && format.bitsAllocated > 1)
    throw refused('unsigned colour samples', 'signed ones', EXPORT_UNCOMPRESSED);
  const depth = frame.signedness === 'raw' ? format.bitsStored : Math.min(frame.precision, format.bitsStored);
  const shift = frame.signedness === 'raw' ? format.highBit + 1 - format.bitsStored : 0;
  const bytes = interleaved(eightBits(frame.data, depth, shift), frame.planar);
  const { photometric } = frame;
  if (photometric === 'RGB') return bytes;
  const rgb = ybrToRgb(bytes, photometric.startsWith('YBR_PARTIAL') ? 'partial' : 'full');
  return new Uint8Array(rgb.buffer, rgb.byteOffset, rgb.byteLength);
}

/** A fresh array: the caller may change it in place. */
function eightBits(data: Samples, depth: number, shift: number): Uint8Array {
  if (data instanceof Uint8Array && depth === 8 && shift === 0) return data.slice();
  const out = new Uint8Array(data.length);
  const white = 2 ** depth - 1;
  if (depth >= 8) for (let i = 0; i < out.length; i++) out[i] = (data[i] ?? 0) >>> (shift + depth - 8);
  else for (let i = 0; i < out.length; i++) out[i] = Math.round(((((data[i] ?? 0) >>> shift) & white) * 255) / white);
  return out;
}

function interleaved(data: Uint8Array, planar: boolean): Uint8Array {
  if (!planar) return data;
  const out = new Uint8Array(data.length);
  const plane = data.length / 3;
  for (let i = 0, to = 0; i < plane; i++, to += 3) {
    out[to] = data[i] ?? 0;
    out[to + 1] = data[plane + i] ?? 0;
    out[to + 2] = data[2 * plane + i] ?? 0;
  }
  return out;
}
