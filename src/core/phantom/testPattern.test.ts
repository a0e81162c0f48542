import { describe, expect, test } from 'vitest';
import { CORNER_STEP, LETTER_STEPS, PATTERN_SIDE, testPattern, type PatternPart } from './testPattern.ts';

const { values, parts } = testPattern();
const at = (x: number, y: number): number => values[y * PATTERN_SIDE + x] ?? NaN;
const named = (name: PatternPart['name']): PatternPart[] => parts.filter((part) => part.name === name);
/** Every grey level inside a part. */
const levels = ({ x, y, width, height }: PatternPart): Set<number> =>
  new Set(Array.from({ length: width * height }, (_, index) => at(x + (index % width), y + Math.floor(index / width))));

describe('1 the pattern for judging a display', () => {
  test('1.1 sixteen patches from 8 to 248, each with two corners a little darker and two a little brighter', () => {
    expect(named('patch').map(({ level }) => level)).toEqual(Array.from({ length: 16 }, (_, index) => 8 + 16 * index));
    for (const patch of named('patch'))
      expect([...levels(patch)].sort((a, b) => a - b)).toEqual([
        patch.level - CORNER_STEP,
        patch.level,
        patch.level + CORNER_STEP,
      ]);
  });

  test('1.2 five per cent in black and ninety-five in white', () => {
    expect(named('black 5 %').map(levels)).toEqual([new Set([0, 13])]);
    expect(named('white 95 %').map(levels)).toEqual([new Set([255, 242])]);
  });

  test('1.3 line pairs of one pixel, upright and lying, in the middle and the four corners', () => {
    expect(named('lines')).toHaveLength(5);
    for (const { x, y } of named('lines')) {
      expect([0, 1, 2, 3].map((dx) => at(x + dx, y + 10))).toEqual([255, 0, 255, 0]);
      expect([0, 1, 2, 3].map((dy) => at(x + 58, y + dy))).toEqual([255, 0, 255, 0]);
      expect([0, 1, 2, 3].map((dx) => at(x + 96 + dx, y + 10))).toEqual([255, 255, 0, 0]);
    }
  });

  test('1.4 the ramps hold every level, in order', () => {
    for (const { x, y } of named('ramp'))
      expect(Array.from({ length: 256 }, (_, step) => at(x + 20, y + 2 * step))).toEqual(
        Array.from({ length: 256 }, (_, step) => 255 - step),
      );
  });

  test('1.5 letters that fade to one level, on black, grey and white', () => {
    expect(named('letters').map(({ level }) => level)).toEqual([0, 128, 255]);
    for (const line of named('letters')) {
      const sign = line.level === 255 ? -1 : 1;
      expect(levels(line)).toEqual(new Set([line.level, ...LETTER_STEPS.map((step) => line.level + sign * step)]));
    }
  });

  test('1.6 no part covers another', () => {
    for (const [index, a] of parts.entries())
      for (const b of parts.slice(index + 1)) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart, `${a.name} at ${a.x},${a.y} and ${b.name} at ${b.x},${b.y}`).toBe(true);
      }
  });
});
