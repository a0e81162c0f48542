/** Stored values → brightness in [0,1] as the file itself asks for it, whatever the reader's window is. */
import type { ImageHeader } from './header.ts';
import { modalityValue } from './modality.ts';
import type { Pixels, Samples } from './pixels.ts';
import { isPadding, lowIsBright } from './polarity.ts';
import type { ReadRow } from './resample.ts';
import { defaultVoi, voiFraction } from './voi.ts';

/**
 * `rows × columns` values, MONOCHROME2 (1 is white): modality LUT, the file's default VOI, polarity; padding is 0;
 * RGB becomes luminance (ITU-R BT.601). Throws a RangeError when there are fewer samples than the size says.
 */
export function presentationValues(header: ImageHeader, pixels: Pixels): Float32Array {
  const read = presentationRows(header, pixels);
  const out = new Float32Array(pixels.rows * pixels.columns);
  for (let y = 0; y < pixels.rows; y++) read(y, out.subarray(y * pixels.columns, (y + 1) * pixels.columns));
  return out;
}

/** The same, a row at a time, so that a large film is never held as floats. */
export function presentationRows(header: ImageHeader, pixels: Pixels): ReadRow {
  const { rows, columns, samplesPerPixel, data } = pixels;
  const expected = rows * columns * samplesPerPixel;
  if (data.length < expected)
    throw new RangeError(`expected ${expected} samples for ${columns} × ${rows}, found ${data.length}`);
  if (samplesPerPixel === 3) return (y, line) => luminance(data, 3 * y * columns, line);
  const codes = codesOf(pixels);
  if (codes) {
    const table = brightnessTable(header, pixels);
    return (y, line) => lookUp(codes, y * columns, table, line);
  }
  const brightness = brightnessOf(header, pixels);
  return (y, line) => {
    for (let x = 0; x < columns; x++) line[x] = brightness(data[y * columns + x] ?? 0);
  };
}

/** Samples of up to 16 bits as unsigned codes (a view, no copy), the index into `brightnessTable`; else null. */
function codesOf({ kind, data }: Pixels): Uint8Array | Uint16Array | null {
  if (kind === 'u8' || kind === 'i8') return new Uint8Array(data.buffer, data.byteOffset, data.length);
  if (kind === 'u16' || kind === 'i16') return new Uint16Array(data.buffer, data.byteOffset, data.length);
  return null;
}

/** Brightness of each of the 256 or 65,536 codes of a grey frame of up to 16 bits. */
function brightnessTable(header: ImageHeader, pixels: Pixels): Float32Array {
  const bits = pixels.kind.endsWith('16') ? 16 : 8;
  const table = new Float32Array(1 << bits);
  const brightness = brightnessOf(header, pixels);
  const signed = pixels.kind.startsWith('i');
  for (let code = 0; code < table.length; code++)
    table[code] = brightness(signed ? (code << (32 - bits)) >> (32 - bits) : code);
  return table;
}

function brightnessOf(header: ImageHeader, pixels: Pixels): (stored: number) => number {
  const voi = defaultVoi(header, pixels);
  const inverted = lowIsBright(header);
  return (stored) => {
    if (isPadding(header, stored) || Number.isNaN(stored)) return 0;
    const fraction = voiFraction(voi, header, modalityValue(header, stored));
    return inverted ? 1 - fraction : fraction;
  };
}

function lookUp(codes: Uint8Array | Uint16Array, at: number, table: Float32Array, line: Float32Array): void {
  for (let x = 0; x < line.length; x++) line[x] = table[codes[at + x] ?? 0] ?? 0;
}

function luminance(rgb: Samples, at: number, line: Float32Array): void {
  for (let x = 0, i = at; x < line.length; x++, i += 3)
    line[x] = (0.299 * (rgb[i] ?? 0) + 0.587 * (rgb[i + 1] ?? 0) + 0.114 * (rgb[i + 2] ?? 0)) / 255;
}
