import { describe, expect, test } from 'vitest';
import { displayGrey, displayLut } from './displayLut.ts';
import { polarityContradicts } from './polarity.ts';
import { headerOf } from './testdata/header.ts';
import type { Voi } from './voi.ts';

const whole: Voi = { kind: 'window', center: 2048, width: 4096, fn: 'LINEAR' };
const range = { min: 0, max: 4095 };
const ends = (changes: Parameters<typeof headerOf>[0], invert = false) => {
  const { first, table } = displayLut(headerOf(changes), whole, range, invert);
  return [table[0 - first], table[4095 - first]];
};

describe('1 polarity', () => {
  test('1.1 MONOCHROME2 IDENTITY and MONOCHROME1 INVERSE, as the DX image module requires them', () => {
    expect(ends({ photometric: 'MONOCHROME2', presentationLutShape: 'IDENTITY' })).toEqual([0, 255]);
    expect(ends({ photometric: 'MONOCHROME1', presentationLutShape: 'INVERSE' })).toEqual([255, 0]);
  });

  test('1.2 without a shape the photometric interpretation decides', () => {
    expect(ends({ photometric: 'MONOCHROME2' })).toEqual([0, 255]);
    expect(ends({ photometric: 'MONOCHROME1' })).toEqual([255, 0]);
  });

  test('1.3 a file that contradicts itself is inverted once, and known to', () => {
    const contradictions = [
      { photometric: 'MONOCHROME2', presentationLutShape: 'INVERSE' },
      { photometric: 'MONOCHROME1', presentationLutShape: 'IDENTITY' },
    ];
    for (const header of contradictions) {
      expect(ends(header)).toEqual([255, 0]);
      expect(polarityContradicts(header)).toBe(true);
    }
    expect(polarityContradicts({ photometric: 'MONOCHROME1', presentationLutShape: 'INVERSE' })).toBe(false);
    expect(polarityContradicts({ photometric: 'MONOCHROME2', presentationLutShape: '' })).toBe(false);
  });

  test('1.4 the reader inverts whatever the file says', () => {
    expect(ends({ photometric: 'MONOCHROME2' }, true)).toEqual([255, 0]);
    expect(ends({ photometric: 'MONOCHROME1' }, true)).toEqual([0, 255]);
  });
});

describe('2 table', () => {
  test('2.1 rounds 255 × fraction half up', () => {
    const header = headerOf();
    const voi: Voi = { kind: 'window', center: 255, width: 510, fn: 'LINEAR_EXACT' };
    const { table } = displayLut(header, voi, { min: 0, max: 510 }, false);
    expect([...table.subarray(0, 6)]).toEqual([0, 1, 1, 2, 2, 3]); // 0, 0.5, 1, 1.5, 2, 2.5
  });

  test('2.2 signed values start below zero', () => {
    const header = headerOf({ signed: true, rescaleIntercept: -24 });
    const voi: Voi = { kind: 'window', center: 40, width: 400, fn: 'LINEAR' };
    const { first, table } = displayLut(header, voi, { min: -1000, max: 3000 }, false);
    expect(first).toBe(-1000);
    expect(table).toHaveLength(4001);
    for (const hu of [-200, -160, -100, 0, 40, 239, 300])
      expect(table[hu + 24 - first]).toBe(Math.floor(255 * Math.min(1, Math.max(0, (hu - 39.5) / 399 + 0.5)) + 0.5));
  });

  test('2.3 padding is black in either polarity and inverted, though it lies outside the range', () => {
    for (const photometric of ['MONOCHROME1', 'MONOCHROME2'])
      for (const invert of [true, false]) {
        const header = headerOf({ photometric, signed: true, pixelPadding: { value: -2000, limit: -1990 } });
        const { first, table } = displayLut(header, whole, { min: 0, max: 4095 }, invert);
        expect(first).toBe(-2000);
        expect([...table.subarray(0, 11)]).toEqual(Array(11).fill(0));
        expect(table[0 - first]).toBe((photometric === 'MONOCHROME1') !== invert ? 255 : 0);
      }
  });

  test('2.4 32-bit ranges have no table; each value has its grey', () => {
    const header = headerOf({ bitsStored: 32 });
    expect(() => displayLut(header, whole, { min: 0, max: 2 ** 31 }, false)).toThrow(/expected at most 131072/);
    const voi: Voi = { kind: 'window', center: 2 ** 30, width: 2 ** 31, fn: 'LINEAR_EXACT' };
    expect([0, 2 ** 30, 2 ** 31].map((value) => displayGrey(header, voi, value, false))).toEqual([0, 128, 255]);
  });
});
