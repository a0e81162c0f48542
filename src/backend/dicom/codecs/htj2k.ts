/** High-throughput JPEG 2000 (ITU-T T.814), by OpenJPH. */
import type { PixelFormat } from '../format.ts';
import type { Decompressed } from './decompressed.ts';
import { decodeWith } from './jpeg2000.ts';
import { wasmDecoder } from './wasm.ts';

const openJph = wasmDecoder(
  'high-throughput JPEG 2000',
  '@cornerstonejs/codec-openjph/wasmjs',
  '@cornerstonejs/codec-openjph/wasm',
  'HTJ2KDecoder',
);

export const decodeHtj2k = (bytes: Uint8Array, format: PixelFormat, lossy: boolean): Promise<Decompressed> =>
  decodeWith('high-throughput JPEG 2000', openJph, bytes, format, lossy);
