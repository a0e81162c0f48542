/** Uncompressed pixels (PS3.5 8.2): a view of the file where it can be one, a copy where bytes must move. */
import { samplesOf, type SampleKind, type Samples } from '#core/imaging/pixels.ts';
import { DOUBLE_PIXEL_DATA, FLOAT_PIXEL_DATA } from '../dataset.ts';
import type { PixelFormat } from '../format.ts';
import type { FrameBytes } from '../frames.ts';
import type { Decompressed } from './decompressed.ts';
import { expand422 } from './ybr.ts';

/** `bigEndian` matters to samples of more than 8 bits. */
export function decodeNative(frame: FrameBytes, format: PixelFormat, bigEndian: boolean): Decompressed {
  const raw = { planar: format.planar, photometric: format.photometric, precision: format.bitsAllocated } as const;
  if (format.bitsAllocated === 1) return { ...raw, data: unpackBits(frame, format), signedness: 'raw', lossy: false };
  const bytes = bigEndian && format.bitsAllocated > 8 ? swap(frame.bytes, format.bitsAllocated / 8) : frame.bytes;
  const data = samplesOf(sampleKind(format), bytes);
  const halved = data.length < format.rows * format.columns * format.samplesPerPixel;
  return {
    ...raw,
    planar: format.planar && !halved,
    data: halved ? expand422(data) : data,
    signedness: 'raw',
    lossy: false,
  };
}

export function sampleKind(format: PixelFormat): SampleKind {
  if (format.source === FLOAT_PIXEL_DATA) return 'f32';
  if (format.source === DOUBLE_PIXEL_DATA) return 'f64';
  if (format.bitsAllocated <= 8) return format.signed && format.bitsAllocated === 8 ? 'i8' : 'u8';
  if (format.bitsAllocated === 16) return format.signed ? 'i16' : 'u16';
  return format.signed ? 'i32' : 'u32';
}

/** One bit a sample, least significant bit first (PS3.5 8.1.1); frames follow each other without padding. */
export function unpackBits(frame: FrameBytes, format: PixelFormat): Samples {
  const out = new Uint8Array(format.rows * format.columns * format.samplesPerPixel);
  for (let i = 0, bit = frame.firstBit; i < out.length; i++, bit++)
    out[i] = ((frame.bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1;
  return out;
}

function swap(bytes: Uint8Array, width: number): Uint8Array {
  const copy = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % width)));
  if (width === 2) copy.swap16();
  else if (width === 4) copy.swap32();
  else copy.swap64();
  return copy;
}
