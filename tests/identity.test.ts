/** The whole way of a place: stored film → engine → map → region → stored film, proved with a bright dot. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../src/backend/engine/engine.ts';
import { forkEngine } from '../src/backend/engine/start.ts';
import { openPackStore } from '../src/backend/files/packs.ts';
import { apply } from '../src/core/imaging/affine.ts';
import type { ImageHeader } from '../src/core/imaging/header.ts';
import { samplesOf, type Pixels } from '../src/core/imaging/pixels.ts';
import { regionOf } from '../src/core/imaging/region.ts';
import type { Saliency } from '../src/core/imaging/saliency.ts';
import { patientSideAt } from '../src/core/imaging/sides.ts';
import { frontalPoses, headerOf, pixelsOf, storedAs } from '../src/core/imaging/testdata/header.ts';
import { packsFolder } from './packCopy.ts';

let engine: Engine;
beforeAll(async () => {
  engine = createEngine({
    start: forkEngine,
    packs: await openPackStore([packsFolder]),
    choice: 'cpu',
    onChange: () => undefined,
  });
});
afterAll(() => engine.close());

const DARK = 200;
const BRIGHT = 3800;
const window12 = [{ center: 2048, width: 4096, explanation: '' }];

/** Relative places in the standard pose: patient's right apex, left base, near an edge, and one near the middle. */
const places = [
  [0.25, 0.3],
  [0.8, 0.7],
  [0.1, 0.9],
  [0.53, 0.5],
] as const;

interface Film {
  header: ImageHeader;
  pixels: Pixels;
  /** Centre of the dot in the stored frame, measured from the stored pixels. */
  dot: { x: number; y: number };
}

/** A dark film in the standard pose with one bright dot, stored as `orientation` says. */
function filmWithDot(
  columns: number,
  rows: number,
  [px, py]: readonly [number, number],
  orientation: readonly [string, string],
  changes: Partial<ImageHeader> = {},
  [dark, bright] = [DARK, BRIGHT],
): Film {
  const radius = Math.max(columns, rows) / 60;
  const inDot = (x: number, y: number) => Math.hypot(x + 0.5 - px * columns, y + 0.5 - py * rows) <= radius;
  const stored = storedAs(orientation, columns, rows, (x, y) => (inDot(x, y) ? bright : dark));
  const pixels = pixelsOf(stored.columns, stored.rows, 'u16', stored.value);
  const header = headerOf({
    columns: stored.columns,
    rows: stored.rows,
    patientOrientation: [...orientation],
    windows: window12,
    ...changes,
  });
  return { header, pixels, dot: centreOf(pixels, bright) };
}

function centreOf({ data, columns }: Pixels, bright: number): { x: number; y: number } {
  let [x, y, count] = [0, 0, 0];
  data.forEach((value, i) => {
    if (value !== bright) return;
    x += (i % columns) + 0.5;
    y += Math.floor(i / columns) + 0.5;
    count++;
  });
  return { x: x / count, y: y / count };
}

/** Centre of what rises above the film's background, in cells of the map. */
function centreOfMap(map: Saliency): { x: number; y: number } {
  const values = samplesOf('f32', map.bytes);
  const film = Float32Array.from(values.filter((value) => value > 0)).sort(); // padding is 0
  const background = film[film.length >> 1] ?? 0;
  let [x, y, sum] = [0, 0, 0];
  values.forEach((value, i) => {
    const weight = Math.max(0, value - background - 0.02); // rounding of the background
    x += weight * ((i % map.columns) + 0.5);
    y += weight * (Math.floor(i / map.columns) + 0.5);
    sum += weight;
  });
  return { x: x / sum, y: y / sum };
}

/** Everything that must hold of a film with one dot; half a cell is allowed, a quarter for the map's own centre. */
async function proveTheWay({ header, pixels, dot }: Film): Promise<void> {
  const { maps } = await engine.analyse({ pack: 'identity', header, pixels });
  const [map] = maps;
  if (!map) throw new Error('expected one map');
  const { a, b, c, d } = map.toImage;
  const half = { x: (Math.abs(a) + Math.abs(c)) / 2, y: (Math.abs(b) + Math.abs(d)) / 2 };
  const near = (what: string, found: { x: number; y: number }, share = 1) => {
    expect(Math.abs(found.x - dot.x), `${what}: columns`).toBeLessThanOrEqual(half.x * share);
    expect(Math.abs(found.y - dot.y), `${what}: rows`).toBeLessThanOrEqual(half.y * share);
  };

  const seen = centreOfMap(map);
  near('saliency', apply(map.toImage, seen), 0.5);

  const region = regionOf(map, header, 0.6);
  if (!region) throw new Error('expected a region');
  expect(region.polygons).toHaveLength(1);
  const { box } = region;
  near('box', { x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const ring = region.polygons[0] ?? [];
  const mean = (axis: 'x' | 'y') => ring.reduce((sum, point) => sum + point[axis], 0) / ring.length;
  near('contour', { x: mean('x'), y: mean('y') });

  // The model saw the standard pose: what lies on the patient's right lies left of the middle of its input.
  const { side } = patientSideAt(header, dot.x, dot.y);
  expect(['left', 'right']).toContain(side);
  expect(side).toBe(seen.x < map.columns / 2 ? 'right' : 'left');
}

describe('1 a bright dot lands where it was', () => {
  test.each(frontalPoses)('1.1 stored as %s\\%s', async (row, column) => {
    for (const place of places) await proveTheWay(filmWithDot(640, 760, place, [row, column]));
  });

  test.each([
    ['wide', 900, 500],
    ['tall', 420, 990],
    ['square', 600, 600],
    ['very wide', 1200, 240],
    ['smaller than the model input', 190, 230],
  ])('1.2 %s', async (_, columns, rows) => {
    for (const place of places) await proveTheWay(filmWithDot(columns, rows, place, ['L', 'F']));
  });

  test.each<[string, Partial<ImageHeader>]>([
    ['spacing', { pixelSpacing: [0.3, 0.15] }],
    ['the imager’s spacing', { imagerPixelSpacing: [0.1, 0.25] }],
    ['aspect ratio', { pixelAspectRatio: [1, 2] }],
  ])('1.3 pixels that are not square by %s, upright and turned', async (_, spacing) => {
    for (const orientation of [frontalPoses[0], frontalPoses[5]])
      for (const place of places) await proveTheWay(filmWithDot(640, 760, place, orientation, spacing));
  });

  test('1.4 in MONOCHROME1, where the dot is stored dark', async () => {
    const film = filmWithDot(640, 760, places[0], ['R', 'F'], { photometric: 'MONOCHROME1' }, [3800, 200]);
    await proveTheWay(film);
  });

  test('1.5 without orientation the standard pose is taken', async () => {
    for (const place of places)
      await proveTheWay(filmWithDot(640, 760, place, ['L', 'F'], { patientOrientation: null }));
  });
});

describe('2 the same film', () => {
  test('2.1 reads the same in all eight orientations', async () => {
    const logits: number[] = [];
    for (const orientation of frontalPoses) {
      const { header, pixels } = filmWithDot(640, 760, places[0], orientation);
      logits.push((await engine.analyse({ pack: 'identity', header, pixels })).logits[0] ?? Number.NaN);
    }
    for (const logit of logits) expect(logit).toBeCloseTo(logits[0] ?? Number.NaN, 5);
  });
});
