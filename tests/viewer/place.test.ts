/** What lies on the image stays on it: heat map, contour and box against a bright dot, measured on the screen's pixels. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analysis } from '#core/findings/findings.ts';
import { AnalysisId, InstanceId, LabelId } from '#core/study/ids.ts';
import { affineOf } from '../../src/renderer/viewer/view.ts';
import { openBench, type Bench } from './browser.ts';
import { middle, open, seen, settled, shows } from './drive.ts';

const label = LabelId.parse('dot');
const isAccent = (red: number, green: number, blue: number) => (blue - red > 45 && green - red > 35 ? 1 : 0);
/** The accent's share of a pixel: an edge of 1.5 px covers its pixels in part, and unevenly from side to side. */
const accent = (red: number, _green: number, blue: number) => Math.max(0, blue - red - 4);
const isBright = (red: number) => (red > 60 ? red : 0);

interface Film {
  columns: number;
  rows: number;
  dot: { x: number; y: number };
  spacing: [number, number] | null;
}

const films: Film[] = [
  { columns: 320, rows: 240, dot: { x: 201, y: 77 }, spacing: null },
  { columns: 300, rows: 400, dot: { x: 90, y: 250 }, spacing: [0.3, 0.2] },
  { columns: 700, rows: 250, dot: { x: 420, y: 101 }, spacing: [0.2, 0.5] },
];

/** A repeatable sequence: the same combinations in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

let bench: Bench;
let studies = 0;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

function analysisOf(instance: string, { x, y }: Film['dot'], reach: number): Analysis {
  const [left, top, right, bottom] = [x - reach, y - reach, x + reach, y + reach];
  return {
    id: AnalysisId.parse(`a-${instance}`),
    instance: InstanceId.parse(instance),
    frame: 0,
    pack: { id: 'identity', version: '1.0.0', sha256: '', use: 'test' },
    gate: { accepted: true, reason: null, message: '', caveats: [] },
    anatomy: null,
    findings: [
      {
        label,
        name: 'Dot',
        probability: 0.9,
        threshold: 0.5,
        positive: true,
        region: {
          polygons: [
            [
              { x: left, y: top },
              { x: right, y: top },
              { x: right, y: bottom },
              { x: left, y: bottom },
            ],
          ],
          box: { x: left, y: top, width: 2 * reach, height: 2 * reach },
        },
      },
    ],
    engine: { provider: 'cpu', nodes: {}, fallback: '', runtime: '' },
    timings: {},
    createdAt: 0,
  };
}

/** Opens a black film with one bright dot of 6 × 6 pixels, a contour and a box of ±18 around it, and heat on it. */
async function openFilm(page: Page, film: Film): Promise<string> {
  studies += 1;
  const id = `1.3.${studies}`;
  const { columns, rows, dot } = film;
  const values = new Array<number>(columns * rows).fill(0);
  for (let y = dot.y - 3; y < dot.y + 3; y += 1)
    for (let x = dot.x - 3; x < dot.x + 3; x += 1) values[y * columns + x] = 255;
  await open(page, {
    id,
    series: [
      {
        modality: 'CT',
        description: '',
        images: [
          {
            header: { columns, rows, bitsStored: 8, pixelSpacing: film.spacing, patientOrientation: null },
            kind: 'u8',
            values,
            min: 0,
            max: 255,
          },
        ],
      },
    ],
  });
  // cells of 20 × 20 pixels; the dot is the middle of the hot one
  const cells = { rows: 9, columns: 9 };
  const heat = Array.from({ length: 81 }, (_, at) => (at === 40 ? 1 : 0));
  await page.evaluate(
    ([analysis, grid, toImage]) => {
      window.lab.saliency = { ...grid, toImage };
      window.lab.analyse(analysis);
    },
    [
      analysisOf(`${id}.0.0`, dot, 18),
      { ...cells, values: heat },
      [20, 0, 0, 20, dot.x - 90, dot.y - 90] as [number, number, number, number, number, number],
    ] as const,
  );
  return id;
}

/** Takes away what has the colours of the marks and is none: names and text. */
const bare = (page: Page) =>
  page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('.tag { visibility: hidden }');
    document.adoptedStyleSheets = [sheet];
    if (!window.lab.viewer.textHidden) window.lab.viewer.toggleText();
  });

