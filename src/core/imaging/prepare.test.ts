import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { Pack, PackInput } from '../pack/pack.ts';
import { apply } from './affine.ts';
import type { ImageHeader } from './header.ts';
import { prepare } from './prepare.ts';
import { frontalPoses, headerOf, pixelsOf, storedAs, texture } from './testdata/header.ts';
import golden from './testdata/transform.json' with { type: 'json' };

const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const largestDifference = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), a.length === b.length ? 0 : Infinity);
/** A header whose VOI is the whole range of `levels`. */
const wholeRange = (levels: number) => ({
  windows: [{ center: (levels - 1) / 2, width: Math.max(levels - 1, 1), explanation: '' }],
  voiFunction: 'LINEAR_EXACT' as const,
});

describe(`1 equal to ${golden.by}`, () => {
  test.each(golden.square)('1.1 $name: $columns × $rows', ({ columns, rows, levels, input, ...expected }) => {
    const header = headerOf({ columns, rows, ...wholeRange(levels) });
    const { tensor } = prepare(PackInput.parse(input), header, pixelsOf(columns, rows, 'u16', texture(levels)));
    expect(tensor).toHaveLength(input.channels * input.rows * input.columns);
    for (const [at = 0, value = NaN] of expected.samples) expect(tensor[at]).toBeCloseTo(value, 5);
    expect(mean(tensor)).toBeCloseTo(expected.mean, 5);
  });

  test('1.2 pixels twice as wide as high, by spacing, imager spacing or ratio', () => {
    const { columns, rows, levels, input, ...expected } = golden.wide;
    const shapes: Partial<ImageHeader>[] = [
      { pixelSpacing: [0.1, 0.2] },
      { imagerPixelSpacing: [0.1, 0.2] },
      { pixelAspectRatio: [1, 2] },
    ];
    for (const shape of shapes) {
      const header = headerOf({ columns, rows, ...wholeRange(levels), ...shape });
      const { tensor } = prepare(PackInput.parse(input), header, pixelsOf(columns, rows, 'u16', texture(levels)));
      for (const [at = 0, value = NaN] of expected.samples) expect(tensor[at]).toBeCloseTo(value, 5);
      expect(mean(tensor)).toBeCloseTo(expected.mean, 5);
    }
  });
});

const input: PackInput = {
  name: 'image',
  channels: 1,
  rows: 96,
  columns: 96,
  clip: { low: 0.01, high: 0.99 },
  mean: [0.5],
  std: [0.25],
};

/** A film with broad structures, in [0, 1]. */
const smooth = (x: number, y: number) =>
  0.5 + 0.3 * Math.sin(x / 17) * Math.cos(y / 23) + 0.2 * Math.sin((x + 2 * y) / 41);

describe('2 the same film in other clothes', () => {
  const [columns, rows] = [300, 240];
  const eight = prepare(
    input,
    headerOf({ columns, rows, bitsStored: 8 }),
    pixelsOf(columns, rows, 'u8', (x, y) => Math.round(255 * smooth(x, y))),
  );

  const forms = {
    'MONOCHROME1, 8 bits': prepare(
      input,
      headerOf({ columns, rows, bitsStored: 8, photometric: 'MONOCHROME1', presentationLutShape: 'INVERSE' }),
      pixelsOf(columns, rows, 'u8', (x, y) => 255 - Math.round(255 * smooth(x, y))),
    ),
    '12 bits with a window': prepare(
      input,
      headerOf({ columns, rows, windows: [{ center: 2000, width: 3000, explanation: '' }] }),
      pixelsOf(columns, rows, 'u16', (x, y) => Math.round(500 + 3000 * smooth(x, y))),
    ),
    'signed with rescale and window': prepare(
      input,
      headerOf({
        columns,
        rows,
        signed: true,
        rescaleSlope: 2,
        rescaleIntercept: 100,
        windows: [{ center: 100, width: 6000, explanation: '' }],
      }),
      pixelsOf(columns, rows, 'i16', (x, y) => Math.round(-1500 + 3000 * smooth(x, y))),
    ),
    '16 bits without a VOI': prepare(
      input,
      headerOf({ columns, rows, bitsStored: 16 }),
      pixelsOf(columns, rows, 'u16', (x, y) => Math.round(9000 + 40000 * smooth(x, y))),
    ),
    'a VOI LUT': prepare(
      input,
      headerOf({
        columns,
        rows,
        voiLuts: [{ firstMapped: 0, bits: 16, data: Array.from({ length: 4096 }, (_, i) => 16 * i), explanation: '' }],
      }),
      pixelsOf(columns, rows, 'u16', (x, y) => Math.round(4095 * smooth(x, y))),
    ),
    'float samples': prepare(
      input,
      headerOf({ columns, rows, bitsStored: 32 }),
      pixelsOf(columns, rows, 'f32', smooth),
    ),
  };
  test.each(Object.entries(forms))('2.1 %s', (_name, form) => {
    expect(largestDifference(form.tensor, eight.tensor)).toBeLessThan(0.02);
    expect(form.toImage).toEqual(eight.toImage);
  });

  test('2.2 the reader’s display has no say: inverting polarity in the header alone changes the tensor', () => {
    const negative = prepare(
      input,
      headerOf({ columns, rows, bitsStored: 8, photometric: 'MONOCHROME1' }),
      pixelsOf(columns, rows, 'u8', (x, y) => Math.round(255 * smooth(x, y))),
    );
    expect(largestDifference(negative.tensor, eight.tensor)).toBeGreaterThan(1);
  });

  test('2.3 RGB of equal channels is the grey film', () => {
    const grey = pixelsOf(columns, rows, 'u8', (x, y) => Math.round(255 * smooth(x, y)));
    const data = Uint8Array.from({ length: 3 * columns * rows }, (_, i) => grey.data[Math.floor(i / 3)] ?? 0);
    const rgb = prepare(input, headerOf({ samplesPerPixel: 3, photometric: 'RGB', bitsStored: 8 }), {
      ...grey,
      samplesPerPixel: 3,
      data,
    });
    expect(largestDifference(rgb.tensor, eight.tensor)).toBeLessThan(1e-4);
  });
});

