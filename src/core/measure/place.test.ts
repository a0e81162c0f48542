import { describe, expect, test } from 'vitest';
import { type Affine, apply, compose, inverse, scale } from '../imaging/affine.ts';
import { poseOf } from '../imaging/pose.ts';
import type { Region } from '../imaging/saliency.ts';
import { frontalPoses, headerOf } from '../imaging/testdata/header.ts';
import { gridOf } from './masks.ts';
import { cellsOfMask, cellsOfRegion, placeOf } from './place.ts';
import { chestMasks } from './testdata.ts';

/** A film of 1120 × 560 pixels twice as high as wide, under a grid of 112 × 112; lungs of `testdata` in its pose. */
function film([row, column]: readonly [string, string]) {
  const header = headerOf({ columns: 1120, rows: 1120, patientOrientation: [row, column] });
  const pose = poseOf(header).toPose(header.columns, header.rows);
  const toImage = compose(scale(10, 10), inverse(pose.map));
  return { header, toImage, masks: chestMasks({}, toImage) };
}
const standard = ['L', 'F'] as const;

/** A box of the posed film, in its pixels, as it lies in the stored one. */
function stored([x, y, width, height]: readonly number[], toImage: Affine): Region {
  const ring = [
    [x, y],
    [(x ?? 0) + (width ?? 0), y],
    [(x ?? 0) + (width ?? 0), (y ?? 0) + (height ?? 0)],
    [x, (y ?? 0) + (height ?? 0)],
  ].map(([a = 0, b = 0]) => apply(toImage, { x: a / 10, y: b / 10 }));
  const [xs, ys] = [ring.map((p) => p.x), ring.map((p) => p.y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return {
    polygons: [ring],
    box: { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top },
  };
}

function place(boxes: readonly (readonly number[])[], orientation: readonly [string, string] = standard) {
  const { header, toImage, masks } = film(orientation);
  const lung = masks.get('right-lung');
  if (!lung) throw new Error('expected a lung');
  const all = boxes.map((box) => cellsOfRegion(stored(box, toImage), lung));
  const cells = Uint8Array.from(all[0] ?? [], (_, i) => (all.some((each) => each[i] === 1) ? 1 : 0));
  return placeOf(cells, masks, header);
}

// Lungs: the right one 140 … 500 across, the left one 620 … 980, both 160 … 960 down.
const right = { upper: [260, 220, 120, 80], mid: [260, 520, 120, 80], lower: [260, 760, 120, 80] };
const left = { upper: [740, 220, 120, 80], mid: [740, 520, 120, 80], lower: [740, 760, 120, 80] };

describe('1 side and zones', () => {
  test.each(frontalPoses)('1.1 stored as %s\\%s they are the patient’s', (row, column) => {
    const at = (...boxes: number[][]) => {
      const found = place(boxes, [row, column]);
      return found && [found.side, found.zones.join(' ')];
    };
    expect(at(right.upper)).toEqual(['right', 'upper']);
    expect(at(right.lower)).toEqual(['right', 'lower']);
    expect(at(left.mid)).toEqual(['left', 'mid']);
    expect(at(left.upper, left.lower)).toEqual(['left', 'upper lower']);
    expect(at(right.lower, left.lower)).toEqual(['bilateral', 'lower']);
    expect(at([150, 170, 340, 780])).toEqual(['right', 'upper mid lower']);
  });

  test('1.2 a fifth on the other side is a side, less is not', () => {
    const wide = [200, 400, 240, 200];
    expect(place([wide, [740, 500, 80, 60]])?.side).toBe('right');
    expect(place([wide, [740, 440, 140, 140]])?.side).toBe('bilateral');
  });

  test('1.3 nothing outside the lungs, in no lungs, or where most lies outside', () => {
    expect(place([[530, 400, 60, 100]])).toBeNull();
    expect(place([[-50, 400, 230, 100]])).toBeNull();
    const { header, masks } = film(standard);
    expect(placeOf(new Uint8Array(112 * 112), masks, header)).toBeNull();
    masks.delete('left-lung');
    expect(placeOf(new Uint8Array(112 * 112).fill(1), masks, header)).toBeNull();
  });

  test('1.4 nothing where masks and header disagree on the sides, or the film is a lateral', () => {
    const { masks, toImage } = film(standard);
    const lung = masks.get('right-lung');
    const cells = lung ? cellsOfRegion(stored(right.mid, toImage), lung) : new Uint8Array();
    for (const [row, column] of [
      ['R', 'F'],
      ['A', 'F'],
    ] as const) {
      const header = headerOf({ columns: 1120, rows: 1120, patientOrientation: [row, column] });
      expect(placeOf(cells, masks, header)).toBeNull();
    }
  });
});

describe('2 depth and extent', () => {
  test.each(frontalPoses)('2.1 from the middle outwards, stored as %s\\%s', (row, column) => {
    const depth = (...box: number[]) => place([box], [row, column])?.depth;
    expect(depth(420, 480, 60, 120)).toBe('perihilar');
    expect(depth(150, 480, 80, 120)).toBe('peripheral');
    expect(depth(210, 840, 70, 60)).toBe('costophrenic');
    expect(depth(640, 480, 60, 120)).toBe('perihilar');
    expect(depth(890, 480, 80, 120)).toBe('peripheral');
    expect(depth(840, 840, 70, 60)).toBe('costophrenic');
    expect(depth(260, 480, 120, 120)).toBeNull();
  });

  test('2.2 the share of both lungs that is covered', () => {
    const { header, masks } = film(standard);
    const lung = masks.get('right-lung');
    const whole = lung && placeOf(cellsOfMask(lung), masks, header);
    expect(whole).toMatchObject({ side: 'right', zones: ['upper', 'mid', 'lower'], depth: null });
    expect(whole?.extent).toBeCloseTo(0.5, 3);
    expect(place([[0, 0, 1120, 1120]])).toBeNull(); // most of the film lies outside the lungs
    const small = place([right.mid])?.extent ?? 0;
    expect(small).toBeGreaterThan(0.01);
    expect(small).toBeLessThan(0.06);
  });

  test('2.3 a mask is counted where its probability is at least one half', () => {
    const values = Float32Array.from([0.49, 0.5, 0.51, 1]);
    expect([...cellsOfMask(gridOf(values, 2, 2, 2, 2, scale(1, 1)))]).toEqual([0, 1, 1, 1]);
  });
});
