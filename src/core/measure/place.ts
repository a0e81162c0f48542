/** Where something lies in the lungs: side, zones, depth and extent, counted in cells of the anatomy pack's masks. */
import * as z from 'zod';
import { apply } from '../imaging/affine.ts';
import type { ImageHeader } from '../imaging/header.ts';
import { isInside } from '../imaging/isInside.ts';
import { samplesOf } from '../imaging/pixels.ts';
import type { Region, Saliency } from '../imaging/saliency.ts';
import { patientSideAt } from '../imaging/sides.ts';
import { INSIDE, partOf, type Part } from './masks.ts';
import type { MaskId } from './measurement.ts';

export const PlaceSide = z.enum(['right', 'left', 'bilateral']);
export type PlaceSide = z.infer<typeof PlaceSide>;

/** Thirds of a lung's height, counted from its top. */
export const Zone = z.enum(['upper', 'mid', 'lower']);
export type Zone = z.infer<typeof Zone>;

/** Thirds of a lung's width from the middle of the patient outwards; the lower outer corner is the costophrenic angle. */
export const Depth = z.enum(['perihilar', 'peripheral', 'costophrenic']);
export type Depth = z.infer<typeof Depth>;

export const Place = z.object({
  side: PlaceSide,
  /** In the order of `Zone`; empty where none may be named. */
  zones: z.array(Zone),
  /** null: in no one part of the width, or not to be named. */
  depth: Depth.nullable(),
  /** Share of both lungs' area that it covers, 0 … 1; null where it may not be named. */
  extent: z.number().min(0).max(1).nullable(),
});
export type Place = z.infer<typeof Place>;

/** At least this share of what is placed lies in the lungs, else nothing is said. */
const LEAST_INSIDE = 0.8;
/** A side, a zone that holds less than this share of it is not named. */
const LEAST_SIDE = 0.2;
const LEAST_ZONE = 0.25;
/** A depth is named where it holds at least this share. */
const LEAST_DEPTH = 0.5;

/** 1 where a mask's probability is at least one half. */
export const cellsOfMask = ({ bytes }: Pick<Saliency, 'bytes'>): Uint8Array =>
  Uint8Array.from(samplesOf('f32', bytes), (value) => (value >= INSIDE ? 1 : 0));

/** 1 where the centre of a cell of `grid` lies in a region of the stored frame. */
export function cellsOfRegion(region: Region, { rows, columns, toImage }: Omit<Saliency, 'bytes'>): Uint8Array {
  const { x, y, width, height } = region.box;
  return Uint8Array.from({ length: rows * columns }, (_, i) => {
    const at = apply(toImage, { x: (i % columns) + 0.5, y: Math.floor(i / columns) + 0.5 });
    const near = at.x >= x && at.x <= x + width && at.y >= y && at.y <= y + height;
    return near && isInside(region, at) ? 1 : 0;
  });
}

type Lungs = ReadonlyMap<MaskId, Saliency>;
interface Cell {
  side: 'right' | 'left';
  zone: Zone;
  depth: Depth | null;
}

/**
 * `cells` are those of the masks' grid, row by row. null: there is none, too little of it lies in the lungs, or the
 * masks and the header disagree on which lung is the right one.
 */
export function placeOf(cells: Uint8Array, masks: Lungs, header: ImageHeader): Place | null {
  const lungs = (['right', 'left'] as const).flatMap((side) => {
    const mask = masks.get(`${side}-lung`);
    return mask && liesOn(side, mask, header) ? [{ side, part: partOf(mask) }] : [];
  });
  if (lungs.length < 2) return null;
  const all = cells.reduce((sum, cell) => sum + cell, 0);
  const held = lungs.flatMap(({ side, part }) => cellsIn(part, side, cells));
  if (held.length === 0 || held.length < LEAST_INSIDE * all) return null;
  const share = (test: (cell: Cell) => boolean) => held.filter(test).length / held.length;
  const right = share(({ side }) => side === 'right');
  return {
    side: right < LEAST_SIDE ? 'left' : right > 1 - LEAST_SIDE ? 'right' : 'bilateral',
    zones: Zone.options.filter((zone) => share((cell) => cell.zone === zone) >= LEAST_ZONE),
    depth: Depth.options.find((depth) => share((cell) => cell.depth === depth) >= LEAST_DEPTH) ?? null,
    extent: held.length / lungs.reduce((sum, { part }) => sum + part.cells, 0),
  };
}

/** The one function for sides agrees that the middle of this mask lies on that side. */
function liesOn(side: 'right' | 'left', { rows, columns, bytes, toImage }: Saliency, header: ImageHeader): boolean {
  const { inside, cells } = partOf({ rows, columns, bytes });
  if (cells === 0) return false;
  let [x, y] = [0, 0];
  for (const [i, one] of inside.entries()) {
    x += one * ((i % columns) + 0.5);
    y += one * (Math.floor(i / columns) + 0.5);
  }
  const middle = apply(toImage, { x: x / cells, y: y / cells });
  return patientSideAt(header, middle.x, middle.y).side === side;
}

/** The cells within one lung, each with its zone and depth. The grid has the standard pose: the right lung is on the left. */
function cellsIn({ inside, rows, columns }: Part, side: 'right' | 'left', cells: Uint8Array): Cell[] {
  const top = Math.floor(inside.indexOf(1) / columns);
  const bottom = Math.floor(inside.lastIndexOf(1) / columns) + 1;
  const across = Array.from({ length: columns }, (_, column) =>
    Array.from({ length: rows }, (_, row) => inside[row * columns + column] ?? 0).includes(1),
  );
  const [first, last] = [across.indexOf(true), across.lastIndexOf(true) + 1];
  return [...inside.keys()].flatMap((i): Cell[] => {
    if (inside[i] !== 1 || cells[i] !== 1) return [];
    const down = (Math.floor(i / columns) + 0.5 - top) / (bottom - top);
    const along = ((i % columns) + 0.5 - first) / (last - first);
    const outwards = side === 'right' ? 1 - along : along;
    const zone = down < 1 / 3 ? 'upper' : down < 2 / 3 ? 'mid' : 'lower';
    return [{ side, zone, depth: depthOf(down, outwards) }];
  });
}

/** Both from 0 to 1: down a lung's height, and from its inner to its outer edge. */
function depthOf(down: number, outwards: number): Depth | null {
  if (down > 0.8 && outwards > 0.6) return 'costophrenic';
  if (outwards > 2 / 3) return 'peripheral';
  return outwards < 1 / 3 && down > 1 / 4 && down < 3 / 4 ? 'perihilar' : null;
}
