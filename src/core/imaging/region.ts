/** From a model's map to saliency with its place, and from saliency to the region that a reader sees. */
import { type Affine, apply, compose, type Point, scale } from './affine.ts';
import { contours } from './contour.ts';
import { samplesOf } from './pixels.ts';
import type { Box, Region, Saliency } from './saliency.ts';

/**
 * `map` is rows × columns over a model input of `inputColumns` × `inputRows`: cell (r, c) covers
 * [c, c + 1) · inputColumns / columns. Values are divided by the largest positive one; negative ones become 0.
 */
export function saliencyOf(
  map: Float32Array,
  rows: number,
  columns: number,
  inputColumns: number,
  inputRows: number,
  toImage: Affine,
): Saliency {
  if (map.length !== rows * columns)
    throw new RangeError(`expected a map of ${columns} × ${rows}, found ${map.length} values`);
  const largest = map.reduce((most, value) => (value > most ? value : most), 0);
  const scaled = map.map((value) => (value > 0 && largest > 0 ? value / largest : 0));
  return {
    rows,
    columns,
    bytes: new Uint8Array(scaled.buffer),
    toImage: compose(scale(inputColumns / columns, inputRows / rows), toImage),
  };
}

/** Samples along the longer side that a contour is drawn from, about: enough to look smooth. */
const FINE = 192;

/**
 * Where saliency, bilinear between cell centres, is at least `level` × its largest value inside the image. Polygons in
 * stored-frame coordinates, clipped to the image, holes included (fill even-odd); the box goes round all of them.
 * null when nothing inside the image is positive.
 */
export function regionOf(saliency: Saliency, image: { rows: number; columns: number }, level = 0.5): Region | null {
  const { toImage } = saliency;
  const factor = Math.min(16, Math.max(1, Math.ceil(FINE / Math.max(saliency.rows, saliency.columns))));
  const rows = saliency.rows * factor;
  const columns = saliency.columns * factor;
  const values = enlarged(saliency, factor);

  const largest = largestInside(values, columns, compose(scale(1 / factor, 1 / factor), toImage), image);
  if (largest <= 0) return null;

  const polygons = contours(values, rows, columns, level * largest)
    .map((ring) => ring.map(({ x, y }) => apply(toImage, { x: x / factor, y: y / factor })))
    .map((ring) => clipped(ring, image))
    .filter((ring) => Math.abs(area(ring)) >= 1);
  return polygons.length > 0 ? { polygons, box: boxAround(polygons.flat()) } : null;
}

/** Largest of the samples whose centre lies inside the image, at least 0; `toImage` is from sample coordinates. */
function largestInside(
  values: Float32Array,
  columns: number,
  toImage: Affine,
  image: { rows: number; columns: number },
) {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value <= largest) continue;
    const { x, y } = apply(toImage, { x: (i % columns) + 0.5, y: Math.floor(i / columns) + 0.5 });
    if (x >= 0 && y >= 0 && x <= image.columns && y <= image.rows) largest = value;
  }
  return largest;
}

/** `factor` × the size, bilinear between cell centres, held beyond the outermost ones. */
function enlarged({ rows, columns, bytes }: Saliency, factor: number): Float32Array {
  const grid = samplesOf('f32', bytes);
  const width = columns * factor;
  const wide = new Float32Array(rows * width);
  for (let x = 0; x < width; x++) {
    const [left, right, part] = neighbours(x, factor, columns);
    for (let r = 0; r < rows; r++)
      wide[r * width + x] = (grid[r * columns + left] ?? 0) * (1 - part) + (grid[r * columns + right] ?? 0) * part;
  }
  const out = new Float32Array(rows * factor * width);
  for (let y = 0; y < rows * factor; y++) {
    const [top, bottom, part] = neighbours(y, factor, rows);
    for (let x = 0; x < width; x++)
      out[y * width + x] = (wide[top * width + x] ?? 0) * (1 - part) + (wide[bottom * width + x] ?? 0) * part;
  }
  return out;
}

function neighbours(i: number, factor: number, count: number): [low: number, high: number, part: number] {
  const centre = Math.min(Math.max((i + 0.5) / factor - 0.5, 0), count - 1);
  const low = Math.floor(centre);
  return [low, Math.min(low + 1, count - 1), centre - low];
}

/** Sutherland–Hodgman (1974) against the four edges of the image. */
function clipped(ring: Point[], { columns, rows }: { columns: number; rows: number }): Point[] {
  const left = (ring: Point[]) => cut(ring, (p) => p.x);
  const right = (ring: Point[]) => cut(ring, (p) => columns - p.x);
  const top = (ring: Point[]) => cut(ring, (p) => p.y);
  const bottom = (ring: Point[]) => cut(ring, (p) => rows - p.y);
  return bottom(top(right(left(ring))));
}

/** Keeps what lies where `distance` is not negative. */
function cut(ring: Point[], distance: (p: Point) => number): Point[] {
  return ring.flatMap((point, i) => {
    const before = ring.at(i - 1) ?? point;
    const [d, e] = [distance(before), distance(point)];
    const crossing = {
      x: before.x + ((point.x - before.x) * d) / (d - e),
      y: before.y + ((point.y - before.y) * d) / (d - e),
    };
    if (e >= 0) return d >= 0 ? [point] : [crossing, point];
    return d >= 0 ? [crossing] : [];
  });
}

/** Signed area (positive: clockwise on screen, where y points down). */
export function area(ring: Point[]): number {
  return (
    ring.reduce((sum, p, i) => {
      const q = ring[(i + 1) % ring.length] ?? p;
      return sum + p.x * q.y - q.x * p.y;
    }, 0) / 2
  );
}

function boxAround(points: Point[]): Box {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  }
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
}
