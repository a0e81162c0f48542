/** Everything that is written on the image, and where names of regions stand. */
import { describe, expect, test } from 'vitest';
import { headerOf } from '#core/imaging/testdata/header.ts';
import { LabelId } from '#core/study/ids.ts';
import { isInside } from '#core/imaging/isInside.ts';
import { regionAt } from './hit.ts';
import { acquisitionLines, warningLines } from './hud.ts';
import { createLru } from './lru.ts';
import { placeTags, type Mark } from './marks.ts';
import { scaleBarOf } from './scaleBar.ts';
import { draggedWindow, windowText } from './windowing.ts';

const bare = headerOf();

describe('1 lines of text', () => {
  test('1.1 what is not known is not written, and no millimetres without spacing', () => {
    expect(acquisitionLines(bare)).toEqual(['No trusted spacing: lengths in px']);
    expect(acquisitionLines({ ...bare, patientOrientation: null })[0]).toBe('Orientation not given');
    expect(acquisitionLines({ ...bare, kvp: 120, exposureMas: 1.25, imagerPixelSpacing: [0.139, 0.139] })).toEqual([
      '120 kVp  1.3 mAs',
      '0.139 × 0.139 mm at detector',
    ]);
    expect(acquisitionLines({ ...bare, sliceThickness: 1.5, sliceLocation: -402.25 })[0]).toBe(
      'Slice 1.5 mm  at −402.2 mm',
    );
  });

  test('1.2 warnings', () => {
    expect(warningLines(bare)).toEqual([]);
    expect(
      warningLines({ ...bare, lossy: true, lossyRatio: 10, presentationIntent: 'FOR PROCESSING', burnedIn: 'YES' }),
    ).toEqual(['FOR PROCESSING: not meant for reading', 'LOSSY 10:1', 'Text burned into the image']);
    expect(warningLines({ ...bare, lossy: true })).toEqual(['LOSSY']);
    expect(warningLines({ ...bare, photometric: 'MONOCHROME1', presentationLutShape: 'IDENTITY' })).toHaveLength(1);
  });

  test('1.3 a window is written with the file’s own numbers', () => {
    expect(windowText(bare, { kind: 'window', center: -600, width: 1500, fn: 'LINEAR' })).toBe('W 1500  L −600');
    expect(windowText(bare, { kind: 'window', center: -0.2, width: 1500, fn: 'SIGMOID' })).toBe('W 1500  L 0 sigmoid');
    expect(windowText(bare, { kind: 'window', center: 0.512, width: 0.25, fn: 'LINEAR_EXACT' })).toBe(
      'W 0.250  L 0.512',
    );
    expect(windowText(bare, { kind: 'lut', index: 0 })).toBe('LUT 1');
  });

  test('1.4 a drag widens to the right and darkens downwards, and never reaches a width below 1', () => {
    const range = { min: 0, max: 4095 };
    const start = { kind: 'window', center: 1000, width: 300, fn: 'LINEAR' } as const;
    expect(draggedWindow(bare, range, start, 0, 30)).toEqual({ ...start, center: 1030 });
    expect(draggedWindow(bare, range, start, -1e6, 0)).toEqual({ ...start, width: 1 });
    expect(draggedWindow(bare, range, start, 200, 0)).toMatchObject({ width: 300 * Math.E });
  });

  test('1.5 the scale bar is a round length, says where it holds, and needs spacing', () => {
    expect(scaleBarOf(bare, 1, 200)).toBeNull();
    const detector = { ...bare, imagerPixelSpacing: [0.2, 0.2] as [number, number] };
    expect(scaleBarOf(detector, 0.5, 200)).toEqual({ length: 125, text: '5 cm at detector' });
    const slice = { ...bare, modality: 'CT', pixelSpacing: [1, 0.5] as [number, number] };
    expect(scaleBarOf(slice, 1, 150)).toEqual({ length: 100, text: '5 cm' }); // pixels are drawn 1 × 2
  });
});

const square = (x: number, y: number, side: number) => ({
  polygons: [
    [
      { x, y },
      { x: x + side, y },
      { x: x + side, y: y + side },
      { x, y: y + side },
    ],
  ],
  box: { x, y, width: side, height: side },
});
const mark = (name: string, region: Mark['region']): Mark => ({ label: LabelId.parse(name), name, region, path: '' });

describe('2 regions', () => {
  test('2.1 a hole is outside, and of two regions the smaller is found', () => {
    const ring = { ...square(0, 0, 10), polygons: [...square(0, 0, 10).polygons, ...square(3, 3, 4).polygons] };
    expect([isInside(ring, { x: 1, y: 1 }), isInside(ring, { x: 5, y: 5 }), isInside(ring, { x: 11, y: 5 })]).toEqual([
      true,
      false,
      false,
    ]);
    const marks = [mark('large', square(0, 0, 10)), mark('small', square(2, 2, 4))];
    expect(regionAt(marks, { x: 3, y: 3 })?.name).toBe('small');
    expect(regionAt(marks, { x: 30, y: 3 })).toBeNull();
  });

  test('2.2 names stay inside the canvas and off one another', () => {
    const identity = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
    const marks = [
      mark('Effusion', square(5, 3, 50)),
      mark('Infiltration', square(10, 4, 50)),
      mark('Mass', square(395, 290, 50)),
    ];
    const tags = placeTags(marks, identity, { width: 400, height: 300 }, 1);
    for (const { at } of tags) {
      expect(at.x).toBeGreaterThanOrEqual(0);
      expect(at.y).toBeGreaterThanOrEqual(0);
      expect(at.y).toBeLessThanOrEqual(276);
    }
    expect(Math.abs((tags[0]?.at.y ?? 0) - (tags[1]?.at.y ?? 0))).toBeGreaterThanOrEqual(24);
  });
});

describe('3 kept frames', () => {
  test('3.1 the oldest leaves first, use makes new, the last one always stays', () => {
    const kept = createLru<string>(10);
    kept.put('a', 'A', 4);
    kept.put('b', 'B', 4);
    expect(kept.get('a')).toBe('A');
    kept.put('c', 'C', 4);
    expect([kept.has('a'), kept.has('b'), kept.has('c')]).toEqual([true, false, true]);
    kept.put('d', 'D', 100);
    expect([kept.has('a'), kept.has('c'), kept.get('d')]).toEqual([false, false, 'D']);
    kept.put('e', 'E', 1);
    expect([kept.has('d'), kept.has('e')]).toEqual([false, true]);
  });
});
