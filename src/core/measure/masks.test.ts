import { describe, expect, test } from 'vitest';
import { identity } from '../imaging/affine.ts';
import { area } from '../imaging/region.ts';
import { gridOf, largestPart, outlineOf, partOf } from './masks.ts';
import { ellipseGrid } from './testdata.ts';

const mask = (values: Float32Array, size: number) => gridOf(values, size, size, size, size, identity);

describe('1 the largest part', () => {
  test('1.1 cells that touch at a corner only are two parts', () => {
    const part = largestPart(Float32Array.of(1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1), 4, 4);
    expect(part.cells).toBe(4);
    expect([...part.inside]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1]);
  });
  test('1.2 the end of a row does not touch the beginning of the next', () => {
    expect(largestPart(Float32Array.of(0, 0, 1, 1, 0, 0), 2, 3).cells).toBe(1);
  });
  test('1.3 one half belongs to it, less does not; nothing has no cells', () => {
    expect(largestPart(Float32Array.of(0.5, 0.49), 1, 2).cells).toBe(1);
    expect(largestPart(new Float32Array(9), 3, 3).cells).toBe(0);
  });
  test('1.4 a grid keeps its probabilities and its own bytes', () => {
    const values = Float32Array.of(0.1, 0.9, 0.2, 0.3);
    const grid = mask(values, 2);
    values.fill(0);
    expect(partOf(grid).values[1]).toBeCloseTo(0.9, 6);
    expect(() => gridOf(values, 3, 3, 3, 3, identity)).toThrow(RangeError);
  });
});

describe('2 outline', () => {
  test('2.1 an ellipse has its area, its box and its middle, in the stored frame', () => {
    const ellipse = { x: 40.3, y: 51.7, width: 30, height: 48 };
    const grid = gridOf(ellipseGrid(112, 112, [ellipse]), 112, 112, 224, 224, { ...identity, a: 4, d: 3, e: 10 });
    const region = outlineOf(grid);
    expect(region?.polygons).toHaveLength(1);
    const [sx, sy] = [8, 6];
    expect(area(region?.polygons[0] ?? [])).toBeCloseTo((Math.PI / 4) * 30 * 48 * sx * sy, -3);
    const box = region?.box ?? { x: 0, y: 0, width: 0, height: 0 };
    expect(Math.abs(box.x + box.width / 2 - (ellipse.x * sx + 10))).toBeLessThan(0.1 * sx);
    expect(Math.abs(box.y + box.height / 2 - ellipse.y * sy)).toBeLessThan(0.1 * sy);
    expect(Math.abs(box.width - 30 * sx)).toBeLessThan(0.2 * sx);
  });
  test('2.2 only the largest part is outlined, even where another almost touches it', () => {
    const parts = [
      { x: 30, y: 50, width: 40, height: 40 },
      { x: 60.2, y: 50, width: 18, height: 18 },
    ];
    const both = outlineOf(mask(ellipseGrid(112, 112, parts), 112));
    const alone = outlineOf(mask(ellipseGrid(112, 112, parts.slice(0, 1)), 112));
    expect(both?.box.width).toBeCloseTo(alone?.box.width ?? 0, 0);
  });
  test('2.3 an empty mask has none', () => expect(outlineOf(mask(new Float32Array(16), 4))).toBeNull());
});
