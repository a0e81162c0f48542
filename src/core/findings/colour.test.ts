import { describe, expect, test } from 'vitest';
import { headerOf } from '../imaging/testdata/header.ts';
import type { Pixels } from '../imaging/pixels.ts';
import { presentationValues } from '../imaging/presentationValues.ts';
import { asGrey, colouredShare, isColour } from './colour.ts';

const rgb = (rows: number, columns: number, at: (i: number) => [number, number, number]): Pixels => {
  const data = Uint8Array.from({ length: rows * columns }, (_, i) => i).reduce<number[]>(
    (all, _, i) => [...all, ...at(i)],
    [],
  );
  return { rows, columns, samplesPerPixel: 3, kind: 'u8', data: Uint8Array.from(data), min: 0, max: 255 };
};
const grey = rgb(8, 8, (i) => [i * 4, i * 4, i * 4]);

describe('1 colour is asked of the pixels', () => {
  test('1.1 RGB of equal channels is grey, also where a lossy codec left a tint', () => {
    expect([colouredShare(grey), isColour(grey)]).toEqual([0, false]);
    expect(isColour(rgb(8, 8, (i) => [i * 3 + 9, i * 3, i * 3 + 4]))).toBe(false);
  });
  test('1.2 a tint, and one coloured pixel in a hundred, are colour', () => {
    expect(isColour(rgb(8, 8, (i) => [i * 2, i * 2, i * 2 + 40]))).toBe(true);
    expect(isColour(rgb(10, 10, (i) => (i === 7 ? [255, 0, 0] : [i, i, i])))).toBe(true);
  });
  test('1.3 a grey frame is never colour', () =>
    expect(isColour({ ...grey, samplesPerPixel: 1, rows: 8, columns: 24 })).toBe(false));
});

describe('2 a grey film of three channels', () => {
  test('2.1 is read as the same brightness as 8-bit MONOCHROME2', () => {
    const header = headerOf({ photometric: 'RGB', samplesPerPixel: 3 });
    const film = asGrey({ header, pixels: grey });
    expect(film.header).toMatchObject({ photometric: 'MONOCHROME2', samplesPerPixel: 1, bitsStored: 8 });
    expect(film.pixels).toMatchObject({ samplesPerPixel: 1, kind: 'u8', min: 0, max: 252 });
    const [before, after] = [presentationValues(header, grey), presentationValues(film.header, film.pixels)];
    expect(Math.max(...after.map((value, i) => Math.abs(value - (before[i] ?? NaN))))).toBeLessThan(1e-6);
  });
  test('2.2 a film of one channel stays what it is', () => {
    const film = { header: headerOf(), pixels: { ...grey, samplesPerPixel: 1 as const } };
    expect(asGrey(film)).toEqual(film);
  });
});
