import { createRequire } from 'node:module';
import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { type EdgeLetters, edgeLetters, type View } from './letters.ts';
import { headerOf } from './testdata/header.ts';

const plain: View = { rotation: 0, flipH: false, flipV: false };
/** Letters as left, top, right, bottom. */
const round = ({ left, top, right, bottom }: EdgeLetters) => [left, top, right, bottom].join(' ');
const show = (orientation: [string, string], view: Partial<View> = {}) =>
  round(edgeLetters(headerOf({ patientOrientation: orientation }), { ...plain, ...view }));

describe('1 letters', () => {
  test('1.1 L\\F: the patient’s right on the left, head up', () => expect(show(['L', 'F'])).toBe('R H L F'));
  test('1.2 R\\F', () => expect(show(['R', 'F'])).toBe('L H R F'));
  test('1.3 mirrored', () => {
    expect(show(['L', 'F'], { flipH: true })).toBe('L H R F');
    expect(show(['L', 'F'], { flipV: true })).toBe('R F L H');
  });
  test('1.4 turned by 90° clockwise the head is on the right', () => {
    expect(show(['L', 'F'], { rotation: 90 })).toBe('F R H L');
    expect(show(['L', 'F'], { rotation: 180 })).toBe('L F R H');
    expect(show(['L', 'F'], { rotation: 270 })).toBe('H L F R');
  });
  test('1.5 mirrored first, then turned', () => {
    expect(show(['L', 'F'], { rotation: 90, flipH: true })).toBe('F L H R');
  });
  test('1.6 composite letters have composite opposites', () => expect(show(['L', 'PF'])).toBe('R AH L PF'));
  test('1.7 nothing known, nothing shown', () => {
    expect(round(edgeLetters(headerOf({ patientOrientation: null }), plain)).trim()).toBe('');
    expect(show(['CD', 'LE']).trim()).toBe('');
    expect(show(['L', ''])).toBe('R  L ');
  });
  test('1.8 Image Orientation: axial CT, a tilted gantry, an oblique coronal', () => {
    const from = (imageOrientation: number[]) =>
      round(edgeLetters(headerOf({ patientOrientation: null, imageOrientation }), plain));
    expect(from([1, 0, 0, 0, 1, 0])).toBe('R A L P');
    expect(from([1, 0, 0, 0, 0.94, -0.34])).toBe('R AH L PF');
    expect(from([0.8, 0.6, 0, 0, 0, -1])).toBe('RA H LP F');
    expect(from([0.9999, 0.01, 0, 0, 0, -1])).toBe('R H L F');
  });
});

describe('2 as cornerstone-core draws', () => {
  // cornerstone makes canvases while it loads; none is drawn on here.
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('document', { createElement: () => ({}) });
  const Cornerstone = z.object({
    internal: z.object({
      calculateTransform: z.custom<(element: unknown) => { m: number[] }>((f) => typeof f === 'function'),
    }),
  });
  const { internal } = Cornerstone.parse(createRequire(import.meta.url)('cornerstone-core'));

  const views = ([0, 90, 180, 270] as const).flatMap((rotation) =>
    [false, true].flatMap((flipH) => [false, true].map((flipV) => ({ rotation, flipH, flipV }))),
  );
  test.each(views)('2.1 turned $rotation, flipH $flipH, flipV $flipV', (view) => {
    const displayedArea = {
      tlhc: { x: 1, y: 1 },
      brhc: { x: 10, y: 20 },
      rowPixelSpacing: 1,
      columnPixelSpacing: 1,
      presentationSizeMode: 'NONE',
    };
    const { m } = internal.calculateTransform({
      canvas: { width: 100, height: 100 },
      image: { width: 10, height: 20, columns: 10, rows: 20 },
      viewport: {
        scale: 1,
        rotation: view.rotation,
        hflip: view.flipH,
        vflip: view.flipV,
        translation: { x: 0, y: 0 },
        displayedArea,
      },
    });
    /** Where on the canvas an edge's middle lies, seen from the canvas' centre. */
    const edgeAt = (x: number, y: number): keyof EdgeLetters => {
      const dx = (m[0] ?? 0) * x + (m[2] ?? 0) * y + (m[4] ?? 0) - 50;
      const dy = (m[1] ?? 0) * x + (m[3] ?? 0) * y + (m[5] ?? 0) - 50;
      return Math.abs(dx) > Math.abs(dy) ? (dx < 0 ? 'left' : 'right') : dy < 0 ? 'top' : 'bottom';
    };
    const letters = edgeLetters(headerOf({ patientOrientation: ['L', 'F'] }), view);
    expect(letters[edgeAt(0, 10)]).toBe('R');
    expect(letters[edgeAt(10, 10)]).toBe('L');
    expect(letters[edgeAt(5, 0)]).toBe('H');
    expect(letters[edgeAt(5, 20)]).toBe('F');
  });
});
