import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headerOf } from '../imaging/testdata/header.ts';
import { angleAt, isWhole, rulerSentence, rulerValue, type Ruler } from './ruler.ts';
import { spacingOf } from './spacing.ts';

const at = (x: number, y: number) => ({ x, y });
const line: Ruler = { kind: 'length', points: [at(10, 10), at(40, 50)] };
const pixels = spacingOf(headerOf());
const plane = spacingOf(headerOf({ modality: 'CT', pixelSpacing: [0.5, 0.2] }));

describe('1 a length', () => {
  test('1.1 is in px where no spacing can be trusted', () => {
    expect(rulerValue(line, pixels)).toBe('50 px');
    expect(rulerValue(line, spacingOf(headerOf({ pixelSpacing: [0.2, 0.2] })))).toBe('50 px');
    expect(rulerValue(line, spacingOf(headerOf({ imagerPixelSpacing: [0, 0] })))).toBe('50 px');
  });

  test('1.2 says mm, and at the detector where it holds only there', () => {
    expect(rulerValue(line, spacingOf(headerOf({ imagerPixelSpacing: [0.14, 0.14] })))).toBe('7.0 mm at detector');
    expect(rulerValue(line, spacingOf(headerOf({ imagerPixelSpacing: [0.14, 0.14], magnification: 1.4 })))).toBe(
      '5.0 mm',
    );
    const calibrated = headerOf({ pixelSpacing: [2, 2], pixelSpacingCalibration: 'FIDUCIAL' });
    expect(rulerValue(line, spacingOf(calibrated))).toBe('100 mm');
  });

  test('1.3 counts rows and columns by their own spacing', () => {
    expect(rulerValue({ kind: 'length', points: [at(0, 0), at(10, 0)] }, plane)).toBe('2.0 mm');
    expect(rulerValue({ kind: 'length', points: [at(0, 0), at(0, 10)] }, plane)).toBe('5.0 mm');
  });

  test('1.4 says nothing while it is one point, or two in one place', () => {
    expect(rulerValue({ kind: 'length', points: [at(1, 1)] }, plane)).toBe('');
    expect(rulerValue({ kind: 'length', points: [at(1, 1), at(1, 1)] }, plane)).toBe('');
    expect(rulerSentence({ kind: 'length', points: [] }, plane)).toBe('');
  });
});

describe('2 an angle', () => {
  test('2.1 lies between its arms, vertex in the middle', () => {
    expect(rulerValue({ kind: 'angle', points: [at(10, 0), at(0, 0), at(0, 10)] }, pixels)).toBe('90.0°');
    expect(rulerValue({ kind: 'angle', points: [at(10, 0), at(0, 0), at(-10, 0)] }, pixels)).toBe('180.0°');
    expect(rulerSentence({ kind: 'angle', points: [at(2, 0), at(0, 0), at(2, 2)] }, pixels)).toBe('Angle 45.0°.');
  });

  test('2.2 is that of the patient where pixels are not square', () => {
    expect(rulerValue({ kind: 'angle', points: [at(10, 0), at(0, 0), at(10, 4)] }, plane)).toBe('45.0°');
  });

  test('2.3 does not change when the film is turned, mirrored or moved', () => {
    const place = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) });
    fc.assert(
      fc.property(place, place, place, place, (a, vertex, b, by) => {
        const square = { row: 1, column: 1 };
        const found = angleAt(a, vertex, b, square);
        const turned = ({ x, y }: typeof a) => at(by.x - y, by.y + x);
        const mirrored = ({ x, y }: typeof a) => at(by.x - x, y);
        for (const move of [turned, mirrored]) {
          const again = angleAt(move(a), move(vertex), move(b), square);
          if (found === null) expect(again).toBeNull();
          else expect(again).toBeCloseTo(found, 9);
        }
      }),
      { seed: 7 },
    );
  });

  test('2.4 is whole with three points', () => {
    expect(isWhole({ kind: 'angle', points: [at(0, 0), at(1, 1)] })).toBe(false);
    expect(isWhole({ kind: 'angle', points: [at(0, 0), at(1, 1), at(2, 0)] })).toBe(true);
  });
});
