/** Rulers on the image: drawn with the mouse, they say what lies between two places of the film, however it is turned. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBench, type Bench } from './browser.ts';
import { open, settled } from './drive.ts';

let bench: Bench;
let page: Page;
let complaints: string[];
let studies = 0;
beforeAll(async () => {
  bench = await openBench();
  ({ page, complaints } = await bench.page({ ratio: 1.5 }));
});
afterAll(() => bench.close());

interface Place {
  x: number;
  y: number;
}

/** Two images of 400 × 300 pixels, of 0.5 × 0.25 mm at the detector. */
async function openFilm(spacing: [number, number] | null = [0.25, 0.5]): Promise<string> {
  const id = `1.9.${++studies}`;
  const header = { columns: 400, rows: 300, imagerPixelSpacing: spacing, modality: 'DX' };
  const image = { header, kind: 'u8', value: 40, min: 0, max: 255 } as const;
  await open(page, { id, series: [{ modality: 'DX', description: '', images: [image, image] }] });
  return id;
}

/** A place of the stored frame, in CSS pixels of the page. */
const onPage = (place: Place) =>
  page.evaluate(({ x, y }) => {
    const affine = window.lab.viewer.drawn?.affine;
    const box = document.querySelector('.area')?.getBoundingClientRect();
    if (!affine || !box) throw new Error('nothing is drawn');
    const { ratio } = window.lab.viewer.canvas;
    return {
      x: box.left + (affine.a * x + affine.c * y + affine.e) / ratio,
      y: box.top + (affine.b * x + affine.d * y + affine.f) / ratio,
    };
  }, place);

async function drag(from: Place, to: Place): Promise<void> {
  const [a, b] = [await onPage(from), await onPage(to)];
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2);
  await page.mouse.move(b.x, b.y);
  await page.mouse.up();
  await settled(page);
}
const tool = (name: 'length' | 'angle' | 'window') => page.evaluate((next) => window.lab.viewer.setTool(next), name);
const values = () => page.locator('.rulers .value').allTextContents();
const numbers = async () => (await values()).map((text) => Number.parseFloat(text));
const ends = () => page.locator('.rulers button');

describe('1 drawn with the mouse', () => {
  test('1.1 a length says mm at the detector, turned and mirrored and magnified too', async () => {
    await openFilm();
    await tool('length');
    await drag({ x: 100, y: 100 }, { x: 200, y: 100 });
    expect((await values())[0]).toMatch(/^\d+\.\d mm at detector$/);
    expect((await numbers())[0]).toBeCloseTo(50, 0);
    await page.evaluate(() => {
      window.lab.viewer.turn(1);
      window.lab.viewer.flip('h');
      window.lab.viewer.zoom(1.3);
    });
    await settled(page);
    await drag({ x: 300, y: 100 }, { x: 300, y: 200 });
    expect((await numbers())[0]).toBeCloseTo(50, 0);
    expect((await numbers())[1]).toBeCloseTo(25, 0);
  });

  test('1.2 without a spacing it says px', async () => {
    await openFilm(null);
    await tool('length');
    await drag({ x: 100, y: 100 }, { x: 220, y: 190 });
    expect(await values()).toEqual(['150 px']);
  });

  test('1.3 an angle takes a drag and a click', async () => {
    await openFilm(null);
    await tool('angle');
    await drag({ x: 200, y: 100 }, { x: 100, y: 100 });
    expect(await ends().count()).toBe(0); // not whole yet
    const third = await onPage({ x: 100, y: 200 });
    await page.mouse.move(third.x, third.y);
    await page.mouse.click(third.x, third.y);
    await settled(page);
    expect((await numbers())[0]).toBeCloseTo(90, 0);
    expect(await ends().count()).toBe(3);
  });

  test('1.4 a drag with another tool draws nothing, and a click none either', async () => {
    await openFilm();
    await tool('window');
    await drag({ x: 100, y: 100 }, { x: 200, y: 100 });
    await tool('length');
    const { x, y } = await onPage({ x: 50, y: 50 });
    await page.mouse.click(x, y);
    await settled(page);
    expect(await values()).toEqual([]);
  });
});

describe('2 its ends', () => {
  test('2.1 can be dragged, and moved with the arrow keys', async () => {
    await openFilm(null);
    await tool('length');
    await drag({ x: 100, y: 100 }, { x: 200, y: 100 });
    await drag({ x: 200, y: 100 }, { x: 250, y: 100 });
    expect((await numbers()).map(Math.round)).toEqual([150]);
    const before = (await page.evaluate(() => window.lab.viewer.rulers.of(window.lab.viewer.drawn?.imageId ?? '')))[0];
    await ends().nth(1).focus();
    await page.keyboard.press('Shift+ArrowRight');
    const after = (await page.evaluate(() => window.lab.viewer.rulers.of(window.lab.viewer.drawn?.imageId ?? '')))[0];
    const scale = await page.evaluate(() => window.lab.viewer.view.scale);
    expect((after?.points[1]?.x ?? 0) - (before?.points[1]?.x ?? 0)).toBeCloseTo(15 / scale, 3); // ten CSS pixels
    expect(after?.points[0]).toEqual(before?.points[0]);
  });

  test('2.2 say what they belong to; Delete takes the ruler away', async () => {
    await openFilm(null);
    await tool('length');
    await drag({ x: 100, y: 100 }, { x: 200, y: 100 });
    await drag({ x: 100, y: 200 }, { x: 300, y: 200 });
    expect(await ends().first().getAttribute('aria-label')).toMatch(/^Length \d+ px, point 1: /);
    await ends().first().focus();
    await page.keyboard.press('Delete');
    expect((await numbers()).map(Math.round)).toEqual([200]);
  });
});

describe('3 whose it is', () => {
  test('3.1 a ruler stays with its image, and goes with its study', async () => {
    const id = await openFilm(null);
    await tool('length');
    await drag({ x: 100, y: 100 }, { x: 200, y: 100 });
    await page.evaluate(() => window.lab.viewer.step(1));
    await page.waitForSelector(`.area[data-image="raddraft:${id}.0.1/0"]`);
    expect(await values()).toEqual([]);
    await page.evaluate(() => window.lab.viewer.step(-1));
    await page.waitForSelector(`.area[data-image="raddraft:${id}.0.0/0"]`);
    expect(await values()).toHaveLength(1);
    await openFilm(null);
    expect(await values()).toEqual([]);
  });

  test('3.2 an angle begun on one image is not ended on another', async () => {
    const id = await openFilm(null);
    await tool('angle');
    await drag({ x: 200, y: 100 }, { x: 100, y: 100 });
    await page.evaluate(() => window.lab.viewer.step(1));
    await page.waitForSelector(`.area[data-image="raddraft:${id}.0.1/0"]`);
    const { x, y } = await onPage({ x: 100, y: 200 });
    await page.mouse.click(x, y);
    await settled(page);
    expect(await values()).toEqual([]);
    await page.evaluate(() => window.lab.viewer.step(-1));
    await page.waitForSelector(`.area[data-image="raddraft:${id}.0.0/0"]`);
    expect(await values()).toEqual([]);
  });

  test('3.3 nothing was complained of', () => expect(complaints).toEqual([]));
});
