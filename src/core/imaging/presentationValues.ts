/** Stored values → brightness in [0,1] as the file itself asks for it, whatever the reader's window is. */
import type { ImageHeader } from './header.ts';
import { modalityValue } from './modality.ts';
import type { Pixels } from './pixels.ts';
import { isPadding, lowIsBright } from './polarity.ts';
import { defaultVoi, voiFraction } from './voi.ts';

/**
 * `rows × columns` values, MONOCHROME2 (1 is white): modality LUT, the file's default VOI, polarity; padding is 0;
 * RGB becomes luminance (ITU-R BT.601). Throws a RangeError when there are fewer samples than the size says.
 */
export function presentationValues(header: ImageHeader, pixels: Pixels): Float32Array {
  const size = pixels.rows * pixels.columns;
  if (pixels.data.length < size * pixels.samplesPerPixel)
    throw new RangeError(
      `expected ${size * pixels.samplesPerPixel} samples for ${pixels.columns} × ${pixels.rows}, found ${pixels.data.length}`,
    );
  const out = new Float32Array(size);
  if (pixels.samplesPerPixel === 3) return luminance(pixels.data, out);
  const codes = codesOf(pixels);
  if (codes) {
    const table = brightnessTable(header, pixels);
    for (let i = 0; i < size; i++) out[i] = table[codes[i] ?? 0] ?? 0;
    return out;
  }
  const brightness = brightnessOf(header, pixels);
  for (let i = 0; i < size; i++) out[i] = brightness(pixels.data[i] ?? 0);
  return out;
}

/** Samples of up to 16 bits as unsigned codes (a view, no copy), the index into `brightnessTable`; else null. */
export function codesOf({ kind, data }: Pixels): Uint8Array | Uint16Array | null {
  if (kind === 'u8' || kind === 'i8') return new Uint8Array(data.buffer, data.byteOffset, data.length);
  if (kind === 'u16' || kind === 'i16') return new Uint16Array(data.buffer, data.byteOffset, data.length);
  return null;
}

/** Brightness of each of the 256 or 65,536 codes of a grey frame of up to 16 bits. */
export function brightnessTable(header: ImageHeader, pixels: Pixels): Float32Array {
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

function luminance(rgb: Pixels['data'], out: Float32Array): Float32Array {
  for (let i = 0, j = 0; i < out.length; i++, j += 3)
    out[i] = (0.299 * (rgb[j] ?? 0) + 0.587 * (rgb[j + 1] ?? 0) + 0.114 * (rgb[j + 2] ?? 0)) / 255;
  return out;
}
