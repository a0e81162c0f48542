/** Display shutters (PS3.3 C.7.6.11). */
import type { Shutter } from '#core/imaging/header.ts';
import type { Dataset } from './dataset.ts';
import { codes, integer, numbers } from './values.ts';

/** Those shapes whose numbers are whole. */
export function shutters(data: Dataset): Shutter[] {
  return codes(data, 'x00181600').flatMap((shape): Shutter[] => {
    if (shape === 'RECTANGULAR') {
      const [left, right, upper, lower] = ['2', '4', '6', '8'].map((end) => integer(data, `x0018160${end}`, 'IS'));
      if (left == null || right == null || upper == null || lower == null) return [];
      return [{ shape, left, right, upper, lower }];
    }
    if (shape === 'CIRCULAR') {
      const [centerRow, centerColumn] = numbers(data, 'x00181610', 'IS');
      const radius = integer(data, 'x00181612', 'IS');
      if (!isNumber(centerRow) || !isNumber(centerColumn) || radius === null) return [];
      return [{ shape, centerRow, centerColumn, radius }];
    }
    if (shape !== 'POLYGONAL') return [];
    const flat = numbers(data, 'x00181620', 'IS');
    if (flat.length < 6 || flat.length % 2 !== 0 || !flat.every(isNumber)) return [];
    const vertices = Array.from({ length: flat.length / 2 }, (_, index) => ({
      row: flat[2 * index] ?? 0,
      column: flat[2 * index + 1] ?? 0,
    }));
    return [{ shape, vertices }];
  });
}

const isNumber = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);
