/** Masks of anatomy: grids of probabilities with their place in the stored frame, their parts and their outlines. */
import { type Affine, apply, compose, type Point, scale } from '../imaging/affine.ts';
import { contours } from '../imaging/contour.ts';
import { samplesOf } from '../imaging/pixels.ts';
import { area } from '../imaging/region.ts';
import type { Region, Saliency } from '../imaging/saliency.ts';

/** A cell belongs to a mask from this probability on. */
export const INSIDE = 0.5;

/** One channel of a graph's masks, rows × columns over a model input of `inputColumns` × `inputRows`, as it is. */
export function gridOf(
  values: Float32Array,
  rows: number,
  columns: number,
  inputColumns: number,
  inputRows: number,
  toImage: Affine,
): Saliency {
  if (values.length !== rows * columns)
    throw new RangeError(`expected a mask of ${columns} × ${rows}, found ${values.length} values`);
  return {
    rows,
    columns,
    bytes: new Uint8Array(values.slice().buffer),
    toImage: compose(scale(inputColumns / columns, inputRows / rows), toImage),
  };
}

/** A mask to be measured: probabilities, and which cells belong to its largest part. */
export interface Part {
  rows: number;
  columns: number;
  values: ArrayLike<number>;
  /** 1 in the largest part whose cells touch by their sides, else 0. */
  inside: Uint8Array;
  cells: number;
}

/** The largest part of a mask; the first in reading order of several as large. */
export function partOf(mask: Pick<Saliency, 'rows' | 'columns' | 'bytes'>): Part {
  return largestPart(samplesOf('f32', mask.bytes), mask.rows, mask.columns);
}

export function largestPart(values: ArrayLike<number>, rows: number, columns: number): Part {
  const part = new Int32Array(rows * columns);
  const stack: number[] = [];
  let [best, bestCells, count] = [0, 0, 0];
  const belongs = (at: number) => part[at] === 0 && (values[at] ?? 0) >= INSIDE;
  const take = (at: number): void => {
    if (at < 0 || at >= part.length || !belongs(at)) return;
    part[at] = count;
    stack.push(at);
  };
  for (let start = 0; start < part.length; start++) {
    if (!belongs(start)) continue;
    count++;
    let cells = 0;
    take(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      cells++;
      const column = at % columns;
      take(at - columns);
      take(at + columns);
      if (column > 0) take(at - 1);
      if (column < columns - 1) take(at + 1);
    }
    if (cells > bestCells) [best, bestCells] = [count, cells];
  }
  const inside = new Uint8Array(part.length);
  if (best > 0) for (let at = 0; at < part.length; at++) if (part[at] === best) inside[at] = 1;
  return { rows, columns, values, inside, cells: bestCells };
}

/** The outline of the largest part at `INSIDE`, in the stored frame; null where the mask is empty. Holes are left out. */
export function outlineOf(mask: Saliency): Region | null {
  const { rows, columns, values, inside } = partOf(mask);
  // Cells of smaller parts are held just below the level; the ring around the largest keeps its own values.
  const kept = new Float32Array(rows * columns);
  for (let i = 0; i < kept.length; i++) {
    const value = values[i] ?? 0;
    kept[i] = inside[i] === 1 ? value : Math.min(value, INSIDE - 1e-3);
  }
  const rings = contours(kept, rows, columns, INSIDE);
  const outer = rings.reduce<(typeof rings)[number]>(
    (largest, ring) => (area(ring) > area(largest) ? ring : largest),
    [],
  );
  return outer.length === 0 ? null : placed([outer], mask.toImage);
}

/** All of a mask at `INSIDE`, in the stored frame, holes included (even-odd); null where the mask is empty. */
export function regionOfMask({ rows, columns, bytes, toImage }: Saliency): Region | null {
  const rings = contours(samplesOf('f32', bytes), rows, columns, INSIDE);
  return rings.length === 0 ? null : placed(rings, toImage);
}

function placed(rings: readonly Point[][], toImage: Affine): Region {
  const polygons = rings.map((ring) => ring.map((point) => apply(toImage, point)));
  const [xs, ys] = [polygons.flat().map(({ x }) => x), polygons.flat().map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { polygons, box: { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y } };
}
