/** Closed outlines: smooth curves through control points, distance to them; an outline traced back from a grid. */
import type { Point } from '../imaging/affine.ts';
import { contours } from '../imaging/contour.ts';
import { raster, xOf, yOf, type Raster } from './raster.ts';

/** A closed Catmull-Rom curve through `points`, `steps` points a piece. A point given twice makes a corner. */
export function smoothClosed(points: readonly Point[], steps = 8): Point[] {
  const at = (index: number): Point => points[(index + points.length) % points.length] ?? { x: 0, y: 0 };
  return points.flatMap((_, index) => {
    const [p, q, r, s] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    if (q.x === r.x && q.y === r.y) return [];
    return Array.from({ length: steps }, (__, step) => {
      const t = step / steps;
      return { x: catmullRom(p.x, q.x, r.x, s.x, t), y: catmullRom(p.y, q.y, r.y, s.y, t) };
    });
  });
}

function catmullRom(p: number, q: number, r: number, s: number, t: number): number {
  return 0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t * t * t);
}

/** Distance in mm from every cell's centre to the outline, positive inside (even-odd rule). */
export function signedDistance(outline: readonly Point[], columns: number, rows: number, cell: number): Raster {
  const grid = raster(columns, rows, cell);
  const count = outline.length;
  const xs = Float64Array.from(outline, (point) => point.x);
  const ys = Float64Array.from(outline, (point) => point.y);
  for (let row = 0; row < rows; row++) {
    const y = yOf(grid, row);
    for (let column = 0; column < columns; column++) {
      const x = xOf(grid, column);
      let best = Infinity;
      let inside = false;
      let ax = xs[count - 1] ?? 0;
      let ay = ys[count - 1] ?? 0;
      for (let i = 0; i < count; i++) {
        const bx = xs[i] ?? 0;
        const by = ys[i] ?? 0;
        const dx = bx - ax;
        const dy = by - ay;
        const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
        const ex = x - ax - t * dx;
        const ey = y - ay - t * dy;
        best = Math.min(best, ex * ex + ey * ey);
        if (ay > y !== by > y && x < ax + (dx * (y - ay)) / dy) inside = !inside;
        ax = bx;
        ay = by;
      }
      grid.data[row * columns + column] = inside ? Math.sqrt(best) : -Math.sqrt(best);
    }
  }
  return grid;
}

/** The longest closed outline of { data > 0 }, in mm. */
export function outlineOf(grid: Raster): Point[] {
  // `contours` takes what lies outside the grid for 0 and wants a level above it.
  const lifted = grid.data.map((value) => Math.max(0, Math.min(50, value) + 50));
  const rings = contours(lifted, grid.rows, grid.columns, 50);
  const longest = rings.reduce<Point[]>((best, ring) => (ring.length > best.length ? ring : best), []);
  return longest.map(({ x, y }) => ({ x: (x - grid.columns / 2) * grid.cell, y: (y - grid.rows / 2) * grid.cell }));
}
