import { describe, expect, test } from 'vitest';
import { VoiFunction } from './header.ts';
import { modalityValue } from './modality.ts';
import { headerOf } from './testdata/header.ts';
import golden from './testdata/voi.json' with { type: 'json' };
import { defaultVoi, fullRange, voiChoices, voiFraction, windowOf } from './voi.ts';

const window = (center: number, width: number) => ({ center, width, explanation: '' });

describe('1 fractions', () => {
  test.each(golden.windows)(`1.1 $name: what ${golden.by} gives`, (row) => {
    const header = headerOf({
      ...row,
      voiFunction: VoiFunction.parse(row.voiFunction),
      windows: [window(row.center, row.width)],
    });
    const voi = defaultVoi(header, { min: 0, max: 4095 });
    row.stored.forEach((stored, i) =>
      expect(voiFraction(voi, header, modalityValue(header, stored))).toBeCloseTo(row.fractions[i] ?? NaN, 7),
    );
  });

  test('1.2 LINEAR at the worked values of PS3.3 C.11.2.1.2.1: c 2048, w 4096 is x / 4095; w 1 is a step', () => {
    const header = headerOf();
    for (const x of [0, 1, 2047, 2048, 4094, 4095])
      expect(voiFraction({ kind: 'window', center: 2048, width: 4096, fn: 'LINEAR' }, header, x)).toBeCloseTo(
        x / 4095,
        12,
      );
    const step = (x: number) => voiFraction({ kind: 'window', center: 2048, width: 1, fn: 'LINEAR' }, header, x);
    expect([2047, 2047.5, 2047.6, 2048].map(step)).toEqual([0, 0, 1, 1]);
  });

  test('1.3 LINEAR_EXACT has no half: c 2048, w 4096 is x / 4096', () => {
    const at = (x: number) =>
      voiFraction({ kind: 'window', center: 2048, width: 4096, fn: 'LINEAR_EXACT' }, headerOf(), x);
    expect([0, 1024, 4096, 5000].map(at)).toEqual([0, 0.25, 1, 1]);
  });

  test(`1.4 a VOI LUT of 10 bits gives what ${golden.by} gives, over 1023`, () => {
    const { stored, values, ...lut } = golden.luts.voi;
    const header = headerOf({ voiLuts: [{ ...lut, explanation: '' }] });
    expect(stored.map((x) => Math.round(1023 * voiFraction({ kind: 'lut', index: 0 }, header, x)))).toEqual(values);
  });

  test('1.5 a LUT that the file does not have is refused', () => {
    expect(() => voiFraction({ kind: 'lut', index: 1 }, headerOf(), 0)).toThrow(
      /expected one of the file's 0 VOI LUTs/,
    );
  });

  test('1.6 SIGMOID is 0.5 at the centre and 1 / (1 + e⁻²) at half a width', () => {
    const at = (x: number) => voiFraction({ kind: 'window', center: 100, width: 40, fn: 'SIGMOID' }, headerOf(), x);
    expect(at(100)).toBe(0.5);
    expect(at(120)).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
  });
});

describe('2 choices', () => {
  const lut = { firstMapped: 10, bits: 8, data: [0, 128, 255], explanation: 'BONE' };

  test('2.1 LUTs first, then windows, named; zero and negative widths are left out', () => {
    const header = headerOf({
      voiLuts: [lut],
      windows: [
        window(1, 0),
        window(40, 400),
        { ...window(5, 10), explanation: 'SOFT' },
        window(3, -2),
        window(NaN, 5),
      ],
    });
    expect(voiChoices(header).map(({ name }) => name)).toEqual(['BONE', 'Window 1', 'SOFT']);
    expect(defaultVoi(header, { min: 0, max: 1 })).toEqual({ kind: 'lut', index: 0 });
  });

  test('2.2 without any: more than 8 bits from smallest to largest, 8 bits as a picture', () => {
    const deep = headerOf({ rescaleSlope: 1, rescaleIntercept: -1024 });
    const voi = defaultVoi(deep, { min: 24, max: 3024 });
    expect(voi).toEqual({ kind: 'window', center: 500, width: 3000, fn: 'LINEAR_EXACT' });
    expect([-1000, 500, 2000].map((x) => voiFraction(voi, deep, x))).toEqual([0, 0.5, 1]);
    const picture = headerOf({ bitsStored: 8 });
    expect(voiFraction(defaultVoi(picture, { min: 26, max: 240 }), picture, 51)).toBeCloseTo(0.2, 12);
  });

  test('2.3 a flat image has a window all the same', () => {
    expect(fullRange(headerOf(), { min: 7, max: 7 })).toEqual({
      kind: 'window',
      center: 7,
      width: 1,
      fn: 'LINEAR_EXACT',
    });
  });

  test('2.4 a drag begins at the window, or at the part of the LUT that the pixels use', () => {
    const header = headerOf({ voiLuts: [{ ...lut, data: Array.from({ length: 101 }, (_, i) => i) }] });
    expect(windowOf(header, { kind: 'lut', index: 0 }, { min: 50, max: 4000 })).toEqual({ center: 80, width: 60 });
    expect(windowOf(header, { kind: 'window', center: 3, width: 4, fn: 'LINEAR' }, { min: 0, max: 9 })).toEqual({
      center: 3,
      width: 4,
    });
  });
});
