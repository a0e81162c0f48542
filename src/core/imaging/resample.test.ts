import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resample, tapsOf } from './resample.ts';

const rowsOf = (values: number[][]) => (y: number, line: Float32Array) => line.set(values[y] ?? []);
const across = (row: number[], target: number) => [
  ...resample(rowsOf([row]), tapsOf(row.length, target), tapsOf(1, 1)),
];

test('1.1 shrinking weighs by the area covered: 5 → 2', () => {
  const [first, second] = across([1, 2, 3, 4, 5], 2);
  expect(first).toBeCloseTo((1 + 2 + 3 / 2) / 2.5, 12);
  expect(second).toBeCloseTo((3 / 2 + 4 + 5) / 2.5, 12);
});

test('1.2 growing is linear between pixel centres, held at the edges: 2 → 4', () => {
  expect(across([0, 1], 4)).toEqual([0, 0.25, 0.75, 1]);
});

test('1.3 the same size changes nothing', () => expect(across([3, 1, 2], 3)).toEqual([3, 1, 2]));

test('1.4 both axes', () => {
  const values = [
    [0, 4, 8, 8],
    [2, 2, 0, 8],
  ];
  expect([...resample(rowsOf(values), tapsOf(4, 2), tapsOf(2, 1))]).toEqual([2, 6]);
  expect([...resample(rowsOf(values), tapsOf(4, 2), tapsOf(2, 4))]).toEqual([2, 8, 2, 7, 2, 5, 2, 4]);
});

test('1.5 the weights of every target pixel sum to 1 and stay inside the source', () => {
  const size = fc.integer({ min: 1, max: 600 });
  fc.assert(
    fc.property(size, size, (source, target) => {
      const { start, offset, weights } = tapsOf(source, target);
      for (let i = 0; i < target; i++) {
        const own = weights.subarray(offset[i], offset[i + 1]);
        expect(own.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        expect(Math.min(...own)).toBeGreaterThanOrEqual(0);
        expect(start[i]).toBeGreaterThanOrEqual(0);
        expect((start[i] ?? NaN) + own.length).toBeLessThanOrEqual(source);
      }
    }),
    { numRuns: 60 },
  );
});

test('1.6 a mirrored row gives the mirrored result', () => {
  const row = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(row, fc.integer({ min: 1, max: 100 }), (values, target) => {
      const there = across(values, target);
      const mirrored = across(values.toReversed(), target).reverse();
      there.forEach((value, i) => expect(mirrored[i]).toBeCloseTo(value, 8));
    }),
  );
});
