/** One frame of a DICOM file → stored values or RGB: the only decode of the product, for viewer and models alike. */
import { inflateRawSync } from 'node:zlib';
import type { Pixels } from '#core/imaging/pixels.ts';
import { storedValues } from './codecs/bits.ts';
import { toRgb } from './codecs/colour.ts';
import { checkLength, type Decompressed } from './codecs/decompressed.ts';
import { decodeHtj2k } from './codecs/htj2k.ts';
import { decodeJpeg } from './codecs/jpeg.ts';
import { decodeJpeg2000 } from './codecs/jpeg2000.ts';
import { decodeJpegLs } from './codecs/jpegls.ts';
import { decodeNative, sampleKind } from './codecs/native.ts';
import { applyPalette } from './codecs/palette.ts';
import { decodeRle } from './codecs/rle.ts';
import { readDataset, type DicomData } from './dataset.ts';
import { extent } from './extent.ts';
import { pixelFormat, type PixelFormat } from './format.ts';
import { frameBytes, type FrameBytes } from './frames.ts';
import { requireImage } from './image.ts';
import { COPY_AGAIN, EXPORT_UNCOMPRESSED, refused } from './refuse.ts';
import { isLossy } from './lossy.ts';

/**
 * `frame` counts from 0. Grey data may be a view of `file`: the caller keeps or hands over both. Throws AppError
 * `refused`: no image, no decoder, cut off, damaged, header and codestream at odds, too large.
 */
export async function decodeFrame(file: Uint8Array, frame: number): Promise<Pixels> {
  const data = readDataset(file);
  requireImage(data);
  const format = pixelFormat(data);
  const bytes = frameBytes(data, format, frame);
  const raw = await decompress(bytes, format, data);
  checkLength(data.syntax.words, raw.data.length, format);
  return resolve(raw, format, data);
}

async function decompress(frame: FrameBytes, format: PixelFormat, data: DicomData): Promise<Decompressed> {
  const lossy = isLossy(data, data.syntax);
  const { codec, words } = data.syntax;
  if (codec === 'native' || !frame.encapsulated) return decodeNative(whole(frame, format), format, !data.littleEndian);
  if (codec === 'deflated-frames') return decodeNative(inflatedFrame(frame.bytes, format), format, false);
  if (codec === 'rle') return decodeRle(frame.bytes, format);
  if (codec === 'jpeg') return decodeJpeg(frame.bytes, format);
  if (codec === 'jpeg-ls') return decodeJpegLs(frame.bytes, format, lossy);
  if (codec === 'jpeg-2000') return decodeJpeg2000(frame.bytes, format, lossy);
  if (codec === 'htj2k') return decodeHtj2k(frame.bytes, format, lossy);
  throw refused('a compression that can be read here', words, EXPORT_UNCOMPRESSED);
}

function resolve(raw: Decompressed, format: PixelFormat, data: DicomData): Pixels {
  const { rows, columns } = format;
  if (format.samplesPerPixel === 3) return colour(rows, columns, toRgb(raw, format));
  const { data: values, shown } = storedValues(raw, format);
  if (format.photometric === 'PALETTE COLOR') return colour(rows, columns, applyPalette(values, data, format.signed));
  return { rows, columns, samplesPerPixel: 1, kind: sampleKind(format), data: values, ...shown };
}

const colour = (rows: number, columns: number, data: Uint8Array): Pixels => ({
  rows,
  columns,
  samplesPerPixel: 3,
  kind: 'u8',
  data,
  ...extent(data),
});

/** PS3.5 A.4.12: each frame's native bytes, deflated. */
function inflatedFrame(bytes: Uint8Array, format: PixelFormat): FrameBytes {
  const expected = Math.ceil((format.rows * format.columns * format.samplesPerPixel * format.bitsAllocated) / 8);
  try {
    const inflated = inflateRawSync(bytes, { maxOutputLength: expected + 1 });
    return whole({ bytes: inflated, encapsulated: true, firstBit: 0 }, format);
  } catch {
    throw refused(`a deflated frame of ${expected} bytes`, 'one that cannot be inflated to it', COPY_AGAIN);
  }
}

/** Encapsulated native frames are padded to an even length: cut to what the header says. */
function whole(frame: FrameBytes, format: PixelFormat): FrameBytes {
  if (!frame.encapsulated) return frame;
  const expected = Math.ceil((format.rows * format.columns * format.samplesPerPixel * format.bitsAllocated) / 8);
  if (frame.bytes.length < expected)
    throw refused(`${expected} bytes in the frame`, `${frame.bytes.length}: the file is cut off`, COPY_AGAIN);
  return { ...frame, bytes: frame.bytes.subarray(0, expected) };
}
