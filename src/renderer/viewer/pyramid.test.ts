import { describe, expect, test } from 'vitest';
import type { ImageHeader } from '#core/imaging/header.ts';
import { halvedSize, previewOf } from '#core/imaging/preview.ts';
import { pixelsOf, texture } from '#core/imaging/testdata/header.ts';
import { halvedInTurns } from './halveInTurns.ts';
import { createCoarsePyramid, createPyramid } from './pyramid.ts';
import { shorten } from './shorten.ts';

describe('1 halved copies', () => {
  test('1.1 each value is the mean of four, rounded; an odd edge is repeated', () => {
    const data = Uint16Array.of(0, 10, 7, 20, 30, 9, 100, 100, 5);
    const { level } = createPyramid({ columns: 3, rows: 3, data }, 1, null);
    expect(level(1)).toEqual({ columns: 2, rows: 2, data: Uint16Array.of(15, 8, 100, 5) });
    expect(level(2).data).toEqual(Uint16Array.of(32));
    expect(level(0).data).toBe(data);
  });

  test('1.2 signed values stay signed, colours stay apart', () => {
    const cold = createPyramid({ columns: 2, rows: 2, data: Int16Array.of(-1000, -1000, -998, -1000) }, 1, null);
    expect(cold.level(1).data).toEqual(Int16Array.of(-999));
    const colour = Uint8Array.of(255, 0, 8, 255, 0, 8, 255, 0, 12, 255, 0, 12);
    expect(createPyramid({ columns: 2, rows: 2, data: colour }, 3, null).level(1).data).toEqual(
      Uint8Array.of(255, 0, 10),
    );
  });

  test('1.3 padding does not bleed into the image', () => {
    const data = Int16Array.of(-2000, -2000, 50, -2000, -2000, -2000, 60, 70);
    const { level } = createPyramid({ columns: 4, rows: 2, data }, 1, { value: -2000, limit: -2000 });
    expect(level(1).data).toEqual(Int16Array.of(-2000, 60));
  });
});

describe('1b a frame of which only its preview is here', () => {
  test('1.4 its copies are those of the whole frame, and what is missing is not asked for', () => {
    const pixels = pixelsOf(2501, 1203, 'u16', texture(60_000));
    const data = pixels.data as Uint16Array;
    const whole = createPyramid({ columns: 2501, rows: 1203, data }, 1, null);
    const preview = previewOf(pixels, null);
    if (!preview) throw new Error('expected a preview');
    const coarse = createCoarsePyramid(pixels, { k: preview.halvings, level: preview.level }, 1, null);
    expect([coarse.finest, coarse.columns, coarse.rows]).toEqual([2, 2501, 1203]);
    expect([preview.level.columns, preview.level.rows]).toEqual([halvedSize(2501, 2), halvedSize(1203, 2)]);
    for (const k of [2, 3]) expect(coarse.level(k)).toEqual(whole.level(k));
  });

  test('1.5 small frames and samples of more than 16 bits have none', () => {
    expect(
      previewOf(
        pixelsOf(1024, 1024, 'u8', () => 1),
        null,
      ),
    ).toBeNull();
    expect(
      previewOf(
        pixelsOf(1100, 4, 'f32', () => 1),
        null,
      ),
    ).toBeNull();
    expect(
      previewOf(
        pixelsOf(1025, 4, 'i16', () => -7),
        null,
      )?.level,
    ).toEqual({
      columns: 513,
      rows: 2,
      data: new Int16Array(513 * 2).fill(-7),
    });
  });
});

const bytesOf = (data: ArrayBufferView = new Uint8Array()) =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength);

describe('1c in turns', () => {
  test('1.6 a large frame has the same copies, also of odd sizes, with padding and in colour', async () => {
    const values = (length: number) => Uint16Array.from({ length }, (_, at) => texture(60_000)(at % 997, at >> 10));
    for (const [columns, rows, channels, padding] of [
      [1203, 901, 1, null],
      [1203, 901, 1, { value: 0, limit: 9000 }],
      [1031, 401, 3, null],
    ] as const) {
      const full = { columns, rows, data: values(columns * rows * channels) };
      const levels = await halvedInTurns(full, channels, padding, new Map());
      const level = createPyramid(full, channels, padding).level(1);
      expect([...levels.keys()]).toEqual([1]);
      expect(levels.get(1)).toMatchObject({ columns: level.columns, rows: level.rows });
      expect(Buffer.compare(bytesOf(levels.get(1)?.data), bytesOf(level.data))).toBe(0);
    }
  });

  test('1.7 the copy that is known stays the one that is drawn', async () => {
    const pixels = pixelsOf(2501, 40, 'u16', texture(60_000));
    const preview = previewOf(pixels, null);
    if (!preview) throw new Error('expected a preview');
    const full = { ...pixels, data: pixels.data as Uint16Array };
    const known = new Map([[preview.halvings, preview.level]]);
    const levels = await halvedInTurns(full, 1, null, known);
    expect(createPyramid(full, 1, null, levels).level(2)).toBe(preview.level);
  });
});

describe('2 long samples', () => {
  const header = { rescaleSlope: 2, rescaleIntercept: 5, signed: true } as ImageHeader;
  const frame = { rows: 1, columns: 3, samplesPerPixel: 1 as const };

  test('2.1 a 32-bit range that fits is exact', () => {
    const data = Int32Array.of(-70_000, -69_999, -10_000);
    const short = shorten({ ...frame, kind: 'i32', data, min: -70_000, max: -10_000 }, header);
    expect([...short.data].map((step) => step * short.header.rescaleSlope + short.header.rescaleIntercept)).toEqual(
      [...data].map((value) => 2 * value + 5),
    );
  });

  test('2.2 floats are within half a step of 1/65535 of their range', () => {
    const data = Float32Array.of(0.1, 0.25, 0.9);
    const short = shorten({ ...frame, kind: 'f32', data, min: 0.1, max: 0.9 }, header);
    for (const [at, step] of short.data.entries())
      expect(step * short.header.rescaleSlope + short.header.rescaleIntercept).toBeCloseTo(2 * (data[at] ?? 0) + 5, 4);
  });

  test('2.3 16 bits are passed through', () => {
    const data = Uint16Array.of(1, 2, 3);
    expect(shorten({ ...frame, kind: 'u16', data, min: 1, max: 3 }, header)).toEqual({ data, header, min: 1, max: 3 });
  });
});
