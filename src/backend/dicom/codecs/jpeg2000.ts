/** JPEG 2000, lossless and lossy (ITU-T T.800), by OpenJPEG. */
import { samplesOf } from '#core/imaging/pixels.ts';
import type { PixelFormat } from '../format.ts';
import { checkCodestream, checkLength, type Decompressed } from './decompressed.ts';
import { j2kHeader } from './j2kHeader.ts';
import { wasmDecoder, type Decoded } from './wasm.ts';

const openJpeg = wasmDecoder(
  'JPEG 2000',
  '@cornerstonejs/codec-openjpeg/decodewasmjs',
  '@cornerstonejs/codec-openjpeg/decodewasm',
  'J2KDecoder',
);

export const decodeJpeg2000 = (bytes: Uint8Array, format: PixelFormat, lossy: boolean): Promise<Decompressed> =>
  decodeWith('JPEG 2000', openJpeg, bytes, format, lossy);

export async function decodeWith(
  kind: string,
  decode: (bytes: Uint8Array) => Promise<Decoded>,
  bytes: Uint8Array,
  format: PixelFormat,
  lossy: boolean,
): Promise<Decompressed> {
  const header = j2kHeader(bytes);
  checkCodestream(kind, header, format);
  const { bytes: decoded, info } = await decode(bytes);
  const found = {
    rows: info.height,
    columns: info.width,
    components: info.componentCount,
    precision: info.bitsPerSample,
  };
  checkCodestream(kind, found, format);
  const wide = header.precision > 8;
  const data = samplesOf(wide ? (header.signed ? 'i16' : 'u16') : header.signed ? 'i8' : 'u8', decoded);
  checkLength(kind, data.length, format);
  return {
    data,
    planar: false,
    photometric: header.components === 3 && header.componentTransform ? 'RGB' : untransformed(format.photometric),
    precision: header.precision,
    signedness: header.signed ? 'signed' : 'unsigned',
    lossy,
  };
}

/** YBR_RCT and YBR_ICT name the codestream's transform; without one in it the components are RGB as they stand. */
const untransformed = (photometric: string): string => (/^YBR_[RI]CT$/.test(photometric) ? 'RGB' : photometric);
