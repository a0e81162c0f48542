import { expect, test } from 'vitest';
import { patientSideAt } from './sides.ts';
import { frontalPoses, headerOf, storedAs } from './testdata/header.ts';

test.each(frontalPoses)('1.1 %s\\%s: every pixel has the side that it was made with', (row, column) => {
  const [columns, rows] = [11, 6];
  const stored = storedAs([row, column], columns, rows, (x) => x);
  const header = headerOf({ columns: stored.columns, rows: stored.rows, patientOrientation: [row, column] });
  for (let y = 0; y < stored.rows; y++)
    for (let x = 0; x < stored.columns; x++) {
      const across = stored.value(x, y);
      const side = across < 5 ? 'right' : across > 5 ? 'left' : 'midline';
      expect(patientSideAt(header, x + 0.5, y + 0.5)).toEqual({ side, assumed: false });
    }
});

test('1.2 an empty orientation: standard pose, said to be assumed', () => {
  const header = headerOf({ columns: 100, patientOrientation: null });
  expect(patientSideAt(header, 10, 10)).toEqual({ side: 'right', assumed: true });
  expect(patientSideAt(header, 90, 10)).toEqual({ side: 'left', assumed: true });
});

test('1.3 a side view has no sides, whether the letters or the view say so', () => {
  expect(patientSideAt(headerOf({ patientOrientation: ['P', 'F'] }), 10, 10)).toEqual({
    side: 'unknown',
    assumed: false,
  });
  expect(patientSideAt(headerOf({ patientOrientation: null, viewPosition: 'LL' }), 10, 10)).toEqual({
    side: 'unknown',
    assumed: true,
  });
});
