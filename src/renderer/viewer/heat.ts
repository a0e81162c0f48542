/** A saliency grid as a picture: values interpolated bilinearly, then coloured. */
import { colourMap } from '#core/imaging/heat.ts';
import { samplesOf } from '#core/imaging/pixels.ts';
import type { Saliency } from '#core/imaging/saliency.ts';
import type { Affine } from '#core/imaging/affine.ts';

export interface Heat {
  picture: HTMLCanvasElement;
  /** From the picture's pixels to the grid, whose cell i covers [i, i+1). */
  toGrid: Affine;
  toImage: Affine;
}

const LARGEST_PICTURE = 512;
/** Values below this share of the map's own largest one are left clear … */
const CLEAR = 0.08;
/** … and from this one on they have the full opacity that the reader chose. */
const FULL = 0.5;

const colours = colourMap();

/** Share of the chosen opacity for a value in [0,1]. */
const coverage = (value: number): number => Math.min(1, Math.max(0, (value - CLEAR) / (FULL - CLEAR)));

export function makeHeat({ rows, columns, bytes, toImage }: Saliency): Heat {
  const values = samplesOf('f32', bytes);
  const fine = Math.max(1, Math.min(32, Math.floor(LARGEST_PICTURE / Math.max(rows, columns))));
  const picture = document.createElement('canvas');
  picture.width = columns * fine;
  picture.height = rows * fine;
  const image = new ImageData(picture.width, picture.height);
  const words = new Uint32Array(image.data.buffer);
  for (let y = 0; y < picture.height; y += 1)
    for (let x = 0; x < picture.width; x += 1) {
      const value = bilinear(values, rows, columns, (x + 0.5) / fine, (y + 0.5) / fine);
      words[y * picture.width + x] = wordOf(value);
    }
  picture.getContext('2d')?.putImageData(image, 0, 0);
  return { picture, toGrid: { a: 1 / fine, b: 0, c: 0, d: 1 / fine, e: 0, f: 0 }, toImage };
}

/** A value's colour and coverage as one RGBA word, little-endian. */
export function wordOf(value: number): number {
  const at = 3 * Math.round(255 * Math.min(1, Math.max(0, value)));
  const alpha = Math.round(255 * coverage(value));
  return (alpha << 24) | ((colours[at + 2] ?? 0) << 16) | ((colours[at + 1] ?? 0) << 8) | (colours[at] ?? 0);
}

/** The value at a place of the grid; cell (r, c) has its value at (c + 0.5, r + 0.5), beyond the edge it stays. */
export function bilinear(values: ArrayLike<number>, rows: number, columns: number, x: number, y: number): number {
  const column = Math.min(columns - 1, Math.max(0, x - 0.5));
  const row = Math.min(rows - 1, Math.max(0, y - 0.5));
  const [left, upper] = [Math.floor(column), Math.floor(row)];
  const [right, lower] = [Math.min(columns - 1, left + 1), Math.min(rows - 1, upper + 1)];
  const [across, down] = [column - left, row - upper];
  const at = (r: number, c: number) => values[r * columns + c] ?? 0;
  return (
    (at(upper, left) * (1 - across) + at(upper, right) * across) * (1 - down) +
    (at(lower, left) * (1 - across) + at(lower, right) * across) * down
  );
}
