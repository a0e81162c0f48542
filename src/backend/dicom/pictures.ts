/** PNG and JPEG files → `Picture`: grey or RGB as they were, transparency over black. */
import { PNG } from 'pngjs';
import { jpegHeader } from './codecs/jpegHeader.ts';
import { jpegSamples } from './codecs/jpeg.ts';
import { ybrToRgb } from './codecs/ybr.ts';
import { MAX_PICTURE_PIXELS } from './limits.ts';
import { pictureKind } from './magic.ts';
import type { Picture } from './picture.ts';
import { refused } from './refuse.ts';

/** Throws AppError `refused`: neither PNG nor JPEG, damaged, too large, CMYK. */
export async function decodePicture(bytes: Uint8Array): Promise<Picture> {
  const kind = pictureKind(bytes);
  if (!kind) throw refused('a PNG or JPEG picture', 'another kind of file', 'Open a PNG, a JPEG or a DICOM file.');
  const picture = kind === 'png' ? decodePng(bytes) : await decodeJpegPicture(bytes);
  return greyWhereGrey(picture);
}

const SAVE_AGAIN = 'Save the picture again as PNG and open that.';

function decodePng(bytes: Uint8Array): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33) throw refused('a PNG with its header', `${bytes.length} bytes`, SAVE_AGAIN);
  // IHDR stands first: width, height, bits a sample.
  checkSize(view.getUint32(20), view.getUint32(16));
  const bits = view.getUint8(24) === 16 ? 16 : 8;
  let png: { width: number; height: number; data: Uint8Array | Uint16Array };
  try {
    png = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { skipRescale: bits === 16 });
  } catch {
    throw refused('a whole PNG picture', 'one that cannot be read', SAVE_AGAIN);
  }
  const { width: columns, height: rows } = png;
  return { rows, columns, samplesPerPixel: 3, bits, data: overBlack(png.data, rows * columns, bits) };
}

/** RGBA → RGB: each sample weighed by the pixel's opacity. */
function overBlack(rgba: Uint8Array | Uint16Array, pixels: number, bits: 8 | 16): Uint8Array | Uint16Array {
  const opaque = 2 ** bits - 1;
  const out = bits === 16 ? new Uint16Array(pixels * 3) : new Uint8Array(pixels * 3);
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += 4, to += 3) {
    const alpha = rgba[from + 3] ?? opaque;
    for (let c = 0; c < 3; c++) {
      const value = rgba[from + c] ?? 0;
      out[to + c] = alpha === opaque ? value : Math.round((value * alpha) / opaque);
    }
  }
  return out;
}

async function decodeJpegPicture(bytes: Uint8Array): Promise<Picture> {
  const header = jpegHeader(bytes);
  const { rows, columns, components, precision } = header;
  checkSize(rows, columns);
  if (components !== 1 && components !== 3)
    throw refused('a grey or colour JPEG', `one of ${components} components (CMYK)`, SAVE_AGAIN);
  if (precision !== 8) throw refused('a JPEG of 8 bits', `one of ${precision}`, SAVE_AGAIN);
  const data = await jpegSamples(bytes, header);
  if (data.length !== rows * columns * components || !(data instanceof Uint8Array))
    throw refused('a whole JPEG picture', 'one that decodes to another size', SAVE_AGAIN);
  // JFIF means YCbCr; without it Adobe's mark or components named R, G, B say otherwise.
  const named = String.fromCharCode(...header.componentIds) === 'RGB';
  const isRgb = components === 1 || (!header.jfif && (header.adobeTransform === 0 || named));
  if (!isRgb) ybrToRgb(data, 'full');
  return { rows, columns, samplesPerPixel: components, bits: 8, data };
}

function checkSize(rows: number, columns: number): void {
  if (rows < 1 || columns < 1 || rows * columns > MAX_PICTURE_PIXELS)
    throw refused(
      `a picture of at most ${MAX_PICTURE_PIXELS / 1e6} million pixels`,
      `${columns} × ${rows}`,
      'Save it smaller and open that.',
    );
}

function greyWhereGrey(picture: Picture): Picture {
  const { data, bits } = picture;
  if (picture.samplesPerPixel === 1) return picture;
  for (let i = 0; i < data.length; i += 3) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return picture;
  const pixels = data.length / 3;
  const grey = bits === 16 ? new Uint16Array(pixels) : new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) grey[i] = data[3 * i] ?? 0;
  return { ...picture, samplesPerPixel: 1, data: grey };
}
