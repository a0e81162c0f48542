/** Halved copies of a frame's stored values, made when first asked for: what is shown small is averaged, not skipped. */
import type { ImageHeader } from '#core/imaging/header.ts';

/** Samples of at most 16 bits, which a table of 65,536 grey levels can index. */
export type ShortSamples = Uint8Array | Int8Array | Uint16Array | Int16Array;

export interface Level {
  columns: number;
  rows: number;
  /** `rows × columns × channels` values; level k holds the mean of 2ᵏ × 2ᵏ pixels, edges repeated. */
  data: ShortSamples;
}

export interface Pyramid {
  /** `level(0)` is the frame itself. */
  level(k: number): Level;
}

/** Pixel padding is never averaged with pixels: a block that begins with padding is padding, else padding is left out. */
export function createPyramid(full: Level, channels: 1 | 3, padding: ImageHeader['pixelPadding']): Pyramid {
  const levels = [full];
  const halve = padding ? (from: Level) => halveWithin(from, padding) : (from: Level) => halveAll(from, channels);
  return {
    level(k) {
      for (let at = levels.length; at <= k; at += 1) levels.push(halve(levels[at - 1] ?? full));
      return levels[k] ?? full;
    },
  };
}

function halveAll(from: Level, channels: 1 | 3): Level {
  const { columns, rows, data } = emptyHalf(from, channels);
  const source = from.data;
  for (let row = 0; row < rows; row += 1) {
    const upper = 2 * row * from.columns;
    const lower = Math.min(2 * row + 1, from.rows - 1) * from.columns;
    for (let column = 0; column < columns; column += 1) {
      const left = 2 * column;
      const right = Math.min(left + 1, from.columns - 1);
      for (let channel = 0; channel < channels; channel += 1) {
        const sum =
          source[(upper + left) * channels + channel] +
          source[(upper + right) * channels + channel] +
          source[(lower + left) * channels + channel] +
          source[(lower + right) * channels + channel];
        data[(row * columns + column) * channels + channel] = (sum + 2) >> 2;
      }
    }
  }
  return { columns, rows, data };
}

function halveWithin(from: Level, padding: { value: number; limit: number }): Level {
  const { columns, rows, data } = emptyHalf(from, 1);
  const low = Math.min(padding.value, padding.limit);
  const high = Math.max(padding.value, padding.limit);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const right = Math.min(2 * column + 1, from.columns - 1);
      const lower = Math.min(2 * row + 1, from.rows - 1) * from.columns;
      const upper = 2 * row * from.columns;
      const first = from.data[upper + 2 * column];
      let sum = 0;
      let count = 0;
      for (const at of [upper + 2 * column, upper + right, lower + 2 * column, lower + right]) {
        const value = from.data[at];
        if (value >= low && value <= high) continue;
        sum += value;
        count += 1;
      }
      data[row * columns + column] = first >= low && first <= high ? first : Math.round(sum / count);
    }
  return { columns, rows, data };
}

function emptyHalf(from: Level, channels: 1 | 3): Level {
  const columns = Math.ceil(from.columns / 2);
  const rows = Math.ceil(from.rows / 2);
  const length = columns * rows * channels;
  const { data } = from;
  if (data instanceof Uint8Array) return { columns, rows, data: new Uint8Array(length) };
  if (data instanceof Int8Array) return { columns, rows, data: new Int8Array(length) };
  if (data instanceof Uint16Array) return { columns, rows, data: new Uint16Array(length) };
  return { columns, rows, data: new Int16Array(length) };
}
