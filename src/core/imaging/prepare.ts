/** A film becomes a model's input, step by step as `pack.json` says, with the way back to the stored frame. */
import type { PackInput } from '../pack/pack.ts';
import { type Affine, inverse, scale, compose, translate } from './affine.ts';
import type { ImageHeader } from './header.ts';
import type { Pixels } from './pixels.ts';
import { poseOf } from './pose.ts';
import { presentationRows } from './presentationValues.ts';
import { quantile } from './quantile.ts';
import { resample, tapsOf } from './resample.ts';
import type { Box } from './saliency.ts';
import { pixelSize } from './spacing.ts';

export interface Prepared {
  /** [channels, rows, columns] */
  tensor: Float32Array;
  /** Model input coordinates (continuous, [0, columns) × [0, rows)) → stored frame. */
  toImage: Affine;
  /** Where the film lies in the model input; the rest is padding. */
  film: Box;
}

/**
 * Presentation values (the file's VOI, never the reader's), standard pose, square pixels, letterbox, quantile clip over
 * the film, padding 0, (v − mean) / std; the same as `models/training/transform.py`. The film is resampled as stored
 * and only the small result is turned: area and linear weights are symmetric, so the order does not matter.
 * Throws a RangeError when there are fewer samples than `pixels` says.
 */
export function prepare(input: PackInput, header: ImageHeader, pixels: Pixels): Prepared {
  const { width, height } = pixelSize(header);
  const pose = poseOf(header).toPose(pixels.columns, pixels.rows);
  const transposed = pose.map.a === 0;
  const film = transposed
    ? letterbox(pixels.rows * height, pixels.columns * width, input)
    : letterbox(pixels.columns * width, pixels.rows * height, input);
  const across = tapsOf(pixels.columns, transposed ? film.height : film.width);
  const down = tapsOf(pixels.rows, transposed ? film.width : film.height);
  const stored = resample(presentationRows(header, pixels), across, down);
  const values = turned(stored, across.target, pose.map, film);
  stretch(values, input.clip);
  const toInput = compose(
    compose(pose.map, scale(film.width / pose.columns, film.height / pose.rows)),
    translate(film.x, film.y),
  );
  return { tensor: tensorOf(values, film, input), toImage: inverse(toInput), film };
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
