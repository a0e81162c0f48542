import { describe, expect, test } from 'vitest';
import { calibrationError, reliability } from './calibration.ts';
import { readCsv, writeCsv } from '../csv.ts';
import {
  anatomyOnly,
  boxOverlap,
  dice,
  intersectionOverUnion,
  peakOf,
  pointsInto,
  rasterOf,
  regionOfBox,
} from './places.ts';
import { ratesOf, wilson } from './rates.ts';
import { bootstrap, drawsByPatient, quantileOf } from './resamples.ts';
import { auc, rocCurve } from './roc.ts';
import python from './testdata/figures.json' with { type: 'json' };

describe(`1 equal to ${python.by}`, () => {
  const cases = python.cases.map((one) => ({
    ...one,
    films: one.truth.length,
    is: one.truth.map((value) => value === 1),
  }));
  test.each(cases)('1.1 area under the curve of $films films, with ties', ({ is, score, auc: area }) =>
    expect(auc(is, score)).toBeCloseTo(area, 12),
  );

  test.each(cases)('1.2 the curve of $films films, point by point', ({ is, score, curve }) => {
    const points = rocCurve(is, score);
    expect(points).toHaveLength(curve.length);
    for (const [i, [across = NaN, up = NaN]] of curve.entries()) {
      expect(points[i]?.falsePositives).toBeCloseTo(across, 12);
      expect(points[i]?.truePositives).toBeCloseTo(up, 12);
    }
  });

  test.each(cases)('1.3 counts at an operating point of $films films', ({ is, score, counts }) =>
    expect(
      ratesOf(
        is,
        score.map((p) => p >= 0.4),
        [],
      ).counts,
    ).toEqual(counts),
  );

  test.each(cases)(
    '1.4 reliability and expected calibration error of $films films',
    ({ is, score, said, found, ece }) => {
      const bins = reliability(is, score, 10);
      for (const [i, value] of said.entries()) expect(bins[i]?.said).toBeCloseTo(value, 12);
      for (const [i, value] of found.entries()) expect(bins[i]?.found.value).toBeCloseTo(value, 12);
      expect(calibrationError(bins)).toBeCloseTo(ece, 12);
    },
  );

  test.each(python.wilson)('1.5 Wilson’s interval of %i in %i', (hits = NaN, total = NaN, low = NaN, high = NaN) => {
    const interval = wilson(hits, total);
    expect(interval?.low).toBeCloseTo(low, 9);
    expect(interval?.high).toBeCloseTo(high, 9);
  });

  test('1.6 overlap of masks', () => {
    const { a, b, iou, dice: expected } = python.masks;
    expect(intersectionOverUnion(Uint8Array.from(a), Uint8Array.from(b))).toBeCloseTo(iou, 12);
    expect(dice(Uint8Array.from(a), Uint8Array.from(b))).toBeCloseTo(expected, 12);
  });

  test.each(python.quantiles.at)('1.7 the quantile at %d', (share = NaN, value = NaN) =>
    expect(
      quantileOf(
        [...python.quantiles.values].sort((a, b) => a - b),
        share,
      ),
    ).toBeCloseTo(value, 12),
  );
});

