import { describe, expect, test } from 'vitest';
import { identity, scale } from '../imaging/affine.ts';
import type { Region } from '../imaging/saliency.ts';
import { headerOf } from '../imaging/testdata/header.ts';
import { gridOf } from '../measure/masks.ts';
import { chestMasks, ellipseGrid } from '../measure/testdata.ts';
import type { PackPlace } from '../pack/pack.ts';
import { mayBeNamed, namedPlaceOf } from './namedPlace.ts';

const proved = { value: 0.97, low: 0.93, high: 0.99 };
const almost = { value: 0.95, low: 0.8999, high: 1 };
const entry = (change: Partial<PackPlace> = {}): PackPlace => ({
  finding: 'lung-opacity',
  by: 'lung-opacity',
  beside: null,
  films: 100,
  side: proved,
  zones: proved,
  extent: null,
  ...change,
});
const header = headerOf({ columns: 112, rows: 112, patientOrientation: ['L', 'F'] });
/** Of the left lung, lower zone. */
const opacity = gridOf(ellipseGrid(112, 112, [{ x: 80, y: 80, width: 16, height: 16 }]), 112, 112, 112, 112, identity);
/** Of the right lung, upper zone. */
const region: Region = {
  polygons: [
    [
      { x: 26, y: 24 },
      { x: 38, y: 24 },
      { x: 38, y: 36 },
      { x: 26, y: 36 },
    ],
  ],
  box: { x: 26, y: 24, width: 12, height: 12 },
};

function named(places: { findings?: PackPlace[]; anatomy?: PackPlace[] }, label = 'lung-opacity') {
  const masks = chestMasks({}, scale(1, 1));
  masks.set('lung-opacity', opacity);
  return namedPlaceOf({ label, region }, masks, header, {
    findings: { id: 'f', version: '1.0.0', places: places.findings ?? [] },
    anatomy: { id: 'a', version: '2.0.0', places: places.anatomy ?? [] },
  });
}
const beside = { id: 'a', version: '2.0.0' };

describe('1 when a place may be named', () => {
  test('1.1 a share of right sides with a lower bound of 90 %', () => {
    expect(mayBeNamed(null)).toBe(false);
    expect(mayBeNamed(almost)).toBe(false);
    expect(mayBeNamed({ value: 0.95, low: 0.9, high: 1 })).toBe(true);
  });

  test('1.2 nothing where nobody measured it, it was not good enough, or it was another finding', () => {
    expect(named({})).toBeNull();
    expect(named({ anatomy: [entry({ side: almost })] })).toBeNull();
    expect(named({ anatomy: [entry()] }, 'effusion')).toBeNull();
  });

  test('1.3 a map only beside the very anatomy pack that it was measured with, a mask only of its own pack', () => {
    expect(named({ findings: [entry({ by: 'saliency', beside })] })?.side).toBe('right');
    expect(named({ findings: [entry({ by: 'saliency', beside: { id: 'a', version: '2.0.1' } })] })).toBeNull();
    expect(named({ findings: [entry({ by: 'saliency' })] })).toBeNull();
    expect(named({ findings: [entry()] })).toBeNull();
    expect(named({ anatomy: [entry({ by: 'saliency', beside })] })).toBeNull();
  });

  test('1.4 no place without an anatomy pack', () => {
    const packs = { findings: { id: 'f', version: '1.0.0', places: [entry({ by: 'saliency' })] }, anatomy: null };
    expect(namedPlaceOf({ label: 'lung-opacity', region }, new Map(), header, packs)).toBeNull();
  });
});

describe('2 what of it', () => {
  test('2.1 the mask’s place with the mask’s region; the more certain of two', () => {
    const found = named({
      anatomy: [entry()],
      findings: [entry({ by: 'saliency', beside, side: { ...proved, low: 0.92 } })],
    });
    expect(found).toMatchObject({ by: 'mask', side: 'left', zones: ['lower'], extent: null });
    expect(found?.region.box.x).toBeGreaterThan(70);
    const other = named({
      anatomy: [entry()],
      findings: [entry({ by: 'saliency', beside, side: { ...proved, low: 0.94 } })],
    });
    expect(other).toMatchObject({ by: 'saliency', side: 'right', zones: ['upper'], region });
  });

  test('2.2 no zone and no depth where zones fell short', () => {
    expect(named({ anatomy: [entry({ zones: almost })] })).toMatchObject({ side: 'left', zones: [], depth: null });
  });

  test('2.3 an extent with its error where 95 of 100 films are off by a tenth of the lungs at most', () => {
    const extent = (p95Error: number) =>
      named({ anatomy: [entry({ extent: { meanError: 0.04, p95Error, films: 84 } })] });
    expect(extent(0.101)).toMatchObject({ extent: null, extentError: null });
    expect(extent(0.1)?.extentError).toEqual({ mean: 0.04, p95: 0.1 });
    expect(extent(0.1)?.extent).toBeCloseTo((8 * 8) / (2 * 18 * 40), 2);
  });
});
