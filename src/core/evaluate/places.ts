/** How the place that a map points at agrees with boxes that people drew. All in the film's own pixels. */
import type { Point } from '../imaging/affine.ts';
import { apply } from '../imaging/affine.ts';
import { samplesOf } from '../imaging/pixels.ts';
import type { Box, Region, Saliency } from '../imaging/saliency.ts';

/** Centre of the map's highest cell whose centre lies in the image; null where nothing there is positive. */
export function peakOf(map: Saliency, image: { rows: number; columns: number }): Point | null {
  const values = samplesOf('f32', map.bytes);
  let [best, peak]: [number, Point | null] = [0, null];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value <= best) continue;
    const place = apply(map.toImage, { x: (i % map.columns) + 0.5, y: Math.floor(i / map.columns) + 0.5 });
    if (place.x < 0 || place.y < 0 || place.x > image.columns || place.y > image.rows) continue;
    [best, peak] = [value, place];
  }
  return peak;
}

/** The pointing game (Zhang 2016), without a tolerance: edges count as inside. */
export const pointsInto = ({ x, y }: Point, boxes: readonly Box[]): boolean =>
  boxes.some((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);

/** Pixels whose centres lie in a region (even-odd); `rows` × `columns`, 1 inside. */
export function rasterOf(region: Region | null, { rows, columns }: { rows: number; columns: number }): Uint8Array {
  const out = new Uint8Array(rows * columns);
  if (!region) return out;
  for (let row = 0; row < rows; row++) {
    const y = row + 0.5;
    const crossings: number[] = [];
    for (const ring of region.polygons)
      for (const [i, p] of ring.entries()) {
        const q = ring[(i + 1) % ring.length] ?? p;
        if (p.y > y !== q.y > y) crossings.push(p.x + ((q.x - p.x) * (y - p.y)) / (q.y - p.y));
      }
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, Math.ceil((crossings[k] ?? 0) - 0.5));
      const to = Math.min(columns - 1, Math.ceil((crossings[k + 1] ?? 0) - 0.5) - 1);
      if (from <= to) out.fill(1, row * columns + from, row * columns + to + 1);
    }
  }
  return out;
}

/** A box as a region, so that both are counted the same way. */
export const regionOfBox = (box: Box): Region => ({
  box,
  polygons: [
    [
      { x: box.x, y: box.y },
      { x: box.x + box.width, y: box.y },
      { x: box.x + box.width, y: box.y + box.height },
      { x: box.x, y: box.y + box.height },
    ],
  ],
});

/** All boxes together as pixels. */
export function rasterOfBoxes(boxes: readonly Box[], size: { rows: number; columns: number }): Uint8Array {
  const out = new Uint8Array(size.rows * size.columns);
  for (const box of boxes) for (const [i, inside] of rasterOf(regionOfBox(box), size).entries()) if (inside) out[i] = 1;
  return out;
}

/** Pixels in both over pixels in either; 1 where both are empty. */
export function intersectionOverUnion(a: Uint8Array, b: Uint8Array): number {
  const { both, either } = overlapOf(a, b);
  return either === 0 ? 1 : both / either;
}

/** Dice coefficient, 2 |a ∩ b| / (|a| + |b|); 1 where both are empty. */
export function dice(a: Uint8Array, b: Uint8Array): number {
  const { both, either } = overlapOf(a, b);
  return either === 0 ? 1 : (2 * both) / (both + either);
}

function overlapOf(a: Uint8Array, b: Uint8Array): { both: number; either: number } {
  if (a.length !== b.length) throw new RangeError(`expected two masks of one size, found ${a.length} and ${b.length}`);
  let [both, either] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [inA, inB] = [a[i] === 1, b[i] === 1];
    if (inA && inB) both++;
    if (inA || inB) either++;
  }
  return { both, either };
}

/** Two boxes' area in both over area in either. */
export function boxOverlap(a: Box, b: Box): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const both = Math.max(0, across) * Math.max(0, down);
  return both / (a.width * a.height + b.width * b.height - both);
}

/** Cells along each side of the grid that is laid over the lungs. */
const CELLS = 8;

/** A film with boxes of a finding, and the box around its two lungs. */
export interface PlacedFilm {
  patient: string;
  boxes: readonly Box[];
  lungs: Box;
}

/**
 * What knowing the anatomy alone is worth: for each film, whether the place in the lungs that lies in most boxes of
 * other patients' films lies in this one's. The lungs' box is divided into 8 × 8 places.
 */
export function anatomyOnly(films: readonly PlacedFilm[]): boolean[] {
  const hits = films.map(({ boxes, lungs }) =>
    Array.from({ length: CELLS * CELLS }, (_, i) => {
      const x = lungs.x + (((i % CELLS) + 0.5) / CELLS) * lungs.width;
      const y = lungs.y + ((Math.floor(i / CELLS) + 0.5) / CELLS) * lungs.height;
      return pointsInto({ x, y }, boxes);
    }),
  );
  return films.map(({ patient }, own) => {
    const counts = Array.from(
      { length: CELLS * CELLS },
      (_, cell) => hits.filter((film, other) => films[other]?.patient !== patient && film[cell]).length,
    );
    return hits[own]?.[counts.indexOf(Math.max(...counts))] ?? false;
  });
}
