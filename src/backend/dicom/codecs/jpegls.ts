/** JPEG-LS lossless and near-lossless (ITU-T T.87), by CharLS. */
import { samplesOf } from '#core/imaging/pixels.ts';
import type { PixelFormat } from '../format.ts';
import { checkCodestream, checkLength, type Decompressed } from './decompressed.ts';
import { jpegHeader } from './jpegHeader.ts';
import { wasmDecoder } from './wasm.ts';

const decode = wasmDecoder(
  'JPEG-LS',
  '@cornerstonejs/codec-charls/decodewasmjs',
  '@cornerstonejs/codec-charls/decodewasm',
  'JpegLSDecoder',
);

export async function decodeJpegLs(bytes: Uint8Array, format: PixelFormat, lossy: boolean): Promise<Decompressed> {
  const header = jpegHeader(bytes);
  checkCodestream('JPEG-LS', header, format);
  const { bytes: decoded, interleave } = await decode(bytes);
  const data = samplesOf(header.precision <= 8 ? 'u8' : 'u16', decoded);
  checkLength('JPEG-LS', data.length, format);
  return {
    data,
    planar: header.components === 3 && interleave === 0,
    photometric: format.photometric,
    precision: header.precision,
    signedness: 'unsigned',
    lossy,
  };
}
