/** JPEG baseline, extended and lossless (processes 1, 2, 4, 14), by libjpeg in dcmjs-codecs. */
import type { PixelFormat } from '../format.ts';
import { EXPORT_UNCOMPRESSED, refused } from '../refuse.ts';
import { samplesOf } from '#core/imaging/pixels.ts';
import { checkCodestream, checkLength, damaged, type Decompressed } from './decompressed.ts';
import { jpegHeader, type JpegHeader } from './jpegHeader.ts';

/** Samples as the codestream has them: colour components are not converted by the decoder. */
export async function decodeJpeg(bytes: Uint8Array, format: PixelFormat): Promise<Decompressed> {
  const header = jpegHeader(bytes);
  checkCodestream('JPEG', header, format);
  const data = await jpegSamples(bytes, header);
  checkLength('JPEG', data.length, format);
  return {
    data,
    planar: false,
    photometric: colourOf(header, format.photometric),
    precision: header.precision,
    signedness: 'unsigned',
    lossy: header.startOfFrame !== 0xc3,
  };
}

/** Interleaved components, 8 or 16 bits a sample by the codestream's precision. */
export async function jpegSamples(bytes: Uint8Array, header: JpegHeader): Promise<Uint8Array | Uint16Array> {
  if (![0xc0, 0xc1, 0xc2, 0xc3].includes(header.startOfFrame))
    throw refused(
      'a baseline, extended, progressive or lossless JPEG frame',
      `JPEG process SOF${header.startOfFrame - 0xc0}`,
      EXPORT_UNCOMPRESSED,
    );
  const { Context, NativeCodecs } = await loaded();
  let decoded: Uint8Array | undefined;
  try {
    const context = new Context({
      width: header.columns,
      height: header.rows,
      bitsAllocated: header.precision <= 8 ? 8 : 16,
      bitsStored: header.precision,
      samplesPerPixel: header.components,
      pixelRepresentation: 0,
      planarConfiguration: 0,
      photometricInterpretation: header.components === 1 ? 'MONOCHROME2' : 'RGB',
      encodedBuffer: bytes,
    });
    decoded = NativeCodecs.decodeJpeg(context, { convertColorspaceToRgb: false }).getDecodedBuffer();
  } catch {
    // The decoder leaves by an exception through its own frames: its memory is not to be trusted afterwards.
    NativeCodecs.release();
    throw damaged('JPEG');
  }
  const samples = samplesOf(header.precision <= 8 ? 'u8' : 'u16', decoded ?? new Uint8Array());
  if (samples instanceof Uint8Array || samples instanceof Uint16Array) return samples;
  throw damaged('JPEG');
}

/**
 * The header's photometric interpretation, except where the codestream contradicts an "RGB" that old writers left
 * behind: an Adobe transform of 1, or chrominance at half resolution, is YCbCr.
 */
function colourOf(header: JpegHeader, photometric: string): string {
  if (header.components !== 3) return photometric;
  if (header.startOfFrame === 0xc3) return photometric;
  if (header.adobeTransform === 1 || header.subsampled) return 'YBR_FULL';
  if (header.adobeTransform === 0) return 'RGB';
  if (photometric !== 'RGB') return 'YBR_FULL';
  return header.jfif ? 'YBR_FULL' : 'RGB';
}

/** Loaded with the first JPEG: the package is large. */
async function loaded(): Promise<Pick<typeof import('dcmjs-codecs'), 'Context' | 'NativeCodecs'>> {
  const { default: codecs } = await import('dcmjs-codecs');
  if (!codecs.NativeCodecs.isInitialized()) await codecs.NativeCodecs.initializeAsync();
  return codecs;
}
