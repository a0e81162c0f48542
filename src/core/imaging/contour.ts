/** Marching squares (Lorensen & Cline 1987 in two dimensions): the lines where a grid of values crosses a level. */
import type { Point } from './affine.ts';

/**
 * Closed polygons around the samples ≥ `level`, outer rings clockwise on screen and holes the other way round (fill
 * them even-odd). Sample (r, c) stands at (c + 0.5, r + 0.5); outside the grid everything is 0, so every line closes.
 * `values` is row by row; `level` must be above 0 (RangeError).
 */
export function contours(values: ArrayLike<number>, rows: number, columns: number, level: number): Point[][] {
  if (!(level > 0)) throw new RangeError(`expected a level above 0, found ${level}`);
  const at = (r: number, c: number) =>
    r < 0 || c < 0 || r >= rows || c >= columns ? 0 : (values[r * columns + c] ?? 0);
  // Crossings live on the edges between neighbouring samples, counted with one ring of padding: two ids a sample.
  const stride = columns + 2;
  const across = (r: number, c: number) => 2 * ((r + 1) * stride + c + 1); // (r, c) to (r, c + 1)
  const down = (r: number, c: number) => across(r, c) + 1; // (r, c) to (r + 1, c)
  const next = new Int32Array(2 * stride * (rows + 2)).fill(-1);

  for (let r = -1; r < rows; r++)
    for (let c = -1; c < columns; c++) {
      const first = at(r, c) >= level;
      if (at(r, c + 1) >= level === first && at(r + 1, c) >= level === first && at(r + 1, c + 1) >= level === first)
        continue;
      link(next, [at(r, c), at(r, c + 1), at(r + 1, c + 1), at(r + 1, c)], level, [
        across(r, c),
        down(r, c + 1),
        across(r + 1, c),
        down(r, c),
      ]);
    }

  const point = (edge: number): Point => {
    const place = edge >> 1;
    const r = Math.floor(place / stride) - 1;
    const c = (place % stride) - 1;
    const from = at(r, c);
    const isDown = edge % 2 === 1;
    const part = (level - from) / ((isDown ? at(r + 1, c) : at(r, c + 1)) - from);
    return isDown ? { x: c + 0.5, y: r + 0.5 + part } : { x: c + 0.5 + part, y: r + 0.5 };
  };

  const polygons: Point[][] = [];
  for (let start = 0; start < next.length; start++) {
    const polygon: Point[] = [];
    for (let edge = start; next[edge] !== -1;) {
      polygon.push(point(edge));
      const following = next[edge] ?? -1;
      next[edge] = -1;
      edge = following;
    }
    if (polygon.length > 0) polygons.push(polygon);
  }
  return polygons;
}

/**
 * One cell, corners and edges clockwise from the top left: walking round it, a line begins on the edge where the walk
 * leaves the inside and ends where it comes in again. Two such pairs make a saddle: the mean of the corners decides.
 */
function link(next: Int32Array, corners: number[], level: number, edges: number[]): void {
  const inside = corners.map((value) => value >= level);
  const joined = corners.reduce((sum, value) => sum + value, 0) / 4 >= level;
  for (const i of [0, 1, 2, 3]) {
    if (!inside[i] || inside[(i + 1) % 4]) continue;
    const enters = [1, 2, 3].map((k) => (i + k) % 4).filter((k) => !inside[k] && inside[(k + 1) % 4]);
    const k = joined ? enters[0] : enters.at(-1);
    if (k !== undefined) next[edges[i] ?? 0] = edges[k] ?? 0;
  }
}
