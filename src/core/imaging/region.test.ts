import { describe, expect, test } from 'vitest';
import { PackInput } from '../pack/pack.ts';
import { apply, identity, scale } from './affine.ts';
import { samplesOf } from './pixels.ts';
import { prepare } from './prepare.ts';
import { area, regionOf, saliencyOf } from './region.ts';
import { frontalPoses, headerOf, pixelsOf } from './testdata/header.ts';

describe('1 saliency', () => {
  test('1.1 scaled by its own largest value; negative is nothing', () => {
    const saliency = saliencyOf(Float32Array.of(-3, 1, 2, 4), 2, 2, 64, 32, identity);
    expect([...samplesOf('f32', saliency.bytes)]).toEqual([0, 0.25, 0.5, 1]);
    expect(apply(saliency.toImage, { x: 1, y: 1 })).toEqual({ x: 32, y: 16 });
  });

  test('1.2 nothing positive: all zero, and no region', () => {
    const saliency = saliencyOf(Float32Array.of(-1, -2, 0, NaN), 2, 2, 64, 64, identity);
    expect([...samplesOf('f32', saliency.bytes)]).toEqual([0, 0, 0, 0]);
    expect(regionOf(saliency, { rows: 64, columns: 64 })).toBeNull();
  });

  test('1.3 a map of another size is refused', () => {
    expect(() => saliencyOf(new Float32Array(5), 2, 2, 64, 64, identity)).toThrow(
      'expected a map of 2 × 2, found 5 values',
    );
  });
});

describe('2 region', () => {
  const peak = (rows: number, columns: number, at: number) =>
    Float32Array.from({ length: rows * columns }, (_, i) => (i === at ? 1 : 0));

  test('2.1 half the height of one bilinear cell: within it and its neighbours, about its centre', () => {
    const region = regionOf(saliencyOf(peak(10, 10, 34), 10, 10, 320, 320, identity), { rows: 320, columns: 320 });
    const { x, y, width, height } = region?.box ?? { x: 0, y: 0, width: 0, height: 0 };
    expect(x + width / 2).toBeCloseTo(4.5 * 32, 6);
    expect(y + height / 2).toBeCloseTo(3.5 * 32, 6);
    expect(width).toBeGreaterThan(30);
    expect(width).toBeLessThan(34);
    expect(region?.polygons).toHaveLength(1);
  });

  test('2.2 clipped to the image, whatever hangs over', () => {
    const all = saliencyOf(new Float32Array(16).fill(1), 4, 4, 64, 64, { ...scale(4, 4), e: -50, f: -30 });
    const region = regionOf(all, { rows: 100, columns: 120 });
    expect(region?.box).toEqual({ x: 0, y: 0, width: 120, height: 100 });
    expect(area(region?.polygons[0] ?? [])).toBeCloseTo(12000, 6);
  });

  test('2.3 the level is a share of the largest value inside the image, not of one in the letterbox', () => {
    const map = new Float32Array(16);
    map[0] = 9; // a quarter above the image
    map[10] = 1;
    const saliency = saliencyOf(map, 4, 4, 64, 64, { ...identity, f: -32 });
    const region = regionOf(saliency, { rows: 32, columns: 64 });
    expect((region?.box.x ?? 0) + (region?.box.width ?? 0) / 2).toBeCloseTo(40, 6);
  });

  test('2.4 two islands, one box around both', () => {
    const map = new Float32Array(100);
    map[11] = map[88] = 1;
    const region = regionOf(saliencyOf(map, 10, 10, 100, 100, identity), { rows: 100, columns: 100 });
    expect(region?.polygons).toHaveLength(2);
    expect(region?.box.width).toBeGreaterThan(70);
  });
});

describe('3 the whole way: a dot in a film, through a map that is the pooled input', () => {
  const input = PackInput.parse({
    name: 'image',
    channels: 1,
    rows: 320,
    columns: 320,
    clip: null,
    mean: [0],
    std: [1],
  });
  const cells = 40;
  /** What the identity pack's graph does: the mean of each 8 × 8. */
  const pooled = (tensor: Float32Array) =>
    Float32Array.from({ length: cells * cells }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < 64; k++)
        sum += tensor[(Math.floor(i / cells) * 8 + (k >> 3)) * 320 + (i % cells) * 8 + (k & 7)] ?? 0;
      return sum / 64;
    });
  const films = [
    [500, 400],
    [256, 300],
    [320, 320],
    [900, 300],
  ] as const;
  const spacings: [number, number][] = [
    [1, 1],
    [1.6, 1],
  ];
  const cases = frontalPoses.flatMap((pose) =>
    films.flatMap((film) => spacings.map((spacing) => ({ pose, film, spacing }))),
  );

  test.each(cases)(
    '3.1 $pose, $film, spacing $spacing: within half a cell',
    ({ pose, film: [columns, rows], spacing }) => {
      const dot = { x: 0.31 * columns, y: 0.72 * rows };
      const film = pixelsOf(columns, rows, 'u8', (x, y) =>
        Math.hypot(x + 0.5 - dot.x, (y + 0.5 - dot.y) * spacing[0]) <= 14 ? 240 : 0,
      );
      const header = headerOf({ columns, rows, bitsStored: 8, patientOrientation: [...pose], pixelSpacing: spacing });
      const { tensor, toImage } = prepare(input, header, film);
      const saliency = saliencyOf(pooled(tensor), cells, cells, 320, 320, toImage);
      const { box } = regionOf(saliency, film) ?? { box: { x: 0, y: 0, width: 0, height: 0 } };
      const cellWidth = Math.abs(saliency.toImage.a + saliency.toImage.c);
      const cellHeight = Math.abs(saliency.toImage.b + saliency.toImage.d);
      expect(Math.abs(box.x + box.width / 2 - dot.x)).toBeLessThan(cellWidth / 2);
      expect(Math.abs(box.y + box.height / 2 - dot.y)).toBeLessThan(cellHeight / 2);
    },
  );
});