/** Where dot, contour, box and heat lie on the screen, in device pixels of the image's area. */
async function places(page: Page) {
  const set = (aiHidden: boolean, selected: string | null) =>
    page.evaluate(
      ([hidden, name]) => {
        window.lab.viewer.setAiHidden(hidden);
        window.lab.select(name);
      },
      [aiHidden, selected] as const,
    );
  await set(true, null);
  await settled(page);
  const dot = middle(await seen(page), isBright);
  await set(false, null);
  await settled(page);
  const contour = middle(await seen(page), accent);
  await set(false, 'dot');
  await page.waitForSelector('.legend');
  await settled(page);
  const drawn = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas.layers');
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    const rect = document.querySelector('rect.box')?.getBoundingClientRect();
    const area = document.querySelector('.area')?.getBoundingClientRect();
    if (!canvas || !data || !rect || !area) throw new Error('expected the layers and the box');
    let [sum, x, y] = [0, 0, 0];
    for (let at = 3; at < data.length; at += 4) {
      const weight = data[at];
      const pixel = (at - 3) / 4;
      sum += weight;
      x += weight * ((pixel % canvas.width) + 0.5);
      y += weight * (Math.floor(pixel / canvas.width) + 0.5);
    }
    const ratio = window.devicePixelRatio;
    return {
      heat: { x: x / sum, y: y / sum },
      box: {
        x: (rect.left + rect.width / 2 - area.left) * ratio,
        y: (rect.top + rect.height / 2 - area.top) * ratio,
      },
    };
  });
  return { dot, contour, ...drawn };
}

const apart = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.hypot(a.x - b.x, a.y - b.y);

async function expectTogether(page: Page, what: string): Promise<void> {
  const { dot, contour, heat, box } = await places(page);
  expect(apart(dot, contour), `contour, ${what}`).toBeLessThanOrEqual(1);
  expect(apart(dot, box), `box, ${what}`).toBeLessThanOrEqual(1);
  expect(apart(dot, heat), `heat, ${what}`).toBeLessThanOrEqual(1);
}

/** Brings the dot to the middle of the canvas, give or take, so that zooming keeps all of its heat in sight. */
async function centre(page: Page, { dot }: Film): Promise<void> {
  await page.evaluate(({ x, y }) => {
    const { viewer } = window.lab;
    const affine = viewer.drawn?.affine;
    if (!affine) throw new Error('nothing is drawn');
    viewer.pan({
      x: viewer.canvas.width / 2 - (affine.a * x + affine.c * y + affine.e),
      y: viewer.canvas.height / 2 - (affine.b * x + affine.d * y + affine.f),
    });
  }, dot);
}

