/** The whole way of a mask: stored film → engine → grid → outline → stored film, proved with a bright disc. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../src/backend/engine/engine.ts';
import { forkEngine } from '../src/backend/engine/start.ts';
import { openPackStore } from '../src/backend/files/packs.ts';
import type { ImageHeader } from '../src/core/imaging/header.ts';
import { samplesOf } from '../src/core/imaging/pixels.ts';
import { area } from '../src/core/imaging/region.ts';
import { frontalPoses, headerOf, pixelsOf, storedAs } from '../src/core/imaging/testdata/header.ts';
import { outlineOf } from '../src/core/measure/masks.ts';
import type { Pack } from '../src/core/pack/pack.ts';
import { copyIdentity, type PackCopy } from './packCopy.ts';

/** The identity pack as one that draws: its pooled input is the mask. Golden cells: dark film, the padding above it. */
const drawing = (pack: Pack): Pack => ({
  ...pack,
  task: 'anatomy',
  graph: { ...pack.graph, logits: '', cam: '', masks: 'cam' },
  labels: [],
  masks: [{ id: 'cardiomediastinum', name: 'Disc', dice: { value: 1, low: 1, high: 1 }, films: 0 }],
  golden: pack.golden.slice(0, 1).map((golden) => ({
    ...golden,
    logits: [],
    samples: [
      [0, 20, 20, 26 / 255],
      [0, 0, 20, 0],
    ],
  })),
});

let copy: PackCopy;
let engine: Engine;
async function engineWith(change: (pack: Pack) => Pack) {
  await copy.describe(change);
  const packs = await openPackStore([copy.parent]);
  return createEngine({ start: forkEngine, packs, choice: 'cpu', onChange: () => undefined });
}
beforeAll(async () => {
  copy = await copyIdentity();
  engine = await engineWith(drawing);
});
afterAll(async () => {
  engine.close();
  await copy.remove();
});

/** Off the middle both ways, so that a wrong turn shows. */
const PLACE = { x: 0.32, y: 0.7, radius: 0.11 };

async function proveTheWay(
  columns: number,
  rows: number,
  orientation: readonly [string, string],
  changes: Partial<ImageHeader> = {},
  [dark, bright] = [200, 3900],
): Promise<void> {
  const radius = PLACE.radius * Math.min(columns, rows);
  const stored = storedAs(orientation, columns, rows, (x, y) =>
    Math.hypot(x + 0.5 - PLACE.x * columns, y + 0.5 - PLACE.y * rows) <= radius ? bright : dark,
  );
  const pixels = pixelsOf(stored.columns, stored.rows, 'u16', stored.value);
  let [x, y, count] = [0, 0, 0];
  pixels.data.forEach((value, i) => {
    if (value !== bright) return;
    x += (i % pixels.columns) + 0.5;
    y += Math.floor(i / pixels.columns) + 0.5;
    count++;
  });
  const header = headerOf({
    columns: stored.columns,
    rows: stored.rows,
    patientOrientation: [...orientation],
    windows: [{ center: 2048, width: 4096, explanation: '' }],
    ...changes,
  });
  const { logits, maps } = await engine.analyse({ pack: 'identity', header, pixels });
  expect(logits).toEqual([]);
  const [mask] = maps;
  const region = mask && outlineOf(mask);
  if (!region) throw new Error('expected an outline');
  const { a, b, c, d } = mask.toImage;
  const half = { x: (Math.abs(a) + Math.abs(c)) / 2, y: (Math.abs(b) + Math.abs(d)) / 2 };
  const { box } = region;
  expect(Math.abs(box.x + box.width / 2 - x / count)).toBeLessThan(half.x);
  expect(Math.abs(box.y + box.height / 2 - y / count)).toBeLessThan(half.y);
  expect(Math.abs(area(region.polygons[0] ?? [])) / count).toBeCloseTo(1, 0);
  // Every point of the outline lies within a cell of the disc's edge.
  const [rx, ry] = [box.width / 2, box.height / 2];
  for (const point of region.polygons[0] ?? [])
    expect(Math.abs(Math.hypot((point.x - x / count) / rx, (point.y - y / count) / ry) - 1) * rx).toBeLessThan(
      2 * half.x,
    );
}

describe('1 a mask lands where it was', () => {
  test.each(frontalPoses)('1.1 stored as %s\\%s', (row, column) => proveTheWay(640, 760, [row, column]));
  test.each([
    ['wide', 900, 500],
    ['tall', 420, 990],
    ['smaller than the model input', 190, 230],
  ])('1.2 %s', (_, columns, rows) => proveTheWay(columns, rows, ['L', 'F']));
  test.each<[string, Partial<ImageHeader>]>([
    ['spacing', { pixelSpacing: [0.3, 0.15] }],
    ['aspect ratio', { pixelAspectRatio: [1, 2] }],
  ])('1.3 pixels that are not square by %s, upright and turned', async (_, spacing) => {
    await proveTheWay(640, 760, ['L', 'F'], spacing);
    await proveTheWay(640, 760, frontalPoses[5] ?? ['L', 'F'], spacing);
  });
  test('1.4 in MONOCHROME1, and where the orientation is not given', async () => {
    await proveTheWay(640, 760, ['R', 'F'], { photometric: 'MONOCHROME1' }, [3900, 200]);
    await proveTheWay(640, 760, ['L', 'F'], { patientOrientation: null });
  });
});

describe('2 what the engine answers', () => {
  test('2.1 probabilities as they are: a dark film stays dark, nothing is scaled', async () => {
    const pixels = pixelsOf(64, 64, 'u16', () => 1024);
    const header = headerOf({ columns: 64, rows: 64, windows: [{ center: 2048, width: 4096, explanation: '' }] });
    const { maps } = await engine.analyse({ pack: 'identity', header, pixels });
    const values = samplesOf('f32', maps[0]?.bytes ?? new Uint8Array());
    expect(Math.max(...values)).toBeCloseTo(0.25, 2);
    expect(maps[0] && outlineOf(maps[0])).toBeNull();
  });

  test('2.2 golden cells that do not come out refuse the pack, and the mask is named', async () => {
    const wrong = await engineWith((pack) => {
      const right = drawing(pack);
      return { ...right, golden: right.golden.map((golden) => ({ ...golden, samples: [[0, 20, 20, 0.9]] })) };
    });
    const pixels = pixelsOf(64, 64, 'u16', () => 1024);
    await expect(
      wrong.analyse({ pack: 'identity', header: headerOf({ columns: 64, rows: 64 }), pixels }),
    ).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/cardiomediastinum at row 20, column 20/) as string,
    });
    wrong.close();
  });
});
