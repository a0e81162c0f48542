/** Stored bits (PS3.5 8.1.1): takes the sample out of its container, or clamps what a lossy codec overshot. */
import { samplesOf, type SampleKind, type Samples } from '#core/imaging/pixels.ts';
import type { PixelFormat } from '../format.ts';
import { extents, type Extent } from '../extent.ts';
import type { Decompressed } from './decompressed.ts';
import { sampleKind } from './native.ts';

export interface StoredValues {
  data: Samples;
  /** Without pixel padding. */
  shown: Extent;
}

/**
 * Grey samples or palette indices as integers of the header's range and container. The same array where every value
 * already fits; else a copy. Lossless: bits above HighBit (old overlays, rubbish) are cut off and the sign is extended
 * from HighBit. Lossy: values beyond the range are clamped, since masking would turn white into black.
 */
export function storedValues(frame: Decompressed, format: PixelFormat): StoredValues {
  const kind = sampleKind(format);
  const samples = kind === 'f32' || kind === 'f64' ? frame.data : signed(frame, format);
  const { all, shown } = extents(samples, format.padding);
  const { low, high } = storedRange(format);
  const shift = format.highBit + 1 - format.bitsStored;
  const fits = shift === 0 && all.min >= low && all.max <= high;
  if (fits || kind === 'f32' || kind === 'f64') return { data: inContainer(samples, kind), shown };
  const data = samplesOf(kind, new Uint8Array(samples.length * bytesOfKind(kind)));
  if (frame.lossy && shift === 0)
    for (let i = 0; i < data.length; i++) data[i] = Math.max(low, Math.min(high, samples[i] ?? 0));
  else {
    const up = 31 - format.highBit;
    const down = 32 - format.bitsStored;
    if (format.signed) for (let i = 0; i < data.length; i++) data[i] = ((samples[i] ?? 0) << up) >> down;
    else for (let i = 0; i < data.length; i++) data[i] = ((samples[i] ?? 0) << up) >>> down;
  }
  return { data, shown: extents(data, format.padding).shown };
}

export function storedRange({ bitsStored, signed }: PixelFormat): { low: number; high: number } {
  return signed
    ? { low: -(2 ** (bitsStored - 1)), high: 2 ** (bitsStored - 1) - 1 }
    : { low: 0, high: 2 ** bitsStored - 1 };
}

/** A codec's unsigned samples as the header's signed ones (or back), by the codestream's precision; else as they are. */
function signed(frame: Decompressed, format: PixelFormat): Samples {
  const { data, precision } = frame;
  if (frame.signedness === 'raw' || (frame.signedness === 'signed') === format.signed) return data;
  const shift = 32 - precision;
  const out = format.signed ? new Int32Array(data.length) : new Uint32Array(data.length);
  if (format.signed) for (let i = 0; i < out.length; i++) out[i] = ((data[i] ?? 0) << shift) >> shift;
  else for (let i = 0; i < out.length; i++) out[i] = ((data[i] ?? 0) << shift) >>> shift;
  return out;
}

/** The array type that the header's BitsAllocated and sign ask for: a view where only the sign's name differs. */
function inContainer(samples: Samples, kind: SampleKind): Samples {
  const wanted = samplesOf(kind, new Uint8Array());
  if (samples.constructor === wanted.constructor) return samples;
  const out = samplesOf(kind, new Uint8Array(samples.length * bytesOfKind(kind)));
  out.set(samples);
  return out;
}

const bytesOfKind = (kind: SampleKind): number => Number(kind.slice(1)) / 8;
