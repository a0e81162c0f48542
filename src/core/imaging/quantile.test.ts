import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile } from './quantile.ts';

test('1.1 numpy.quantile of 1 2 4 8 16 at 0, 0.1, 0.5, 0.99, 1', () => {
  const at = (share: number) => quantile(Float64Array.of(8, 1, 16, 4, 2), share);
  expect(at(0)).toBe(1);
  expect(at(0.1)).toBeCloseTo(1.4, 12);
  expect(at(0.5)).toBe(4);
  expect(at(0.99)).toBeCloseTo(15.68, 12);
  expect(at(1)).toBe(16);
});

test('1.2 what sorting gives, with many equal values too', () => {
  const values = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 }),
    fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 60 }),
  );
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
      const sorted = list.toSorted((a, b) => a - b);
      const at = share * (list.length - 1);
      const low = sorted[Math.floor(at)] ?? NaN;
      const expected = low + ((sorted[Math.ceil(at)] ?? NaN) - low) * (at - Math.floor(at));
      expect(quantile(Float64Array.from(list), share)).toBeCloseTo(expected, 8);
    }),
  );
});
