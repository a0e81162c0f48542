/** A large frame is on screen before all of it is here, and looks the same when it is. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBench, type Bench } from './browser.ts';
import { open, settled, shows } from './drive.ts';
import type { ImageSpec, StudySpec } from './page/lab.ts';

let bench: Bench;
let page: Page;

beforeAll(async () => {
  bench = await openBench();
  ({ page } = await bench.page({ width: 700, height: 560 }));
});
afterAll(() => bench.close());

const film = (more: Partial<ImageSpec> = {}): ImageSpec => ({
  header: { rows: 2400, columns: 2000 },
  kind: 'u16',
  levels: 4096,
  min: 0,
  max: 4095,
  ...more,
});
const study = (id: string, ...images: ImageSpec[]): StudySpec => ({
  id,
  series: [{ modality: 'DX', description: '', images }],
});
const isPreview = () => page.evaluate(() => window.lab.viewer.shown?.image.isPreview);
/** The canvas without what is written over it: its size, a hash of its pixels, how many grey levels. */
const drawn = () =>
  page.evaluate(async () => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas.cornerstone-canvas');
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    if (!canvas || !data) throw new Error('nothing is drawn');
    let hash = 0;
    for (const value of data) hash = (Math.imul(hash, 31) + value) | 0;
    return { width: canvas.width, height: canvas.height, hash, greys: new Set(data).size };
  });
const whole = () => page.waitForSelector('.area[aria-busy="false"]');

describe('1 the preview', () => {
  test('1.1 is drawn while the frame is on its way, and the frame is drawn exactly alike', async () => {
    await open(page, study('1.9.1', film({ delay: 4000 })));
    expect(await isPreview()).toBe(true);
    const early = await drawn();
    await whole();
    await settled(page);
    expect(await isPreview()).toBe(false);
    expect(await drawn()).toEqual(early);
    expect(early.greys).toBeGreaterThan(20); // a picture, not an empty canvas twice
  });

  test('1.2 one to one, the frame brings what the preview could not show', async () => {
    await open(page, study('1.9.2', film({ delay: 4000 })));
    await page.keyboard.press('o');
    await settled(page);
    const early = await drawn();
    await whole();
    await settled(page);
    expect(await drawn()).not.toEqual(early);
  });

  test('1.3 a frame that then fails leaves no picture behind, and can be tried again', async () => {
    await open(page, study('1.9.3', film({ delay: 300, failures: 1 })));
    await page.getByRole('alert').waitFor();
    expect(await page.evaluate(() => window.lab.viewer.shown)).toBeNull();
    await page.getByRole('button', { name: 'Try again' }).click();
    await shows(page, 'raddraft:1.9.3.0.0/0');
    await whole();
    expect(await isPreview()).toBe(false);
  });

  test('1.4 whoever leaves a preview and comes back gets the whole frame', async () => {
    await open(page, study('1.9.4', film({ delay: 1200 }), film({ delay: 1200 })));
    await page.keyboard.press('ArrowDown');
    await shows(page, 'raddraft:1.9.4.0.1/0');
    await page.keyboard.press('ArrowUp');
    await shows(page, 'raddraft:1.9.4.0.0/0');
    await whole();
    expect(await isPreview()).toBe(false);
    expect(await page.evaluate(() => window.lab.viewer.shown?.place.index)).toBe(0);
  });
});
