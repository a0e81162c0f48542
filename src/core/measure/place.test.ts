import { describe, expect, test } from 'vitest';
import { apply, inverse } from '../imaging/affine.ts';
import { poseOf } from '../imaging/pose.ts';
import type { Region } from '../imaging/saliency.ts';
import { frontalPoses, headerOf } from '../imaging/testdata/header.ts';
import type { Anatomy } from './measurement.ts';
import { lungPlaceOf, mayNameSide } from './place.ts';

const proved = { value: 0.97, low: 0.93, high: 0.99 };
const box = (x: number, y: number, width: number, height: number): Region => ({
  polygons: [
    [
      { x, y },
      { x: x + width, y },
      { x: x + width, y: y + height },
      { x, y: y + height },
    ],
  ],
  box: { x, y, width, height },
});

/** Lungs 100 … 400 and 600 … 900 across, 100 … 900 down, in the standard pose of a film of 1000 × 1000. */
const posed: Anatomy['masks'] = [
  { id: 'right-lung', name: 'Right lung', region: box(100, 100, 300, 800) },
  { id: 'left-lung', name: 'Left lung', region: box(600, 100, 300, 800) },
];

function stored(region: Region, orientation: readonly [string, string]): Region {
  const header = headerOf({ rows: 1000, columns: 1000, patientOrientation: [...orientation] });
  const back = inverse(poseOf(header).toPose(1000, 1000).map);
  const polygons = region.polygons.map((ring) => ring.map((point) => apply(back, point)));
  const [xs, ys] = [polygons.flat().map(({ x }) => x), polygons.flat().map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { polygons, box: { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y } };
}

function place(
  region: Region,
  orientation: readonly [string, string] = ['L', 'F'],
  accuracy: typeof proved | null = proved,
) {
  const header = headerOf({ rows: 1000, columns: 1000, patientOrientation: [...orientation] });
  const masks = posed.map((mask) => ({ ...mask, region: mask.region && stored(mask.region, orientation) }));
  return lungPlaceOf(stored(region, orientation), { masks }, header, accuracy);
}

describe('1 when anything is said', () => {
  test('1.1 only where the accuracy of sides has a lower bound of 90 %', () => {
    expect(mayNameSide(null)).toBe(false);
    expect(mayNameSide({ value: 0.95, low: 0.89, high: 1 })).toBe(false);
    expect(mayNameSide({ value: 0.95, low: 0.9, high: 1 })).toBe(true);
    expect(place(box(200, 700, 60, 60), ['L', 'F'], null)).toBeNull();
    expect(place(box(200, 700, 60, 60), ['L', 'F'], { value: 0.95, low: 0.89, high: 1 })).toBeNull();
  });
  test('1.2 only of what lies in one lung', () => {
    expect(place(box(450, 400, 80, 80))).toBeNull();
    expect(place(box(300, 400, 400, 80))).toBeNull();
    expect(place(box(-50, 400, 200, 80))).toBeNull();
  });
  test('1.3 nothing where the mask and the header disagree on the side', () => {
    const header = headerOf({ rows: 1000, columns: 1000, patientOrientation: ['R', 'F'] });
    expect(lungPlaceOf(box(200, 400, 60, 60), { masks: posed }, header, proved)).toBeNull();
  });
});

describe('2 where', () => {
  test.each(frontalPoses)('2.1 the same words stored as %s\\%s', (row, column) => {
    const at = (x: number, y: number) => place(box(x, y, 40, 40), [row, column]);
    expect(at(350, 150)).toEqual({ side: 'right', zone: 'upper', depth: 'perihilar' });
    expect(at(110, 400)).toEqual({ side: 'right', zone: 'mid', depth: 'peripheral' });
    expect(at(110, 850)).toEqual({ side: 'right', zone: 'lower', depth: 'costophrenic' });
    expect(at(610, 480)).toEqual({ side: 'left', zone: 'mid', depth: 'perihilar' });
    expect(at(730, 700)).toEqual({ side: 'left', zone: 'lower', depth: 'central' });
    expect(at(850, 850)).toEqual({ side: 'left', zone: 'lower', depth: 'costophrenic' });
  });
});
