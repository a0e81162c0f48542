/** Draws tubes: bones and vessels as line integrals across a path of varying radius. */
import type { Point } from '../imaging/affine.ts';
import { toGrid, type Raster } from './raster.ts';

/** A place on a path, in mm; `weight` scales what the tube adds there. */
export interface Knot extends Point {
  radius: number;
  weight: number;
}

/** What a tube of `radius` adds at `distance` from its axis, both in mm. */
export type Profile = (distance: number, radius: number) => number;

/** Length of a ray inside a cylinder. */
export const chord = (distance: number, radius: number): number =>
  2 * Math.sqrt(Math.max(0, radius * radius - distance * distance));

export interface Pen {
  /** Adds one tube to the raster; where a path crosses itself it counts once. */
  draw(path: readonly Knot[], profile: Profile): void;
}

/** A pen keeps scratch space of the raster's size between strokes. */
export function pen(grid: Raster): Pen {
  const nearest = new Float32Array(grid.data.length).fill(Infinity);
  const radii = new Float32Array(grid.data.length);
  const weights = new Float32Array(grid.data.length);
  let touched: number[] = [];

  function segment(from: Knot, to: Knot): void {
    const a = toGrid(grid, from);
    const b = toGrid(grid, to);
    const reach = Math.max(from.radius, to.radius) / grid.cell + 1;
    const dx = b.x - a.x;
    const dy = b.y - a.y;
    const square = dx * dx + dy * dy;
    const firstRow = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach));
    const lastRow = Math.min(grid.rows - 1, Math.ceil(Math.max(a.y, b.y) + reach));
    const firstColumn = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach));
    const lastColumn = Math.min(grid.columns - 1, Math.ceil(Math.max(a.x, b.x) + reach));
    for (let row = firstRow; row <= lastRow; row++)
      for (let column = firstColumn; column <= lastColumn; column++) {
        const px = column + 0.5 - a.x;
        const py = row + 0.5 - a.y;
        const t = square === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / square));
        const ex = px - t * dx;
        const ey = py - t * dy;
        const distance = Math.sqrt(ex * ex + ey * ey);
        if (distance > reach) continue;
        const index = row * grid.columns + column;
        const best = nearest[index] ?? Infinity;
        if (distance >= best) continue;
        if (best === Infinity) touched.push(index);
        nearest[index] = distance;
        radii[index] = from.radius + t * (to.radius - from.radius);
        weights[index] = from.weight + t * (to.weight - from.weight);
      }
  }

  return {
    draw(path, profile) {
      path.forEach((knot, index) => {
        const next = path[index + 1];
        if (next) segment(knot, next);
      });
      for (const index of touched) {
        const value = profile((nearest[index] ?? 0) * grid.cell, radii[index] ?? 0) * (weights[index] ?? 0);
        grid.data[index] = (grid.data[index] ?? 0) + value;
        nearest[index] = Infinity;
      }
      touched = [];
    },
  };
}
