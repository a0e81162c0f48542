import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InstanceId } from './ids.ts';
import { sortByPosition } from './sort.ts';

const axial = [1, 0, 0, 0, 1, 0];
const slice = (
  id: string,
  number: number | null,
  imagePosition: number[] | null,
  imageOrientation: number[] | null = axial,
) => ({
  id: InstanceId.parse(id),
  number,
  header: { imageOrientation, imagePosition },
});
const order = (instances: ReturnType<typeof slice>[]) =>
  sortByPosition(instances)
    .map(({ id }) => id)
    .join('');

describe('1 order', () => {
  test('1.1 along the normal, whatever the numbers', () => {
    expect(order([slice('a', 1, [0, 0, 30]), slice('b', 2, [0, 0, -10]), slice('c', 3, [0, 0, 5])])).toBe('bca');
  });
  test('1.2 the normal of a sagittal stack points to the patient’s left', () => {
    const sagittal = [0, 1, 0, 0, 0, -1];
    expect(
      order([
        slice('a', 1, [-5, 0, 99], sagittal),
        slice('b', 2, [-20, 0, 7], sagittal),
        slice('c', 3, [8, 0, 0], sagittal),
      ]),
    ).toBe('cab');
  });
  test('1.3 an odd one out of another orientation: all by number', () => {
    const localizer = slice('z', 2, [0, 0, 0], [1, 0, 0, 0, 0, -1]);
    expect(order([slice('a', 3, [0, 0, 1]), localizer, slice('b', 1, [0, 0, 9])])).toBe('bza');
  });
  test('1.4 without positions by number, without a number last, then by UID', () => {
    expect(order([slice('d', null, null), slice('b', 2, null), slice('c', null, null), slice('a', 10, null)])).toBe(
      'bacd',
    );
  });
  test('1.5 equal places by number', () => {
    expect(order([slice('b', 9, [0, 0, 1]), slice('a', 3, [0, 0, 1.0000001]), slice('c', 1, [0, 0, 2])])).toBe('abc');
  });
  test('1.6 an orientation of zeros is none', () => {
    const zeros = [0, 0, 0, 0, 0, 0];
    expect(order([slice('b', 2, [0, 0, 1], zeros), slice('a', 1, [0, 0, 9], zeros)])).toBe('ab');
  });
  test('1.7 nothing in, nothing out; the input is left alone', () => {
    expect(sortByPosition([])).toEqual([]);
    const given = [slice('b', 2, null), slice('a', 1, null)];
    sortByPosition(given);
    expect(given.map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

test('2.1 the order does not depend on how the files came', () => {
  const stack = Array.from({ length: 12 }, (_, i) => slice(`${100 + i}`, i % 3 ? i : null, [3, 4, (i * 7) % 5]));
  const expected = order(stack);
  fc.assert(fc.property(fc.shuffledSubarray(stack, { minLength: 12 }), (shuffled) => order(shuffled) === expected));
});