describe('2 by hand', () => {
  test('2.1 one film in the wrong order of four pairs; ties count half; one kind alone has no area', () => {
    expect(auc([false, true, false, true], [1, 2, 3, 4])).toBe(0.75);
    expect(auc([false, true], [1, 1])).toBe(0.5);
    expect(auc([true, true], [1, 2])).toBeNaN();
    expect(rocCurve([true], [1])).toEqual([]);
  });

  test('2.2 shares of no films are not written down', () => {
    const rates = ratesOf([false, false], [false, false], []);
    expect([rates.sensitivity, rates.precision, rates.specificity?.value]).toEqual([null, null, 1]);
  });

  test('2.3 films of a patient are drawn together, the same every time', () => {
    const patients = ['a', 'a', 'b', 'c', 'c', 'c'];
    const draws = drawsByPatient(patients, 200);
    for (const rows of draws) {
      const count = (row: number) => rows.filter((one) => one === row).length;
      expect([count(0), count(3), count(4)]).toEqual([count(1), count(5), count(5)]);
    }
    expect(drawsByPatient(patients, 200)).toEqual(draws);
    expect(new Set(draws.map((rows) => rows.join())).size).toBeGreaterThan(5);
  });

  test('2.4 one patient with many films is no certainty: the interval is wider than by films', () => {
    const truth = Array.from({ length: 60 }, (_, i) => i % 2 === 0);
    const share = (rows: readonly number[]) => rows.filter((row) => truth[row]).length / rows.length;
    const clustered = truth.map((is, i) => `${String(is)} ${i % 6}`);
    const width = (patients: string[]) => {
      const { low, high } = bootstrap(0.5, drawsByPatient(patients), share);
      return high - low;
    };
    expect(width(clustered)).toBeGreaterThan(1.5 * width(truth.map((_, i) => String(i))));
  });

  test('2.5 a box of 2 × 3 pixels is 6 pixels; half of it in another box of its size is a third of both', () => {
    const size = { rows: 6, columns: 8 };
    const raster = (x: number) => rasterOf(regionOfBox({ x, y: 1, width: 2, height: 3 }), size);
    expect(raster(2).reduce((sum, one) => sum + one, 0)).toBe(6);
    expect(intersectionOverUnion(raster(2), raster(3))).toBeCloseTo(1 / 3);
    expect(dice(raster(2), raster(3))).toBe(0.5);
    expect(boxOverlap({ x: 2, y: 1, width: 2, height: 3 }, { x: 3, y: 1, width: 2, height: 3 })).toBeCloseTo(1 / 3);
    expect(dice(new Uint8Array(4), new Uint8Array(4))).toBe(1);
  });

  test('2.6 a hole counts as outside, and what reaches over the edge is cut', () => {
    const [outer = [], inner = []] = [
      regionOfBox({ x: -5, y: 0, width: 10, height: 4 }).polygons[0],
      regionOfBox({ x: 1, y: 1, width: 2, height: 2 }).polygons[0],
    ];
    const raster = rasterOf(
      { polygons: [outer, inner], box: { x: 0, y: 0, width: 5, height: 4 } },
      { rows: 4, columns: 8 },
    );
    expect(raster.reduce((sum, one) => sum + one, 0)).toBe(20 - 4);
    expect(raster[8 + 1]).toBe(0);
  });

  test('2.7 the pointing game takes the highest cell that lies in the film', () => {
    const values = new Float32Array([0.1, 0.9, 0.2, 1]);
    const map = {
      rows: 2,
      columns: 2,
      bytes: new Uint8Array(values.buffer),
      toImage: { a: 10, b: 0, c: 0, d: 10, e: 0, f: 0 },
    };
    expect(peakOf(map, { rows: 20, columns: 20 })).toEqual({ x: 15, y: 15 });
    expect(peakOf(map, { rows: 12, columns: 20 })).toEqual({ x: 15, y: 5 }); // the last row lies in the padding
    expect(peakOf({ ...map, bytes: new Uint8Array(16) }, { rows: 20, columns: 20 })).toBeNull();
    expect(pointsInto({ x: 15, y: 5 }, [{ x: 0, y: 0, width: 15, height: 5 }])).toBe(true);
    expect(pointsInto({ x: 15.1, y: 5 }, [{ x: 0, y: 0, width: 15, height: 5 }])).toBe(false);
  });

  test('2.8 the place that anatomy alone would name is chosen on other patients', () => {
    const lungs = { x: 0, y: 0, width: 80, height: 80 };
    const low = { x: 0, y: 70, width: 10, height: 10 };
    const high = { x: 70, y: 0, width: 10, height: 10 };
    const film = (patient: string, box: typeof low) => ({ patient, boxes: [box], lungs });
    expect(anatomyOnly([film('a', low), film('b', low), film('c', low), film('d', high)])).toEqual([
      true,
      true,
      true,
      false,
    ]);
    // Both films of a patient, alone in their place: each may not teach the other.
    expect(anatomyOnly([film('a', low), film('a', low), film('b', high)])).toEqual([false, false, false]);
  });
});

describe('3 tables', () => {
  test('3.1 quotes, commas, line ends and a byte order mark', () => {
    expect(readCsv('\uFEFFa,b\r\n"x, ""y""",1\n"two\nlines",\n')).toEqual({
      columns: ['a', 'b'],
      rows: [
        { a: 'x, "y"', b: '1' },
        { a: 'two\nlines', b: '' },
      ],
    });
  });

  test('3.2 what is written is read again, and no text becomes a formula', () => {
    const text = writeCsv(
      ['a', 'b', 'c'],
      [
        { a: 'x,"y"', b: 0.25, c: true },
        { a: '=1+1', b: null, c: false },
      ],
    );
    expect(readCsv(text).rows).toEqual([
      { a: 'x,"y"', b: '0.25', c: '1' },
      { a: "'=1+1", b: '', c: '0' },
    ]);
  });

  test('3.3 a row that is too short, and a quote that never ends', () => {
    expect(() => readCsv('a,b\n1\n')).toThrow(/expected 2 values .* found 1 in row 1/);
    expect(() => readCsv('a\n"1\n')).toThrow(/quote/);
  });
});
