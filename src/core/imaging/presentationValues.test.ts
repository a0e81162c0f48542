import { expect, test } from 'vitest';
import { presentationValues } from './presentationValues.ts';
import { headerOf, pixelsOf, texture } from './testdata/header.ts';

test('1.1 every kind of sample, signed and wide, gives the same brightness', () => {
  const expected = presentationValues(headerOf(), pixelsOf(13, 9, 'u16', texture(4096)));
  for (const kind of ['i16', 'u32', 'i32', 'f32', 'f64'] as const) {
    const shift = kind.startsWith('u') ? 0 : 2048;
    const film = pixelsOf(13, 9, kind, (x, y) => texture(4096)(x, y) - shift);
    const values = presentationValues(headerOf({ signed: shift > 0, rescaleIntercept: shift }), film);
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 6));
  }
});

test('1.2 MONOCHROME1 comes out as MONOCHROME2; padding is 0 in both', () => {
  const padding = { value: 4000, limit: 4095 };
  const film = pixelsOf(2, 2, 'u16', (x, y) => [0, 1000, 2000, 4000][2 * y + x] ?? 0);
  const pixels = { ...film, max: 2000 };
  expect([...presentationValues(headerOf({ pixelPadding: padding }), pixels)]).toEqual([0, 0.5, 1, 0]);
  expect([...presentationValues(headerOf({ pixelPadding: padding, photometric: 'MONOCHROME1' }), pixels)]).toEqual([
    1, 0.5, 0, 0,
  ]);
});

test('1.3 RGB becomes luminance', () => {
  const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255);
  const rgb = { rows: 2, columns: 2, samplesPerPixel: 3, kind: 'u8', data, min: 0, max: 255 } as const;
  const values = presentationValues(headerOf({ samplesPerPixel: 3, photometric: 'RGB' }), rgb);
  [0.299, 0.587, 0.114, 1].forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
});

test('1.4 too few samples are refused', () => {
  const film = { ...pixelsOf(4, 4, 'u8', () => 1), rows: 5 };
  expect(() => presentationValues(headerOf(), film)).toThrow('expected 20 samples for 4 × 5, found 16');
});
