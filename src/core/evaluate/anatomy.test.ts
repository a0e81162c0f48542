import { describe, expect, test } from 'vitest';
import type { Box, Saliency } from '../imaging/saliency.ts';
import { outlineOf } from '../measure/masks.ts';
import type { Anatomy, MaskId } from '../measure/measurement.ts';
import { diceOf, lungsOf, maskOfClass, peoplesRatio, rasterOfGrid } from './anatomy.ts';
import { rasterOfBoxes } from './places.ts';

const size = { rows: 100, columns: 100 };
const right: Box = { x: 10, y: 10, width: 30, height: 80 };
const left: Box = { x: 60, y: 10, width: 30, height: 80 };
const heart: Box = { x: 35, y: 50, width: 30, height: 40 };

/** A mask as a pack draws it, in cells of two pixels. */
function grid(boxes: Box[]): Saliency {
  const values = Float32Array.from({ length: 50 * 50 }, (_, i) => {
    const [x, y] = [2 * (i % 50) + 1, 2 * Math.floor(i / 50) + 1];
    return boxes.some((box) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height) ? 1 : 0;
  });
  return {
    rows: 50,
    columns: 50,
    bytes: new Uint8Array(values.buffer),
    toImage: { a: 2, b: 0, c: 0, d: 2, e: 0, f: 0 },
  };
}
const masks = new Map<MaskId, Saliency>([
  ['right-lung', grid([right])],
  ['left-lung', grid([left])],
  [
    'lung-opacity',
    grid([
      { x: 12, y: 20, width: 8, height: 8 },
      { x: 70, y: 20, width: 8, height: 8 },
    ]),
  ],
]);
const anatomy: Anatomy = {
  pack: { id: 'a', version: '1.0.0', sha256: '', use: 'test' },
  masks: [...masks].map(([id, mask]) => ({ id, name: id, region: outlineOf(mask) })),
  measurements: [],
  note: '',
};

describe('1 masks', () => {
  test('1.1 a grid as pixels: bilinear between cell centres, held beyond them', () => {
    const values = Float32Array.of(1, 0, 1, 0);
    const small = {
      rows: 2,
      columns: 2,
      bytes: new Uint8Array(values.buffer),
      toImage: { a: 4, b: 0, c: 0, d: 4, e: 0, f: 0 },
    };
    expect([...rasterOfGrid(small, { rows: 8, columns: 8 }).subarray(0, 8)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  });

  test('1.2 Dice with what people drew; of opacity every part counts, of a lung the outline that is shown', () => {
    const people = new Map<MaskId, Uint8Array>([
      ['right-lung', rasterOfBoxes([right], size)],
      ['left-lung', rasterOfBoxes([{ ...left, y: 50, height: 40 }], size)],
      ['lung-opacity', rasterOfBoxes([{ x: 12, y: 20, width: 8, height: 8 }], size)],
      ['cardiomediastinum', rasterOfBoxes([heart], size)],
    ]);
    const dice = diceOf(people, anatomy, masks, size);
    expect(dice['right-lung']).toBeGreaterThan(0.99);
    expect(dice['left-lung']).toBeCloseTo(2 / 3, 2);
    expect(dice['lung-opacity']).toBeCloseTo(2 / 3, 2);
    expect(dice).not.toHaveProperty('cardiomediastinum');
  });

  test('1.3 the ratio of people’s masks: 30 of 80 columns', () => {
    const people = new Map<MaskId, Uint8Array>([
      ['right-lung', rasterOfBoxes([right], size)],
      ['left-lung', rasterOfBoxes([left], size)],
      ['cardiomediastinum', rasterOfBoxes([heart], size)],
    ]);
    expect(peoplesRatio(people, size)).toBeCloseTo(30 / 80, 9);
    people.delete('left-lung');
    expect(peoplesRatio(people, size)).toBeNull();
  });

  test('1.4 both lungs, the box around them, and the weaker overlap with known boxes', () => {
    const lungs = lungsOf(anatomy, masks, size, { right, left: { ...left, x: 75 } });
    expect(lungs?.found).toBe(true);
    const box = lungs?.box;
    for (const [value, expected] of [
      [box?.x, 10],
      [box?.y, 10],
      [box?.width, 80],
      [box?.height, 80],
    ])
      expect(Math.abs((value ?? NaN) - (expected ?? 0))).toBeLessThan(1);
    expect(lungs?.overlap).toBeCloseTo(1 / 3, 1);
    expect(lungsOf(anatomy, new Map(), size, null)).toBeNull();
  });

  test('1.5 classes of masks.csv', () => {
    const words = ['Right Lung', 'Cardiomediastinum', 'Ground Glass Opacities', 'Consolidation', 'Airways'];
    expect(words.map(maskOfClass)).toEqual(['right-lung', 'cardiomediastinum', 'lung-opacity', 'lung-opacity', null]);
  });
});
