/** Decoded pixels of one frame: stored values after decompression, before any LUT. */
import * as z from 'zod';

/** Type of one sample. */
export const SampleKind = z.enum(['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'f64']);
export type SampleKind = z.infer<typeof SampleKind>;

export type Samples =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/**
 * Grey frames hold `rows × columns` stored values; colour frames are always RGB, 8 bits, pixel by pixel
 * (palette, YBR and planar forms are resolved by the decoder).
 */
export interface Pixels {
  rows: number;
  columns: number;
  samplesPerPixel: 1 | 3;
  kind: SampleKind;
  data: Samples;
  /** Smallest and largest stored value outside pixel padding; of all samples for colour. */
  min: number;
  max: number;
}

/** `Pixels` without the samples: what a client needs before it asks for bytes. */
export const FrameInfo = z.object({
  rows: z.int().positive(),
  columns: z.int().positive(),
  samplesPerPixel: z.union([z.literal(1), z.literal(3)]),
  kind: SampleKind,
  min: z.number(),
  max: z.number(),
  byteLength: z.int().nonnegative(),
});
export type FrameInfo = z.infer<typeof FrameInfo>;

const arrays = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/** A view of `bytes` (little-endian, as every supported platform is) as samples; copies only when unaligned. */
export function samplesOf(kind: SampleKind, bytes: Uint8Array): Samples {
  const Type = arrays[kind];
  const size = Type.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new Type(aligned.buffer as ArrayBuffer, aligned.byteOffset, Math.floor(aligned.byteLength / size));
}

/** The bytes behind `samples`, without a copy. */
export function bytesOf(samples: Samples): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
