import { describe, expect, test } from 'vitest';
import type { Anatomy } from '#core/measure/measurement.ts';
import { anatomyMarks } from './anatomyMarks.ts';

const anatomy: Anatomy = {
  pack: { id: 'chest-anatomy', version: '0.1.0', sha256: '0', use: 'research' },
  masks: [
    {
      id: 'cardiomediastinum',
      name: 'Cardiomediastinum',
      region: {
        polygons: [
          [
            { x: 40, y: 50 },
            { x: 60, y: 50 },
            { x: 50, y: 80 },
          ],
        ],
        box: { x: 40, y: 50, width: 20, height: 30 },
      },
    },
  ],
  measurements: [
    {
      name: 'cardiothoracic-ratio',
      value: 0.516,
      unit: 'ratio',
      lines: [
        {
          name: 'Cardiomediastinum below the hila',
          from: { x: 40, y: 60 },
          to: { x: 60, y: 60 },
          guides: [{ from: { x: 40, y: 60 }, to: { x: 40, y: 50 } }],
          length: 20,
          unit: 'px',
        },
        {
          name: 'Widest inner width of the chest',
          from: { x: 10, y: 90 },
          to: { x: 90, y: 90 },
          guides: [],
          length: 80,
          unit: 'px',
        },
      ],
      error: { mean: 0.01, p95: 0.03, films: 90 },
      caveats: [],
    },
  ],
  note: '',
};
const twice = { a: 2, b: 0, c: 0, d: 2, e: 10, f: 0 };
const size = { width: 800, height: 600 };

describe('1 marks of anatomy', () => {
  test('1.1 the outline stays in the stored frame; lines go to the canvas, with a bar across each end', () => {
    const { outline, lines } = anatomyMarks(anatomy, twice, size, 1);
    expect(outline).toBe('M40,50L60,50L50,80Z');
    expect(lines.map(({ path }) => path)).toEqual([
      'M90,120L130,120M90,115L90,125M130,115L130,125',
      'M30,180L190,180M30,175L30,185M190,175L190,185',
    ]);
    expect(lines[0]?.guides).toBe('M90,120L90,100');
  });
  test('1.2 turned by 90°, the bars turn too', () => {
    const { lines } = anatomyMarks(anatomy, { a: 0, b: 1, c: -1, d: 0, e: 200, f: 0 }, size, 1);
    expect(lines[0]?.path).toBe('M140,40L140,60M145,40L135,40M145,60L135,60');
  });
  test('1.3 the tag says the ratio to two places and the use, below the chest’s line and inside the canvas', () => {
    const { tag } = anatomyMarks(anatomy, twice, size, 2);
    expect(tag?.text).toBe('Cardiothoracic ratio 0.52 · research use only');
    expect(tag?.detail).toContain('95 % of errors below 0.03');
    expect(tag?.at).toEqual({ x: 15, y: 98 });
    expect(anatomyMarks(anatomy, { ...twice, f: 1000, e: 1000 }, size, 1).tag?.at).toEqual({ x: 428, y: 564 });
  });
  test('1.4 nothing measured, nothing drawn', () => {
    expect(anatomyMarks({ ...anatomy, masks: [], measurements: [] }, twice, size, 1)).toEqual({
      outline: '',
      lines: [],
      tag: null,
    });
  });
});
