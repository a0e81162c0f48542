/** Going through images: in order, never a stale image under a new header, pixel on pixel, progress and errors said. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBench, type Bench } from './browser.ts';
import { open, readBack, seen, settled, shows } from './drive.ts';
import type { ImageSpec, StudySpec } from './page/lab.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** An image of one grey: `level` is what the screen must show. */
const plain = (level: number, more: Partial<ImageSpec> = {}): ImageSpec => ({
  header: { rows: 32, columns: 32, bitsStored: 8, bitsAllocated: 8 },
  kind: 'u8',
  value: level,
  min: 0,
  max: 255,
  ...more,
});
const stack = (id: string, images: ImageSpec[]): StudySpec => ({
  id,
  series: [{ modality: 'CT', description: 'Stack', images }],
});
/** Grey of image `index`: far enough apart to tell them. */
const levelOf = (index: number) => 20 + 8 * index;
const indexShown = (page: Page) => page.evaluate(() => window.lab.viewer.shown?.place.index ?? -1);

describe('3 the stack', () => {
  test('3.1 the wheel and the arrow keys go through it in order, and stop at its ends', async () => {
    const { page, complaints } = await bench.page({ width: 700, height: 600 });
    await open(
      page,
      stack(
        '1.4.1',
        Array.from({ length: 12 }, (_, at) => plain(levelOf(at))),
      ),
    );
    await page.mouse.move(350, 300);
    for (let at = 1; at < 12; at += 1) {
      await page.mouse.wheel(0, 100);
      await shows(page, `raddraft:1.4.1.0.${at}/0`);
      expect((await readBack(page, 1, 1))[0]).toBe(levelOf(at));
      expect(await page.locator('.corner.top.left').innerText()).toContain(`Image ${at + 1} / 12`);
    }
    await page.mouse.wheel(0, 100);
    await settled(page);
    expect(await indexShown(page)).toBe(11);
    for (let at = 10; at >= 8; at -= 1) {
      await page.keyboard.press('ArrowUp');
      await shows(page, `raddraft:1.4.1.0.${at}/0`);
    }
    await page.keyboard.press('ArrowDown');
    await shows(page, 'raddraft:1.4.1.0.9/0');
    await page.keyboard.press('Home');
    await shows(page, 'raddraft:1.4.1.0.0/0');
    await page.keyboard.press('ArrowUp');
    await settled(page);
    expect(await indexShown(page)).toBe(0);
    await page.keyboard.press('End');
    await shows(page, 'raddraft:1.4.1.0.11/0');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('3.2 what the text says and what the canvas shows are one image in every single frame', async () => {
    const { page } = await bench.page({ width: 700, height: 600 });
    const delays = [0, 90, 10, 260, 40, 0, 180, 20, 330, 5];
    await page.evaluate(
      (spec) => window.lab.open(spec),
      stack(
        '1.4.2',
        delays.map((delay, at) => plain(levelOf(at), { delay })),
      ),
    );
    // every frame: the number in the corner, and the grey in the middle of the canvas where it is visible
    await page.evaluate(() => {
      const seenFrames: [number, number][] = [];
      Object.assign(window, { seenFrames });
      const look = () => {
        const text = document.querySelector('.corner.top.left')?.textContent ?? '';
        const canvas = document.querySelector<HTMLCanvasElement>('canvas.cornerstone-canvas');
        const isVisible = canvas && getComputedStyle(canvas).visibility === 'visible';
        const data = canvas?.getContext('2d')?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
        if (isVisible && data?.[3] === 255) seenFrames.push([Number(/Image (\d+)/.exec(text)?.[1]) - 1, data[0] ?? 0]);
        requestAnimationFrame(look);
      };
      // registered after cornerstone's own callback, so it looks at what is about to be shown
      requestAnimationFrame(look);
    });
    for (const key of [
      'ArrowDown',
      'ArrowDown',
      'ArrowDown',
      'End',
      'ArrowUp',
      'ArrowUp',
      'Home',
      'ArrowDown',
      'End',
    ]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(60);
    }
    await shows(page, 'raddraft:1.4.2.0.9/0');
    await page.waitForFunction(() => (window as unknown as { seenFrames: unknown[] }).seenFrames.length > 10);
    const frames = await page.evaluate(() => (window as unknown as { seenFrames: [number, number][] }).seenFrames);
    expect(new Set(frames.map(([index]) => index)).size).toBeGreaterThan(2);
    expect(frames.filter(([index, grey]) => grey !== levelOf(index))).toEqual([]);
    await page.close();
  });

  test('3.3 another study empties the canvas at once, and a late answer of the first never shows', async () => {
    const { page } = await bench.page({ width: 700, height: 600 });
    await open(page, stack('1.4.3', [plain(200), plain(210, { delay: 300 })]));
    await page.keyboard.press('ArrowDown');
    const isEmpty = await page.evaluate(
      async (spec) => {
        window.lab.open(spec);
        await Promise.resolve();
        await new Promise(requestAnimationFrame);
        return document.querySelector('.image.empty') !== null;
      },
      stack('1.4.4', [plain(50, { delay: 500 })]),
    );
    expect(isEmpty).toBe(true);
    await shows(page, 'raddraft:1.4.4.0.0/0');
    expect((await readBack(page, 1, 1))[0]).toBe(50);
    await page.close();
  });

  test('3.4 a slow image says its name and can be stopped; an error says what to do, and trying again works', async () => {
    const { page } = await bench.page({ width: 700, height: 600 });
    await open(page, stack('1.4.5', [plain(10), plain(20, { delay: 4000 })]));
    await page.keyboard.press('ArrowDown');
    await page.getByRole('status').waitFor();
    expect(await page.getByRole('status').innerText()).toContain('Loading CT PA, image 2 of 2');
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('Loading was stopped');
    await open(
      page,
      stack('1.4.6', [plain(30), ...Array.from({ length: 5 }, () => plain(1)), plain(40, { failures: 1 })]),
    );
    await page.keyboard.press('End');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('Expected pixels of JPEG 2000, found none');
    await page.getByRole('button', { name: 'Try again' }).click();
    await shows(page, 'raddraft:1.4.6.0.6/0');
    expect((await readBack(page, 1, 1))[0]).toBe(40);
    await page.close();
  });

  test('3.5 a frame of many pieces arrives whole', async () => {
    const { page } = await bench.page({ width: 700, height: 600 });
    const side = 2304; // 10.6 MB: three pieces
    await page.evaluate((length) => {
      const values = Array.from({ length: length * length }, (_, at) => at % 4093);
      window.lab.open({
        id: '1.4.7',
        series: [
          {
            modality: 'DX',
            description: '',
            images: [{ header: { rows: length, columns: length }, kind: 'u16', values, min: 0, max: 4092 }],
          },
        ],
      });
    }, side);
    await shows(page, 'raddraft:1.4.7.0.0/0');
    const wrong = await page.evaluate(() => {
      const data = window.lab.viewer.shown?.image.getPixelData() ?? [];
      let differing = 0;
      for (let at = 0; at < data.length; at += 1) if (data[at] !== at % 4093) differing += 1;
      return { differing, length: data.length };
    });
    expect(wrong).toEqual({ differing: 0, length: side * side });
    await page.close();
  });

  for (const ratio of [1, 2])
    test(`3.6 one to one: an image pixel is a device pixel, at a device pixel ratio of ${ratio}`, async () => {
      const { page } = await bench.page({ width: 701, height: 603, ratio });
      const columns = 301;
      const rows = 200;
      const values = Array.from({ length: columns * rows }, (_, at) => (at * 7919) % 251);
      await open(
        page,
        stack('1.4.8', [
          {
            header: { rows, columns, bitsStored: 8, patientOrientation: null },
            kind: 'u8',
            values,
            min: 0,
            max: 255,
          },
        ]),
      );
      for (const keys of [['o'], ['r'], ['h'], ['Shift+ArrowLeft']]) {
        for (const key of keys) await page.keyboard.press(key);
        await settled(page);
        const { affine, canvas } = await page.evaluate(() => ({
          affine: window.lab.viewer.drawn?.affine,
          canvas: window.lab.viewer.canvas,
        }));
        if (!affine) throw new Error('nothing is drawn');
        expect(canvas.ratio).toBe(ratio);
        // as it is seen, not as it was drawn: the picture of the screen
        await page.evaluate(() => !window.lab.viewer.textHidden && window.lab.viewer.toggleText());
        await settled(page);
        const screen = await seen(page);
        expect([screen.width, screen.height]).toEqual([canvas.width, canvas.height]);
        const wrong = values.filter((value, at) => {
          const [c, r] = [(at % columns) + 0.5, Math.floor(at / columns) + 0.5];
          const x = Math.floor(affine.a * c + affine.c * r + affine.e);
          const y = Math.floor(affine.b * c + affine.d * r + affine.f);
          return screen.data[4 * (y * screen.width + x)] !== value;
        });
        expect(wrong.length, keys.join()).toBe(0);
      }
      await page.close();
    });

  test('3.7 Ctrl and the wheel zoom about the pointer; middle pans; right zooms; a double click fits', async () => {
    const { page } = await bench.page({ width: 700, height: 600 });
    const large = { header: { rows: 300, columns: 300, bitsStored: 8 } };
    await open(page, stack('1.4.9', [plain(10, large), plain(20, large)]));
    const under = () =>
      page.evaluate(() => {
        const affine = window.lab.viewer.drawn?.affine;
        const area = document.querySelector('.area')?.getBoundingClientRect();
        if (!affine || !area) throw new Error('nothing is drawn');
        return {
          x: (450 - area.left - affine.e) / affine.a,
          y: (350 - area.top - affine.f) / affine.d,
          scale: affine.a,
        };
      });
    await page.mouse.move(450, 350);
    const before = await under();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    await settled(page);
    const after = await under();
    expect(after.scale).toBeGreaterThan(1.5 * before.scale);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
    expect(await indexShown(page)).toBe(0);
    await page.mouse.down({ button: 'middle' });
    await page.mouse.move(480, 330, { steps: 3 });
    await page.mouse.up({ button: 'middle' });
    await settled(page);
    const panned = await under();
    expect(panned.scale).toBeCloseTo(after.scale, 9);
    expect((panned.x - after.x) * after.scale).toBeCloseTo(-30, 6);
    expect((panned.y - after.y) * after.scale).toBeCloseTo(20, 6);
    await page.mouse.down({ button: 'right' });
    await page.mouse.move(480, 250, { steps: 3 });
    await page.mouse.up({ button: 'right' });
    await settled(page);
    expect((await under()).scale).toBeGreaterThan(1.3 * panned.scale);
    await page.mouse.dblclick(450, 350);
    await settled(page);
    expect((await under()).scale).toBeCloseTo(before.scale, 9);
    await page.close();
  });

  test('3.8 letters follow turns and flips, and the strip goes from film to film', async () => {
    const { page } = await bench.page({ width: 800, height: 600 });
    await open(page, {
      id: '1.4.10',
      series: [
        { modality: 'DX', description: 'PA', images: [plain(60)] },
        {
          modality: 'DX',
          description: 'Lateral',
          images: [
            plain(90, {
              header: { rows: 32, columns: 32, bitsStored: 8, viewPosition: 'LL', patientOrientation: ['A', 'F'] },
            }),
          ],
        },
      ],
    });
    const letters = () =>
      page.evaluate(() =>
        ['top', 'right', 'bottom', 'left']
          .map((edge) => document.querySelector(`.letter.${edge}`)?.textContent)
          .join(''),
      );
    expect(await letters()).toBe('HLFR');
    await page.keyboard.press('r');
    await settled(page);
    expect(await letters()).toBe('RHLF');
    await page.keyboard.press('h');
    await settled(page);
    expect(await letters()).toBe('RFLH');
    await page.getByRole('button', { name: 'DX LL' }).click();
    await shows(page, 'raddraft:1.4.10.1.0/0');
    expect(await letters()).toBe('HAFP');
    await page.keyboard.press('PageUp');
    await shows(page, 'raddraft:1.4.10.0.0/0');
    expect(await letters()).toBe('RFLH'); // each series keeps how it was turned
    await page.close();
  });

  test('3.9 the bar at the edge goes to the place that is pressed, and drags nothing else', async () => {
    const { page } = await bench.page({ width: 700, height: 600 });
    await open(
      page,
      stack(
        '1.4.11',
        Array.from({ length: 10 }, (_, at) => plain(levelOf(at))),
      ),
    );
    const bar = await page.getByRole('slider', { name: 'Image in the stack' }).boundingBox();
    if (!bar) throw new Error('expected the bar');
    const window = await page.evaluate(() => globalThis.window.lab.viewer.voi);
    await page.mouse.move(bar.x + 6, bar.y + bar.height * 0.35);
    await page.mouse.down();
    await page.mouse.move(bar.x - 60, bar.y + bar.height * 0.95, { steps: 4 });
    await page.mouse.up();
    await shows(page, 'raddraft:1.4.11.0.9/0');
    expect(await page.evaluate(() => globalThis.window.lab.viewer.voi)).toEqual(window);
    await page.close();
  });

  test('3.10 two fingers take hold of the image', async () => {
    const { page } = await bench.page({ width: 700, height: 600 });
    await open(page, stack('1.4.12', [plain(60, { header: { rows: 300, columns: 300, bitsStored: 8 } })]));
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: [number, number][]) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    /** The points of the image under two places of the window. */
    const under = (places: [number, number][]) =>
      page.evaluate((at) => {
        const affine = window.lab.viewer.drawn?.affine;
        const area = document.querySelector('.area')?.getBoundingClientRect();
        if (!affine || !area) throw new Error('nothing is drawn');
        return at.map(([x, y]) => [(x - area.left - affine.e) / affine.a, (y - area.top - affine.f) / affine.d]);
      }, places);
    const before = await under([
      [300, 300],
      [400, 300],
    ]);
    await touch('touchStart', [
      [300, 300],
      [400, 300],
    ]);
    for (let step = 1; step <= 10; step += 1)
      await touch('touchMove', [
        [300 - 5 * step, 300 + 2 * step],
        [400 + 7 * step, 300 + 2 * step],
      ]);
    await touch('touchEnd', []);
    await settled(page);
    const after = await under([
      [250, 320],
      [470, 320],
    ]);
    for (const [finger, point] of after.entries())
      for (const [axis, value] of point.entries()) expect(Math.abs(value - before[finger][axis])).toBeLessThan(3);
    await page.close();
  });
});
