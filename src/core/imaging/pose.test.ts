import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply, inverse } from './affine.ts';
import { poseOf } from './pose.ts';
import { frontalPoses, headerOf, storedAs } from './testdata/header.ts';

const posed = (row: string, column: string) => poseOf(headerOf({ patientOrientation: [row, column] }));

describe('1 the standard pose', () => {
  test.each(frontalPoses)(
    '1.1 %s\\%s: the patient’s right upper corner comes to the left upper corner',
    (row, column) => {
      const [columns, rows, dot] = [31, 47, { x: 3, y: 5 }];
      const stored = storedAs([row, column], columns, rows, (x, y) => (x === dot.x && y === dot.y ? 1 : 0));
      const pose = posed(row, column).toPose(stored.columns, stored.rows);
      expect([pose.columns, pose.rows]).toEqual([columns, rows]);
      for (let y = 0; y < stored.rows; y++)
        for (let x = 0; x < stored.columns; x++)
          if (stored.value(x, y) === 1)
            expect(apply(pose.map, { x: x + 0.5, y: y + 0.5 })).toEqual({ x: dot.x + 0.5, y: dot.y + 0.5 });
    },
  );

  test.each(frontalPoses)('1.2 %s\\%s maps the stored frame onto the posed one, there and back', (row, column) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        (columns, rows, u, v) => {
          const pose = posed(row, column).toPose(columns, rows);
          const place = { x: u * columns, y: v * rows };
          const there = apply(pose.map, place);
          expect(there.x).toBeGreaterThanOrEqual(0);
          expect(there.x).toBeLessThanOrEqual(pose.columns);
          expect(there.y).toBeGreaterThanOrEqual(0);
          expect(there.y).toBeLessThanOrEqual(pose.rows);
          const back = apply(inverse(pose.map), there);
          expect(back.x).toBeCloseTo(place.x, 6);
          expect(back.y).toBeCloseTo(place.y, 6);
        },
      ),
    );
  });
});

describe('2 what the file says', () => {
  test('2.1 nothing: the stored pose is taken for the standard one, and that is known', () => {
    const pose = poseOf(headerOf({ patientOrientation: null }));
    expect(pose).toMatchObject({ orientation: '', assumed: true, recognised: false, plane: null });
    expect(pose.toPose(3, 5)).toEqual({ columns: 3, rows: 5, map: { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 } });
  });

  test('2.2 of composite letters the first counts; case and blanks do not', () => {
    expect(posed('LPF', 'FPR')).toMatchObject({ orientation: 'L\\F', assumed: false, recognised: true });
    expect(posed(' r ', 'f')).toMatchObject({ orientation: 'R\\F', recognised: true });
  });

  test.each([
    ['L', 'R'],
    ['X', 'F'],
    ['L', ''],
    ['CD', 'V'],
  ])('2.3 %s\\%s is not understood: assumed', (row, column) => {
    expect(posed(row, column)).toMatchObject({ assumed: true, recognised: false });
  });

  test('2.4 a side view is turned head up, facing left; an axial slice as CT is shown', () => {
    const lateral = posed('A', 'F');
    expect(lateral.plane).toBe('lateral');
    expect(apply(lateral.toPose(10, 20).map, { x: 1, y: 2 })).toEqual({ x: 9, y: 2 });
    expect(posed('P', 'F').toPose(10, 20).map).toEqual({ a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 });
    expect(posed('L', 'P')).toMatchObject({ plane: 'axial', orientation: 'L\\P' });
  });

  test('2.5 Image Orientation speaks where Patient Orientation is empty, and only there', () => {
    const imageOrientation = [-1, 0, 0, 0, 0.1, -0.995];
    expect(poseOf(headerOf({ patientOrientation: null, imageOrientation }))).toMatchObject({
      orientation: 'R\\F',
      plane: 'frontal',
    });
    expect(poseOf(headerOf({ patientOrientation: ['', ''], imageOrientation })).orientation).toBe('R\\F');
    expect(poseOf(headerOf({ patientOrientation: ['L', 'F'], imageOrientation })).orientation).toBe('L\\F');
  });
});
