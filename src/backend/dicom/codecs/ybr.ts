/** YBR to RGB (PS3.3 C.7.6.3.1.2, after ITU-T T.871 and BT.601), 8 bits, and the halved chrominance of YBR_FULL_422. */
import type { Samples } from '#core/imaging/pixels.ts';

/** Y1 Y2 Cb Cr for each two pixels of a row → Y Cb Cr for each pixel; both pixels share the chrominance. */
export function expand422(data: Samples): Samples {
  const pairs = Math.floor(data.length / 4);
  const out = new Uint8Array(pairs * 6);
  for (let pair = 0, from = 0, to = 0; pair < pairs; pair++, from += 4, to += 6) {
    const cb = data[from + 2] ?? 128;
    const cr = data[from + 3] ?? 128;
    out[to] = data[from] ?? 0;
    out[to + 1] = cb;
    out[to + 2] = cr;
    out[to + 3] = data[from + 1] ?? 0;
    out[to + 4] = cb;
    out[to + 5] = cr;
  }
  return out;
}

/** In place. Full range: Y of 0–255; partial (studio) range: Y of 16–235, chrominance of 16–240. */
export function ybrToRgb(data: Uint8Array | Uint8ClampedArray, range: 'full' | 'partial'): Uint8ClampedArray {
  const out = new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength);
  const scaleY = range === 'full' ? 1 : 255 / 219;
  const scaleC = range === 'full' ? 1 : 255 / 224;
  const offsetY = range === 'full' ? 0 : 16;
  // Uint8ClampedArray rounds halves to even and clamps to 0–255.
  for (let i = 0; i + 2 < out.length; i += 3) {
    const y = ((data[i] ?? 0) - offsetY) * scaleY;
    const cb = ((data[i + 1] ?? 0) - 128) * scaleC;
    const cr = ((data[i + 2] ?? 0) - 128) * scaleC;
    out[i] = y + 1.402 * cr;
    out[i + 1] = y - 0.344136 * cb - 0.714136 * cr;
    out[i + 2] = y + 1.772 * cb;
  }
  return out;
}
