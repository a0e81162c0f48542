/** Halves a frame: each value of the result is the mean of 2 × 2 stored values, so that what is shown small is averaged, not skipped. */
import type { ImageHeader } from './header.ts';
import type { Samples } from './pixels.ts';

/** Samples of at most 16 bits, which a table of 65,536 grey levels can index. */
export type ShortSamples = Uint8Array | Int8Array | Uint16Array | Int16Array;

export const isShort = (data: Samples): data is ShortSamples =>
  data instanceof Uint8Array || data instanceof Int8Array || data instanceof Uint16Array || data instanceof Int16Array;

export interface Level {
  columns: number;
  rows: number;
  /** `rows × columns × channels` values; level k holds the mean of 2ᵏ × 2ᵏ pixels, edges repeated. */
  data: ShortSamples;
}

/** Pixel padding is never averaged with pixels: a block that begins with padding is padding, else padding is left out. */
export function halved(from: Level, channels: 1 | 3, padding: ImageHeader['pixelPadding']): Level {
  return padding ? halveWithin(from, padding) : channels === 1 ? halveGrey(from) : halveColour(from);
}

function halveGrey(from: Level): Level {
  const { columns, rows, data } = emptyHalf(from, 1);
  const source = from.data;
  const pairs = from.columns >> 1;
  for (let row = 0, to = 0; row < rows; row += 1) {
    let upper = 2 * row * from.columns;
    let lower = Math.min(2 * row + 1, from.rows - 1) * from.columns;
    for (let pair = 0; pair < pairs; pair += 1, upper += 2, lower += 2)
      data[to++] = (source[upper] + source[upper + 1] + source[lower] + source[lower + 1] + 2) >> 2;
    if (pairs < columns) data[to++] = (2 * source[upper] + 2 * source[lower] + 2) >> 2;
  }
  return { columns, rows, data };
}

function halveColour(from: Level): Level {
  const channels = 3;
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
  return { columns, rows, data: emptyLike(from.data, columns * rows * channels) };
}

/** Zeros of the same type. */
export function emptyLike(data: ShortSamples, length: number): ShortSamples {
  if (data instanceof Uint8Array) return new Uint8Array(length);
  if (data instanceof Int8Array) return new Int8Array(length);
  if (data instanceof Uint16Array) return new Uint16Array(length);
  return new Int16Array(length);
}