describe('3 the same film, stored in every pose', () => {
  const shapes = [
    [211, 300],
    [300, 211],
    [60, 45],
  ] as const;
  test.each(frontalPoses.flatMap((pose) => shapes.map((shape) => [...pose, ...shape] as const)))(
    '3.1 %s\\%s, %i × %i: the same tensor',
    (row, column, columns, rows) => {
      const standard = prepare(input, headerOf(), pixelsOf(columns, rows, 'u16', texture(4096)));
      const stored = storedAs([row, column], columns, rows, texture(4096));
      const turned = prepare(
        input,
        headerOf({ patientOrientation: [row, column] }),
        pixelsOf(stored.columns, stored.rows, 'u16', stored.value),
      );
      expect(largestDifference(turned.tensor, standard.tensor)).toBeLessThan(1e-6);
      expect(turned.film).toEqual(standard.film);
    },
  );

  test('3.2 with pixels that are not square: spacing turns with the film', () => {
    const standard = prepare(input, headerOf({ pixelSpacing: [0.3, 0.2] }), pixelsOf(120, 100, 'u16', texture(4096)));
    const stored = storedAs(['H', 'L'], 120, 100, texture(4096));
    const turned = prepare(
      input,
      headerOf({ patientOrientation: ['H', 'L'], pixelSpacing: [0.2, 0.3] }),
      pixelsOf(stored.columns, stored.rows, 'u16', stored.value),
    );
    expect(largestDifference(turned.tensor, standard.tensor)).toBeLessThan(1e-6);
  });
});

describe('4 a bright dot comes back to its place', () => {
  const spacings: [number, number][] = [
    [1, 1],
    [2, 1],
    [0.1, 0.17],
  ];
  test.each(frontalPoses.flatMap((pose) => spacings.map((spacing) => [...pose, spacing] as const)))(
    '4.1 %s\\%s, spacing %j: the middle of its brightness within half a pixel, stored or of the model',
    (row, column, pixelSpacing) => {
      const plain = { ...input, clip: null, mean: [0], std: [1] };
      fc.assert(
        fc.property(
          fc.integer({ min: 30, max: 200 }),
          fc.integer({ min: 30, max: 200 }),
          fc.float({ min: 0, max: 1, noNaN: true }),
          fc.float({ min: 0, max: 1, noNaN: true }),
          (columns, rows, u, v) => {
            // A 3 × 3 dot, away from the edges so that its skirt is not cut where the film is enlarged.
            const [dotX, dotY] = [4 + Math.floor(u * (columns - 9)), 4 + Math.floor(v * (rows - 9))];
            const film = pixelsOf(columns, rows, 'u8', (x, y) =>
              Math.abs(x - dotX) <= 1 && Math.abs(y - dotY) <= 1 ? 255 : 0,
            );
            const header = headerOf({ bitsStored: 8, patientOrientation: [row, column], pixelSpacing });
            const { tensor, toImage } = prepare(plain, header, film);
            let [sum, sx, sy] = [0, 0, 0];
            tensor.forEach((value, i) => {
              sum += value;
              sx += value * ((i % 96) + 0.5);
              sy += value * (Math.floor(i / 96) + 0.5);
            });
            const place = apply(toImage, { x: sx / sum, y: sy / sum });
            const half = (step: number) => 0.5 * Math.max(1, Math.abs(step)) + 1e-6;
            expect(Math.abs(place.x - (dotX + 0.5))).toBeLessThan(half(toImage.a + toImage.c));
            expect(Math.abs(place.y - (dotY + 0.5))).toBeLessThan(half(toImage.b + toImage.d));
          },
        ),
        { numRuns: 12 },
      );
    },
  );

  test('4.2 the corners of the film are the corners of the image', () => {
    const { film, toImage } = prepare(
      input,
      headerOf({ patientOrientation: ['R', 'F'] }),
      pixelsOf(300, 200, 'u16', () => 1),
    );
    expect(film).toEqual({ x: 0, y: 16, width: 96, height: 64 });
    const corner = apply(toImage, { x: 0, y: 16 });
    expect(corner.x).toBeCloseTo(300, 9);
    expect(corner.y).toBeCloseTo(0, 9);
    const other = apply(toImage, { x: 96, y: 80 });
    expect(other.x).toBeCloseTo(0, 9);
    expect(other.y).toBeCloseTo(200, 9);
  });
});

