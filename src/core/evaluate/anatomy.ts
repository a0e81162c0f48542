/** What the anatomy pack drew on a film, against masks and boxes that people drew. All in the film's own pixels. */
import { apply, inverse } from '../imaging/affine.ts';
import { samplesOf } from '../imaging/pixels.ts';
import type { Box, Saliency } from '../imaging/saliency.ts';
import { INSIDE, largestPart, partOf } from '../measure/masks.ts';
import type { Anatomy, MaskId } from '../measure/measurement.ts';
import { bothFound, ratioOf } from '../measure/ratio.ts';
import { boxOverlap, dice, rasterOf } from './places.ts';

export interface Size {
  rows: number;
  columns: number;
}

export type Masks = ReadonlyMap<MaskId, Saliency>;

/** Whether both lungs are there as a ratio asks for, and the box around both; `known` are lung boxes that people drew. */
export function lungsOf(
  anatomy: Anatomy,
  masks: Masks,
  size: Size,
  known: { right: Box; left: Box } | null,
): { found: boolean; box: Box | null; overlap: number | null } | null {
  const [right, left] = [masks.get('right-lung'), masks.get('left-lung')];
  if (!right || !left) return null;
  const toGrid = inverse(right.toImage);
  const [a, b] = [apply(toGrid, { x: 0, y: 0 }), apply(toGrid, { x: size.columns, y: size.rows })];
  const found = bothFound(partOf(right), partOf(left), { width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) });
  const boxOf = (id: MaskId) => anatomy.masks.find((mask) => mask.id === id)?.region?.box ?? null;
  const [rightBox, leftBox] = [boxOf('right-lung'), boxOf('left-lung')];
  const overlap = known
    ? Math.min(rightBox ? boxOverlap(rightBox, known.right) : 0, leftBox ? boxOverlap(leftBox, known.left) : 0)
    : null;
  return { found, box: rightBox && leftBox ? around(rightBox, leftBox) : null, overlap };
}

function around(a: Box, b: Box): Box {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** As pixels: of lungs and cardiomediastinum the outline that a reader sees, of opacity (of many parts) the whole mask. */
export function drawnMask(id: MaskId, anatomy: Anatomy, masks: Masks, size: Size): Uint8Array {
  const grid = masks.get(id);
  if (id === 'lung-opacity' && grid) return rasterOfGrid(grid, size);
  return rasterOf(anatomy.masks.find((mask) => mask.id === id)?.region ?? null, size);
}

/** Where a grid of probabilities is `INSIDE`, bilinear between cell centres, held beyond the outermost ones. */
export function rasterOfGrid(grid: Saliency, { rows, columns }: Size): Uint8Array {
  const values = samplesOf('f32', grid.bytes);
  const toGrid = inverse(grid.toImage);
  const out = new Uint8Array(rows * columns);
  const held = (i: number, count: number) => Math.min(Math.max(i, 0), count - 1);
  for (let i = 0; i < out.length; i++) {
    const place = apply(toGrid, { x: (i % columns) + 0.5, y: Math.floor(i / columns) + 0.5 });
    const [x, y] = [held(place.x - 0.5, grid.columns), held(place.y - 0.5, grid.rows)];
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const value = (column: number, row: number) =>
      values[held(row, grid.rows) * grid.columns + held(column, grid.columns)] ?? 0;
    const upper = value(left, top) * (1 - x + left) + value(left + 1, top) * (x - left);
    const lower = value(left, top + 1) * (1 - x + left) + value(left + 1, top + 1) * (x - left);
    if (upper * (1 - y + top) + lower * (y - top) >= INSIDE) out[i] = 1;
  }
  return out;
}

/** Dice of each mask that people drew, as pixels of the film. */
export function diceOf(
  people: ReadonlyMap<MaskId, Uint8Array>,
  anatomy: Anatomy,
  masks: Masks,
  size: Size,
): Record<string, number> {
  return Object.fromEntries(
    [...people]
      .filter(([id]) => masks.has(id))
      .map(([id, mask]) => [id, dice(drawnMask(id, anatomy, masks, size), mask)]),
  );
}

/** The cardiothoracic ratio by the same steps from masks that people drew; the film must lie in the standard pose. */
export function peoplesRatio(people: ReadonlyMap<MaskId, Uint8Array>, { rows, columns }: Size): number | null {
  const part = (id: MaskId) => {
    const mask = people.get(id);
    return mask ? largestPart(mask, rows, columns) : null;
  };
  const [right, left, heart] = [part('right-lung'), part('left-lung'), part('cardiomediastinum')];
  if (!right || !left || !heart) return null;
  const found = ratioOf(right, left, heart, { width: columns, height: rows });
  return typeof found === 'string' ? null : found.ratio;
}

const OPACITIES = new Set(['lung-opacity', 'ground-glass-opacities', 'ground-glass', 'consolidation']);

/** The mask that a class of masks.csv belongs to; null for what no pack draws. */
export function maskOfClass(name: string): MaskId | null {
  const word = name
    .trim()
    .toLowerCase()
    .replace(/[^a-z]+/g, '-');
  if (OPACITIES.has(word)) return 'lung-opacity';
  return word === 'right-lung' || word === 'left-lung' || word === 'cardiomediastinum' ? word : null;
}
