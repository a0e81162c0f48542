/** A golden input as a film: an 8-bit grey PNG read as MONOCHROME2 in the standard pose with square pixels. */
import { PNG } from 'pngjs';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Pixels } from '#core/imaging/pixels.ts';
import { plainHeader } from '#core/imaging/plainHeader.ts';

/** Throws a RangeError for a PNG that is not 8-bit grey. */
export function filmOf(png: Uint8Array): { header: ImageHeader; pixels: Pixels } {
  const image = PNG.sync.read(Buffer.from(png.buffer, png.byteOffset, png.byteLength));
  if (image.depth !== 8 || image.color || image.alpha || image.palette)
    throw new RangeError('expected a golden input as an 8-bit grey PNG');
  const data = new Uint8Array(image.width * image.height);
  let min = 255;
  let max = 0;
  for (let i = 0; i < data.length; i++) {
    const value = image.data[i * 4] ?? 0; // pngjs answers with RGBA
    data[i] = value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const { width: columns, height: rows } = image;
  return {
    header: headerOf(rows, columns),
    pixels: { rows, columns, samplesPerPixel: 1, kind: 'u8', data, min, max },
  };
}

/** LINEAR_EXACT with width 255 around 127.5 maps 0 … 255 onto 0 … 1 (PS3.3 C.11.2.1.3.2). */
const headerOf = (rows: number, columns: number): ImageHeader =>
  plainHeader({
    rows,
    columns,
    imageType: ['DERIVED', 'PRIMARY'],
    windows: [{ center: 127.5, width: 255, explanation: '' }],
    voiFunction: 'LINEAR_EXACT',
    presentationLutShape: 'IDENTITY',
  });
