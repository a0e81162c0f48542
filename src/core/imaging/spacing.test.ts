import { expect, test } from 'vitest';
import { pixelSize } from './spacing.ts';
import { headerOf } from './testdata/header.ts';

test('1.1 square without any, and with zeros', () => {
  expect(pixelSize(headerOf())).toEqual({ width: 1, height: 1 });
  expect(pixelSize(headerOf({ pixelSpacing: [0, 0], imagerPixelSpacing: [0, 0.1] }))).toEqual({ width: 1, height: 1 });
});

test('1.2 the vertical size comes first in every attribute', () => {
  expect(pixelSize(headerOf({ pixelSpacing: [0.4, 0.2] }))).toEqual({ width: 1, height: 2 });
  expect(pixelSize(headerOf({ imagerPixelSpacing: [0.1, 0.2] }))).toEqual({ width: 2, height: 1 });
  expect(pixelSize(headerOf({ pixelAspectRatio: [4, 3] }))).toEqual({ width: 1, height: 4 / 3 });
});

test('1.3 Pixel Spacing before Imager Pixel Spacing before the ratio; a zero lets the next one speak', () => {
  expect(pixelSize(headerOf({ pixelSpacing: [1, 1], pixelAspectRatio: [4, 3] }))).toEqual({ width: 1, height: 1 });
  expect(pixelSize(headerOf({ pixelSpacing: [0, 0], pixelAspectRatio: [2, 1] }))).toEqual({ width: 1, height: 2 });
});
