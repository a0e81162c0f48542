import { expect, test } from 'vitest';
import { modalityRange, modalityValue } from './modality.ts';
import { headerOf } from './testdata/header.ts';
import golden from './testdata/voi.json' with { type: 'json' };

test('1.1 rescale: Hounsfield units of a CT', () => {
  const ct = headerOf({ rescaleSlope: 2, rescaleIntercept: -1024 });
  expect([0, 512, 1000].map((stored) => modalityValue(ct, stored))).toEqual([-1024, 0, 976]);
});

test(`1.2 a modality LUT gives what ${golden.by} gives, ends held, and wins over rescale`, () => {
  const { stored, values, ...lut } = golden.luts.modality;
  const header = headerOf({ modalityLut: { ...lut, explanation: '' }, rescaleSlope: 7, rescaleIntercept: 7 });
  expect(stored.map((value) => modalityValue(header, value))).toEqual(values);
});

test('1.3 a slope of zero counts as not given', () => {
  expect(modalityValue(headerOf({ rescaleSlope: 0, rescaleIntercept: 5 }), 100)).toBe(105);
});

test('1.4 the range holds with a negative slope and with a LUT that rises and falls', () => {
  expect(modalityRange(headerOf({ rescaleSlope: -1, rescaleIntercept: 4095 }), { min: 0, max: 100 })).toEqual([
    3995, 4095,
  ]);
  const hill = headerOf({ modalityLut: { firstMapped: 0, bits: 8, data: [1, 9, 200, 9, 0], explanation: '' } });
  expect(modalityRange(hill, { min: 0, max: 3 })).toEqual([1, 200]);
});