describe('2 marks on the image', () => {
  for (const [at, film] of films.entries())
    test(`2.${at + 1} within one displayed pixel under eight combinations (${film.columns} × ${film.rows}, ${film.spacing ? 'pixels not square' : 'square pixels'})`, async () => {
      const { page, complaints } = await bench.page({ width: 760, height: 560, ratio: at === 1 ? 2 : 1 });
      const next = numbers(at + 1);
      const pick = <T>(choices: readonly T[]): T => choices[Math.floor(next() * choices.length)];
      await openFilm(page, film);
      await bare(page);
      await expectTogether(page, 'as opened');
      for (let combination = 0; combination < 8; combination += 1) {
        const done: string[] = [];
        const press = async (key: string) => {
          done.push(key);
          await page.keyboard.press(key);
        };
        await press('0');
        const size = { width: 600 + Math.round(next() * 300), height: 480 + Math.round(next() * 160) };
        await page.setViewportSize(size);
        done.push(`${size.width}×${size.height}`);
        for (let turn = Math.floor(next() * 4); turn > 0; turn -= 1) await press(pick(['r', 'Shift+R']));
        if (next() < 0.5) await press('h');
        if (next() < 0.5) await press('v');
        await settled(page);
        const factor = 0.5 + next() * 1.2;
        await page.evaluate((by) => window.lab.viewer.zoom(by, { x: 120, y: 200 }), factor);
        await settled(page);
        await centre(page, film);
        const by = { x: Math.round(next() * 80 - 40) + next(), y: Math.round(next() * 60 - 30) + next() };
        await page.evaluate((offset) => window.lab.viewer.pan(offset), by);
        if (next() < 0.3) await press('h');
        await settled(page);
        await expectTogether(
          page,
          `${done.join(' ')} zoom ${factor.toFixed(2)} pan ${by.x.toFixed(1)},${by.y.toFixed(1)}`,
        );
      }
      expect(complaints).toEqual([]);
      await page.close();
    }, 120_000);

  test('2.4 our geometry and cornerstone’s transform are one map', async () => {
    const { page } = await bench.page({ ratio: 2 });
    const film = { columns: 500, rows: 300, dot: { x: 100, y: 100 }, spacing: [0.4, 0.25] as [number, number] };
    await openFilm(page, film);
    for (const keys of ['', 'r', 'rh', 'rrv', 'Rhv', 'r++', 'rhoo', 'R---', 'hv+']) {
      await page.keyboard.press('0');
      for (const key of keys) await page.keyboard.press(key === 'R' ? 'Shift+R' : key);
      await page.keyboard.press('Shift+ArrowLeft');
      await settled(page);
      const { view, canvas, affine } = await page.evaluate(() => {
        const { viewer } = window.lab;
        return { view: viewer.view, canvas: viewer.canvas, affine: viewer.drawn?.affine };
      });
      const ours = affineOf(view, { columns: 500, rows: 300, pixelWidth: 1, pixelHeight: 1.6 }, canvas);
      for (const part of ['a', 'b', 'c', 'd', 'e', 'f'] as const)
        expect(affine?.[part], `${keys} ${part}`).toBeCloseTo(ours[part], 6);
    }
    await page.close();
  });

  test('2.5 a pixel that is taller than wide is shown so', async () => {
    const { page } = await bench.page({ width: 800, height: 600 });
    await openFilm(page, { columns: 100, rows: 100, dot: { x: 50, y: 50 }, spacing: [0.6, 0.2] });
    const affine = await page.evaluate(() => window.lab.viewer.drawn?.affine);
    expect((affine?.d ?? 0) / (affine?.a ?? 1)).toBeCloseTo(3, 9);
    await page.keyboard.press('r');
    await settled(page);
    const turned = await page.evaluate(() => window.lab.viewer.drawn?.affine);
    expect(Math.abs((turned?.c ?? 0) / (turned?.b ?? 1))).toBeCloseTo(3, 9);
    const fits = await page.evaluate(
      () => window.lab.viewer.canvas.width / (100 * Math.abs(window.lab.viewer.drawn?.affine.c ?? 0)),
    );
    expect(fits).toBeGreaterThanOrEqual(1 - 1e-9); // cornerstone's own fit forgets the turn of a pixel that is not square
    await page.close();
  });

  test('2.6 one key hides everything that is AI, and brings it back', async () => {
    const { page } = await bench.page({ width: 800, height: 600 });
    await openFilm(page, films[0]);
    await page.evaluate(() => window.lab.select('dot'));
    await page.waitForSelector('.legend');
    await settled(page);
    const accents = async () =>
      (await seen(page)).data.filter(
        (_, at, data) => at % 4 === 0 && isAccent(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0),
      ).length;
    const heated = () =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('canvas.layers');
        return canvas
          ?.getContext('2d')
          ?.getImageData(0, 0, canvas.width, canvas.height)
          .data.some((value) => value > 0);
      });
    const parts = () => page.locator('.mark, .tag, .legend').count();
    expect(await accents()).toBeGreaterThan(50);
    expect(await heated()).toBe(true);
    expect(await parts()).toBe(3);
    await page.keyboard.press('a');
    await settled(page);
    expect(await accents()).toBe(0);
    expect(await heated()).toBe(false);
    expect(await parts()).toBe(0);
    expect(await page.locator('.corner').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('AI hidden')]),
    );
    await page.keyboard.press('a');
    await page.waitForSelector('.legend');
    await settled(page);
    expect(await parts()).toBe(3);
    expect(await heated()).toBe(true);
    await page.close();
  });

  test('2.7 a click in a region selects its finding, one beside it clears, a drag does neither', async () => {
    const { page } = await bench.page({ width: 800, height: 600 });
    await openFilm(page, films[0]);
    const at = await page.evaluate(({ x, y }) => {
      const affine = window.lab.viewer.drawn?.affine;
      const box = document.querySelector('.area')?.getBoundingClientRect();
      if (!affine || !box) throw new Error('nothing is drawn');
      return { x: box.left + affine.a * x + affine.e, y: box.top + affine.d * y + affine.f };
    }, films[0].dot);
    await page.mouse.click(at.x + 15, at.y - 15);
    await page.waitForSelector('.mark.selected');
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    await page.mouse.move(at.x + 30, at.y + 5, { steps: 3 });
    await page.mouse.up();
    await page.mouse.click(at.x + 120, at.y + 120);
    await page.waitForSelector('.mark:not(.selected)');
    expect(await page.evaluate(() => window.lab.selections)).toEqual(['dot', null]);
    await page.locator('.tag').focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => window.lab.selections.at(-1))).toBe('dot');
    await page.close();
  });

  test('2.8 marks of one film never lie on another', async () => {
    const { page } = await bench.page({ width: 800, height: 600 });
    await open(page, {
      id: '1.9.1',
      series: [
        {
          modality: 'DX',
          description: 'PA',
          images: [{ header: { rows: 50, columns: 50 }, kind: 'u16', value: 9, min: 0, max: 9 }],
        },
        {
          modality: 'DX',
          description: 'Lateral',
          images: [{ header: { rows: 50, columns: 50, viewPosition: 'LL' }, kind: 'u16', value: 9, min: 0, max: 9 }],
        },
      ],
    });
    await page.evaluate((analysis) => window.lab.analyse(analysis), analysisOf('1.9.1.0.0', { x: 25, y: 25 }, 8));
    await page.waitForSelector('.mark');
    await page.keyboard.press('PageDown');
    await shows(page, 'raddraft:1.9.1.1.0/0');
    expect(await page.locator('.mark, .tag').count()).toBe(0);
    await page.getByRole('button', { name: 'AI read another image' }).click();
    await shows(page, 'raddraft:1.9.1.0.0/0');
    expect(await page.locator('.mark').count()).toBe(1);
    await page.close();
  });

  test('2.9 overlays of the file and a shutter lie where the file says', async () => {
    const { page } = await bench.page({ width: 800, height: 600 });
    const bits = new Uint8Array(Math.ceil((40 * 30) / 8)).fill(255);
    const data = Array.from(bits);
    await page.evaluate((plane) => {
      const overlay = {
        group: 0x6000,
        rows: 30,
        columns: 40,
        originRow: 11,
        originColumn: 21,
        type: 'G',
        label: '',
        bits: new Uint8Array(plane),
      };
      const shutter = { shape: 'RECTANGULAR' as const, left: 1, right: 150, upper: 6, lower: 100 };
      window.lab.open({
        id: '1.9.2',
        series: [
          {
            modality: 'DX',
            description: '',
            images: [
              {
                header: { rows: 100, columns: 200, bitsStored: 8, overlays: [overlay], shutters: [shutter] },
                kind: 'u8',
                value: 255,
                min: 0,
                max: 255,
              },
            ],
          },
        ],
      });
    }, data);
    await shows(page, 'raddraft:1.9.2.0.0/0');
    await page.keyboard.press('o');
    await settled(page);
    const found = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas.layers');
      const affine = window.lab.viewer.drawn?.affine;
      const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      if (!canvas || !affine || !data) throw new Error('nothing is drawn');
      const extent = (is: (at: number) => boolean) => {
        const hits = Array.from({ length: 200 * 100 }, (_, at) => ({ x: at % 200, y: Math.floor(at / 200) })).filter(
          ({ x, y }) => is(4 * ((y + affine.f) * canvas.width + x + affine.e)),
        );
        const xs = hits.map(({ x }) => x);
        const ys = hits.map(({ y }) => y);
        return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
      };
      return {
        overlay: extent((at) => (data[at] ?? 0) > 200 && (data[at + 3] ?? 0) > 0),
        open: extent((at) => !((data[at] ?? 0) === 0 && (data[at + 3] ?? 0) === 255)),
      };
    });
    expect(found).toEqual({ overlay: [20, 10, 59, 39], open: [0, 5, 149, 99] });
    await page.close();
  });
});
