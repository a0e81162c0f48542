/** Headers, films and their forms for tests: mathematics only, nothing of a person. */
import type { ImageHeader } from '../header.ts';
import { type Pixels, type SampleKind, samplesOf } from '../pixels.ts';
import { plainHeader } from '../plainHeader.ts';

/** A frontal film of 12 bits in the standard pose; `changes` say what is different. */
export const headerOf = (changes: Partial<ImageHeader> = {}): ImageHeader =>
  plainHeader({
    rows: 100,
    columns: 80,
    patientAgeYears: 50,
    bitsAllocated: 16,
    bitsStored: 12,
    highBit: 11,
    ...changes,
  });

const bytes = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4, f64: 8 } as const;

/** A grey frame whose stored value at (x, y) is `value(x, y)`. */
export function pixelsOf(
  columns: number,
  rows: number,
  kind: SampleKind,
  value: (x: number, y: number) => number,
): Pixels {
  const data = samplesOf(kind, new Uint8Array(columns * rows * bytes[kind]));
  let [min, max] = [Infinity, -Infinity];
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      data[y * columns + x] = value(x, y);
      const kept = data[y * columns + x] ?? 0;
      min = Math.min(min, kept);
      max = Math.max(max, kept);
    }
  return { rows, columns, samplesPerPixel: 1, kind, data, min, max };
}

/** The film that `make_golden.py` evaluates too. */
export const texture = (levels: number) => (x: number, y: number) =>
  (x * 7 + y * 11 + ((x * y) % 97) * 13 + ((x * x + 3 * y * y) % 53) * 9) % levels;

/** Row and column direction of all eight ways to store a frontal film. */
export const frontalPoses = [
  ['L', 'F'],
  ['R', 'F'],
  ['L', 'H'],
  ['R', 'H'],
  ['F', 'L'],
  ['F', 'R'],
  ['H', 'L'],
  ['H', 'R'],
] as const;

/**
 * The frontal film `value` of `columns` × `rows` in the standard pose, stored as `orientation` says: written out
 * letter by letter, so that it shares nothing with the code under test.
 */
export function storedAs(
  [row, column]: readonly [string, string],
  columns: number,
  rows: number,
  value: (x: number, y: number) => number,
): { columns: number; rows: number; value: (x: number, y: number) => number } {
  const sideways = row === 'F' || row === 'H';
  const size = sideways ? { columns: rows, rows: columns } : { columns, rows };
  /** Where along the patient (from right to left, from head to foot) a stored index lies. */
  const along = (letter: string, index: number, count: number) =>
    letter === 'L' || letter === 'F' ? index : count - 1 - index;
  return {
    ...size,
    value: (x, y) =>
      sideways
        ? value(along(column, y, columns), along(row, x, rows))
        : value(along(row, x, columns), along(column, y, rows)),
  };
}
