/** A film becomes a model's input, step by step as `pack.json` says, with the way back to the stored frame. */
import type { PackInput } from '../pack/pack.ts';
import { type Affine, apply, inverse, scale, compose, translate } from './affine.ts';
import type { ImageHeader } from './header.ts';
import type { Pixels } from './pixels.ts';
import { poseOf } from './pose.ts';
import { presentationRows } from './presentationValues.ts';
import { quantile } from './quantile.ts';
import { resample, sumsOf, tapsOf, type ReadRow, type Taps } from './resample.ts';
import type { Box } from './saliency.ts';
import { pixelSize } from './spacing.ts';

export interface Prepared {
  /** [channels, rows, columns] */
  tensor: Float32Array;
  /** Model input coordinates (continuous, [0, columns) × [0, rows)) → stored frame. */
  toImage: Affine;
  /** Where the film (or its middle) lies in the model input; the rest is padding. */
  film: Box;
}

/**
 * Presentation values (the file's VOI, never the reader's), standard pose, square pixels, letterbox (or the film's
 * middle, where the pack says so), quantile clip over the film, padding 0, (v − mean) / std; the same as `models/training/transform.py`. The film is resampled as stored
 * and only the small result is turned: area and linear weights are symmetric, so the order does not matter.
 * Throws a RangeError when there are fewer samples than `pixels` says.
 */
export function prepare(input: PackInput, header: ImageHeader, pixels: Pixels): Prepared {
  const { width, height } = pixelSize(header);
  const pose = poseOf(header).toPose(pixels.columns, pixels.rows);
  const transposed = pose.map.a === 0;
  const [wide, high] = transposed ? [height, width] : [width, height];
  const part =
    input.fit === 'crop' ? middle(pose, wide, high, input) : { x: 0, y: 0, width: pose.columns, height: pose.rows };
  const film = letterbox(part.width * wide, part.height * high, input);
  if (input.fit === 'crop') Object.assign(film, { x: 0, y: 0, width: input.columns, height: input.rows });
  const kept = storedPart(part, pose.map);
  const across = tapsOf(kept.width, transposed ? film.height : film.width, input.filter);
  const down = tapsOf(kept.height, transposed ? film.width : film.height, input.filter);
  const rows = presentationRows(header, pixels);
  const read = input.filter === 'gaussian' ? seen(rows, kept) : { row: rows, low: 0, high: 1 };
  const stored = resample(read.row, from(across, kept.x, pixels.columns), from(down, kept.y, pixels.rows));
  if (input.filter === 'gaussian') fillEdges(stored, across, down, input.mean[0] ?? 0, read);
  const values = turned(stored, across.target, pose.map, film);
  stretch(values, input.clip);
  const toPart = compose(pose.map, translate(-part.x, -part.y));
  const toInput = compose(
    compose(toPart, scale(film.width / part.width, film.height / part.height)),
    translate(film.x, film.y),
  );
  return { tensor: tensorOf(values, film, input), toImage: inverse(toInput), film };
}

/** The middle of a posed film with the aspect of the input, in whole pixels of `wide` × `high`. */
function middle(pose: { columns: number; rows: number }, wide: number, high: number, input: PackInput): Box {
  const aspect = (input.columns * high) / (input.rows * wide);
  const width = Math.max(1, Math.min(pose.columns, Math.floor(pose.rows * aspect + 1e-9)));
  const height = Math.max(1, Math.min(pose.rows, Math.floor(pose.columns / aspect + 1e-9)));
  const start = (whole: number, part: number) => Math.floor(whole / 2) - Math.floor(part / 2);
  return { x: start(pose.columns, width), y: start(pose.rows, height), width, height };
}