describe('5 odd films', () => {
  test('5.1 no contrast: 0 everywhere, then normalised', () => {
    const { tensor } = prepare(
      input,
      headerOf(),
      pixelsOf(50, 40, 'u16', () => 700),
    );
    expect(new Set(tensor)).toEqual(new Set([-2]));
  });

  test('5.2 one pixel, one column', () => {
    expect(
      prepare(
        input,
        headerOf(),
        pixelsOf(1, 1, 'u8', () => 5),
      ).film,
    ).toEqual({ x: 0, y: 0, width: 96, height: 96 });
    expect(
      prepare(
        input,
        headerOf(),
        pixelsOf(1, 3000, 'u8', (_, y) => y % 256),
      ).film,
    ).toEqual({ x: 47, y: 0, width: 1, height: 96 });
  });

  test('5.3 padding does not disturb: it is 0 as the letterbox is', () => {
    const header = headerOf({
      pixelPadding: { value: 4095, limit: 4095 },
      windows: [{ center: 2048, width: 4096, explanation: '' }],
    });
    const film = pixelsOf(96, 96, 'u16', (x) => (x < 20 ? 4095 : 1000 + x));
    const { tensor } = prepare({ ...input, clip: null, mean: [0], std: [1] }, header, film);
    expect(tensor[0]).toBe(0);
    expect(tensor[30]).toBeCloseTo(1030 / 4095, 6);
  });

  test('5.4 fewer samples than the size says are refused', () => {
    const film = { ...pixelsOf(10, 10, 'u16', () => 1), rows: 11 };
    expect(() => prepare(input, headerOf(), film)).toThrow('expected 110 samples for 10 × 11, found 100');
  });
});

const packs = ['tests/packs', 'models'].flatMap((parent) => {
  const folder = path.resolve(import.meta.dirname, '../../..', parent);
  return existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];
});
const Samples = z.object({ input: z.string(), samples: z.array(z.tuple([z.int(), z.int(), z.int(), z.number()])) });

describe('6 the goldens of every pack here', () => {
  const films = packs
    .filter((folder) => existsSync(path.join(folder, 'pack.json')))
    .flatMap((folder) => {
      const pack = Pack.parse(JSON.parse(readFileSync(path.join(folder, 'pack.json'), 'utf8')));
      return readdirSync(path.join(folder, 'golden'))
        .filter((name) => /^transform-.*\.json$/.test(name))
        .map((name) => ({ pack, folder, name }));
    });

  test('6.0 the identity pack is among them', () => expect(films.map(({ pack }) => pack.id)).toContain('identity'));

  test.each(films)('6.1 $pack.id, $name: what training saw', ({ pack, folder, name }) => {
    const golden = Samples.parse(JSON.parse(readFileSync(path.join(folder, 'golden', name), 'utf8')));
    const png = PNG.sync.read(readFileSync(path.join(folder, golden.input)));
    const film = pixelsOf(png.width, png.height, 'u8', (x, y) => png.data[4 * (y * png.width + x)] ?? 0);
    const { tensor } = prepare(pack.input, headerOf({ bitsStored: 8, patientOrientation: null }), film);
    const { rows, columns } = pack.input;
    for (const [c, y, x, value] of golden.samples) expect(tensor[(c * rows + y) * columns + x]).toBeCloseTo(value, 5);
  });
});
