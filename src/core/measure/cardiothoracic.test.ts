import { describe, expect, test } from 'vitest';
import { apply, compose, inverse, scale } from '../imaging/affine.ts';
import type { ImageHeader } from '../imaging/header.ts';
import { poseOf } from '../imaging/pose.ts';
import { frontalPoses, headerOf } from '../imaging/testdata/header.ts';
import { cardiothoracicRatio } from './cardiothoracic.ts';
import { outlineOf } from './masks.ts';
import type { Measurement } from './measurement.ts';
import { CHEST, chestMasks } from './testdata.ts';

const error = { meanError: 0.012, p95Error: 0.03, bias: 0, films: 90 };

/** The grid of 112 × 112 over a film of `columns` × `rows` posed pixels, stored as its header says. */
function measured(changes: Partial<ImageHeader> = {}, chest: Partial<typeof CHEST> = {}, size = 1120) {
  const header = headerOf({ columns: size, rows: size, ...changes });
  const pose = poseOf(header).toPose(header.columns, header.rows);
  const toImage = compose(scale(pose.columns / 112, pose.rows / 112), inverse(pose.map));
  return { header, masks: chestMasks(chest, toImage), toImage };
}
function ratio(changes: Partial<ImageHeader> = {}, chest: Partial<typeof CHEST> = {}): Measurement {
  const { header, masks } = measured(changes, chest);
  const found = cardiothoracicRatio(masks, header, error);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

describe('1 the ratio', () => {
  test('1.1 widest extent below the hila over the widest inner width, to a twentieth of a cell', () => {
    const { value, unit, lines } = ratio();
    expect(value).toBeCloseTo(42 / 84, 2);
    expect(unit).toBe('ratio');
    expect(lines.map((line) => Math.abs(line.length - (line.name.startsWith('Widest') ? 840 : 420)) < 1)).toEqual([
      true,
      true,
    ]);
  });

  test('1.2 what is wide above the hila does not count', () => {
    const wideAbove = { cardiomediastinum: { x: 60, y: 40, width: 60, height: 44 } };
    const { masks, header } = measured({}, wideAbove);
    const found = cardiothoracicRatio(masks, header, error);
    expect(typeof found !== 'string' && found.value < 0.6).toBe(true);
  });

  test('1.3 borders at different heights: the extent counts, and a guide shows where the other one is', () => {
    const { masks, header } = measured();
    const heart = masks.get('cardiomediastinum');
    if (!heart) throw new Error('expected a mask');
    const values = new Float32Array(heart.bytes.buffer.slice(0));
    for (let y = 60; y < 66; y++) for (let x = 34; x < 42; x++) values[y * 112 + x] = 1; // a bulge to the right, higher up
    masks.set('cardiomediastinum', { ...heart, bytes: new Uint8Array(values.buffer) });
    const found = cardiothoracicRatio(masks, header, error);
    if (typeof found === 'string') throw new Error(found);
    const [heartLine] = found.lines;
    expect(heartLine?.guides).toHaveLength(1);
    const [guide] = heartLine?.guides ?? [];
    expect(guide?.from).toEqual(heartLine?.from);
    expect(guide?.to.x).toBe(heartLine?.from.x);
    expect(guide?.to.y).toBeLessThan(660);
    expect(found.value).toBeGreaterThan(0.55);
  });

  test('1.4 no ratio without both lungs, with a lung too small, or with the lungs on the wrong sides', () => {
    const none = { x: -50, y: -50, width: 2, height: 2 };
    for (const chest of [
      { 'right-lung': none },
      { 'left-lung': { x: 80, y: 56, width: 8, height: 20 } },
      { 'right-lung': CHEST['left-lung'], 'left-lung': CHEST['right-lung'] },
    ]) {
      const { masks, header } = measured({}, chest);
      expect(cardiothoracicRatio(masks, header, error)).toBe(
        'The cardiothoracic ratio was not measured: the two lungs were not both found.',
      );
    }
    const { masks, header } = measured({}, { cardiomediastinum: none });
    expect(cardiothoracicRatio(masks, header, error)).toMatch(/the cardiomediastinum was not found/);
    masks.delete('left-lung');
    expect(cardiothoracicRatio(masks, header, error)).toMatch(
      /^The cardiothoracic ratio was not measured: the anatomy pack/,
    );
  });
});

describe('2 lines in the stored frame', () => {
  test.each(frontalPoses)(
    '2.1 stored as %s\\%s: the same ratio, lines across the patient, ends on the outlines',
    (row, column) => {
      const { header, masks } = measured({ patientOrientation: [row, column] });
      const found = cardiothoracicRatio(masks, header, error);
      if (typeof found === 'string') throw new Error(found);
      expect(found.value).toBeCloseTo(ratio().value, 9);
      const { map } = poseOf(header).toPose(header.columns, header.rows);
      for (const line of found.lines) {
        const [from, to] = [apply(map, line.from), apply(map, line.to)];
        expect(from.y).toBeCloseTo(to.y, 9);
        expect(from.x).toBeLessThan(to.x); // from the patient's right to the left
      }
      const [heartLine] = found.lines;
      const heart = masks.get('cardiomediastinum');
      const outline = (heart && outlineOf(heart)?.polygons.flat()) ?? [];
      const end = heartLine?.to ?? { x: NaN, y: NaN };
      const nearest = Math.min(...outline.map(({ x, y }) => Math.hypot(x - end.x, y - end.y)));
      expect(nearest).toBeLessThan(5); // half a cell of ten pixels
    },
  );

  test('2.2 pixels twice as high as wide: the ratio holds, lengths in mm are those of the patient', () => {
    const header = headerOf({
      columns: 1120,
      rows: 560,
      pixelSpacing: [0.5, 0.25],
      pixelSpacingCalibration: 'GEOMETRY',
    });
    const found = cardiothoracicRatio(chestMasks({}, scale(10, 5)), header, error);
    if (typeof found === 'string') throw new Error(found);
    expect(found.value).toBeCloseTo(0.5, 2);
    expect(found.lines.map(({ unit }) => unit)).toEqual(['mm', 'mm']);
    expect(found.lines[0]?.length).toBeCloseTo(105, 0);
  });

  test('2.3 the unit is what the file allows', () => {
    const unit = (changes: Partial<ImageHeader>) => ratio(changes).lines[0]?.unit;
    expect(unit({})).toBe('px');
    expect(unit({ imagerPixelSpacing: [0.15, 0.15] })).toBe('mm at detector');
    expect(unit({ imagerPixelSpacing: [0.15, 0.15], magnification: 1.1 })).toBe('mm');
    expect(unit({ pixelSpacing: [0.15, 0.15] })).toBe('px');
  });
});

describe('3 what weakens it', () => {
  test('3.1 nothing on a PA film, and the measured error stands beside it', () => {
    expect(ratio()).toMatchObject({ caveats: [], error: { mean: 0.012, p95: 0.03, films: 90 } });
  });
  test.each<[RegExp, Partial<ImageHeader>, Partial<typeof CHEST>]>([
    [/^AP film: the heart looks larger/, { viewPosition: 'AP' }, {}],
    [/does not say whether this is a PA or an AP film/, { viewPosition: '' }, {}],
    [/^Not a film of a person/, { synthetic: true }, {}],
    [/may be turned/, {}, { 'right-lung': { x: 34, y: 56, width: 26, height: 70 } }],
    [/what lies beside the heart/, {}, { cardiomediastinum: { x: 74, y: 70, width: 46, height: 44 } }],
    [/reach the edge of the film/, {}, { 'right-lung': { x: 18, y: 56, width: 36, height: 80 } }],
  ])('3.2 %s', (words, changes, chest) => {
    expect(ratio(changes, chest).caveats).toEqual([expect.stringMatching(words) as string]);
  });
});