/** The same pixels in the stored frame. */
function storedPart({ x, y, width, height }: Box, pose: Affine): Box {
  const back = inverse(pose);
  const [a, b] = [apply(back, { x, y }), apply(back, { x: x + width, y: y + height })];
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

/** Taps over a part of the source as taps over the whole. */
const from = (taps: Taps, offset: number, source: number): Taps =>
  offset === 0 ? { ...taps, source } : { ...taps, source, start: taps.start.map((start) => start + offset) };

/** Reads rows and notes the smallest and largest value of the part that was read. */
function seen(row: ReadRow, { x, width }: Box): { row: ReadRow; low: number; high: number } {
  const read = {
    low: Infinity,
    high: -Infinity,
    row: (y: number, line: Float32Array) => {
      row(y, line);
      for (let i = x; i < x + width; i++) {
        const value = line[i] ?? 0;
        if (value < read.low) read.low = value;
        if (value > read.high) read.high = value;
      }
    },
  };
  return read;
}

/** Where weights sum to less than 1, `beyond` makes up for the rest; then held to what occurs. */
function fillEdges(
  values: Float64Array,
  across: Taps,
  down: Taps,
  beyond: number,
  range: { low: number; high: number },
) {
  const [wide, high] = [sumsOf(across), sumsOf(down)];
  for (let i = 0; i < values.length; i++) {
    const weight = (wide[i % across.target] ?? 1) * (high[Math.floor(i / across.target)] ?? 1);
    values[i] = Math.min(range.high, Math.max(range.low, (values[i] ?? 0) + beyond * (1 - weight)));
  }
}

/** Largest whole-pixel placement that keeps the aspect of a film of square pixels; sizes round half up. */
export function letterbox(width: number, height: number, input: Pick<PackInput, 'columns' | 'rows'>): Box {
  const factor = Math.min(input.columns / width, input.rows / height);
  const w = Math.min(input.columns, Math.max(1, Math.floor(width * factor + 0.5)));
  const h = Math.min(input.rows, Math.max(1, Math.floor(height * factor + 0.5)));
  return { x: Math.floor((input.columns - w) / 2), y: Math.floor((input.rows - h) / 2), width: w, height: h };
}

/** The small film in the standard pose; `map` is the pose of the stored one, of which only the turning counts here. */
function turned(stored: Float64Array, width: number, map: Affine, film: Box): Float64Array {
  const out = new Float64Array(film.width * film.height);
  const flipX = map.a + map.c < 0;
  const flipY = map.b + map.d < 0;
  const [stepX, stepY] = map.a === 0 ? [width, 1] : [1, width];
  for (let y = 0; y < film.height; y++) {
    const fromY = (flipY ? film.height - 1 - y : y) * stepY;
    for (let x = 0; x < film.width; x++)
      out[y * film.width + x] = stored[fromY + (flipX ? film.width - 1 - x : x) * stepX] ?? 0;
  }
  return out;
}

/** Quantile clip to [0,1] in place; a film without contrast becomes 0. */
export function stretch(values: Float64Array, clip: PackInput['clip']): void {
  if (!clip) return;
  const scratch = values.slice();
  const low = quantile(scratch, clip.low);
  const span = quantile(scratch, clip.high) - low;
  if (span <= 1e-6) values.fill(0);
  else for (let i = 0; i < values.length; i++) values[i] = Math.min(1, Math.max(0, ((values[i] ?? 0) - low) / span));
}

function tensorOf(values: Float64Array, film: Box, { channels, rows, columns, mean, std }: PackInput): Float32Array {
  const plane = rows * columns;
  const out = new Float32Array(channels * plane);
  for (let channel = 0; channel < channels; channel++) {
    const centre = mean[channel % mean.length] ?? 0;
    const spread = std[channel % std.length] ?? 1;
    const start = channel * plane;
    out.fill(-centre / spread, start, start + plane);
    for (let y = 0; y < film.height; y++) {
      const at = start + (film.y + y) * columns + film.x;
      for (let x = 0; x < film.width; x++) out[at + x] = ((values[y * film.width + x] ?? 0) - centre) / spread;
    }
  }
  return out;
}
