import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Point } from './affine.ts';
import { contours } from './contour.ts';
import { area } from './region.ts';

const grid = (rows: number, columns: number, value: (x: number, y: number) => number) =>
  Float32Array.from({ length: rows * columns }, (_, i) => value(i % columns, Math.floor(i / columns)));

/** Even-odd rule. */
const holds = (polygons: Point[][], { x, y }: Point) =>
  polygons.reduce((inside, ring) => {
    ring.forEach((p, i) => {
      const q = ring[(i + 1) % ring.length] ?? p;
      if (p.y > y !== q.y > y && x < p.x + ((q.x - p.x) * (y - p.y)) / (q.y - p.y)) inside = !inside;
    });
    return inside;
  }, false);

describe('1 rings', () => {
  test('1.1 one sample: a diamond around its centre, clockwise', () => {
    const [ring, ...others] = contours(
      grid(3, 3, (x, y) => (x === 1 && y === 1 ? 1 : 0)),
      3,
      3,
      0.5,
    );
    expect(others).toEqual([]);
    expect(ring).toHaveLength(4);
    expect(ring?.every(({ x, y }) => Math.abs(x - 1.5) + Math.abs(y - 1.5) === 0.5)).toBe(true);
    expect(area(ring ?? [])).toBeCloseTo(0.5, 12);
  });

  test('1.2 values up to the edge close outside the last samples', () => {
    const [ring, ...others] = contours(
      grid(2, 3, () => 1),
      2,
      3,
      0.5,
    );
    expect(others).toEqual([]);
    expect(Math.min(...(ring ?? []).map(({ x }) => x))).toBe(0);
    expect(Math.max(...(ring ?? []).map(({ x }) => x))).toBe(3);
    expect(Math.max(...(ring ?? []).map(({ y }) => y))).toBe(2);
  });

  test('1.3 a hole runs the other way round', () => {
    const rings = contours(
      grid(5, 5, (x, y) => (x === 2 && y === 2 ? 0 : 1)),
      5,
      5,
      0.5,
    );
    expect(rings.map((ring) => Math.sign(area(ring))).sort()).toEqual([-1, 1]);
  });

  test('1.4 a saddle is joined when the mean of its corners is inside, parted when not', () => {
    const saddle = (low: number) => grid(2, 2, (x, y) => (x === y ? 1 : low));
    expect(contours(saddle(0.4), 2, 2, 0.5)).toHaveLength(1);
    expect(contours(saddle(0.1), 2, 2, 0.6)).toHaveLength(2);
  });

  test('1.5 a disc has its area and its middle', () => {
    const disc = grid(80, 80, (x, y) => 20.5 - Math.hypot(x + 0.5 - 43, y + 0.5 - 37));
    const [ring, ...others] = contours(disc, 80, 80, 0.5);
    expect(others).toEqual([]);
    expect(area(ring ?? [])).toBeCloseTo(Math.PI * 400, -0.7);
    ring?.forEach(({ x, y }) => expect(Math.hypot(x - 43, y - 37)).toBeCloseTo(20, 1));
  });

  test('1.6 nothing at the level, no rings; a level of 0 is refused', () => {
    expect(
      contours(
        grid(4, 4, () => 0.3),
        4,
        4,
        0.5,
      ),
    ).toEqual([]);
    expect(() =>
      contours(
        grid(4, 4, () => 1),
        4,
        4,
        0,
      ),
    ).toThrow('expected a level above 0, found 0');
  });
});

test('2.1 whatever the grid, a sample is inside the rings exactly when it reaches the level', () => {
  const cells = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([rows, columns]) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      values: fc.array(fc.integer({ min: -3, max: 9 }), { minLength: rows * columns, maxLength: rows * columns }),
    }),
  );
  fc.assert(
    fc.property(cells, ({ rows, columns, values }) => {
      const rings = contours(values, rows, columns, 4.5);
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++)
          expect(holds(rings, { x: c + 0.5, y: r + 0.5 })).toBe((values[r * columns + c] ?? 0) >= 4.5);
    }),
  );
});
