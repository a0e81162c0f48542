/** The drawn canvas, read back, against DICOM's own formulas; the formulas are written out here a second time. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImageHeader } from '#core/imaging/header.ts';
import { openBench, type Bench } from './browser.ts';
import { open, readBack, settled, shows } from './drive.ts';

const SIDE = 64; // 64 × 64 = every 12-bit value once
const every = Array.from({ length: SIDE * SIDE }, (_, value) => value);
const clamp = (value: number) => Math.min(255, Math.max(0, value));

/** PS3.3 C.11.2.1.2.1, output 0 … 255. */
function linear(x: number, c: number, w: number): number {
  if (x <= c - 0.5 - (w - 1) / 2) return 0;
  if (x > c - 0.5 + (w - 1) / 2) return 255;
  return ((x - (c - 0.5)) / (w - 1) + 0.5) * 255;
}
/** PS3.3 C.11.2.1.3.2. */
function linearExact(x: number, c: number, w: number): number {
  if (x <= c - w / 2) return 0;
  if (x > c + w / 2) return 255;
  return ((x - c) / w + 0.5) * 255;
}
/** PS3.3 C.11.2.1.3.1. */
const sigmoid = (x: number, c: number, w: number) => 255 / (1 + Math.exp((-4 * (x - c)) / w));

let bench: Bench;
let page: Page;
let complaints: string[];
let studies = 0;

beforeAll(async () => {
  bench = await openBench();
  ({ page, complaints } = await bench.page());
});
afterAll(() => bench.close());

/** Largest difference, in grey levels, over every 12-bit value drawn one to one. */
async function largestDifference(
  header: Partial<ImageHeader>,
  expected: (stored: number) => number,
  act: (target: Page) => Promise<unknown> = async () => undefined,
): Promise<number> {
  studies += 1;
  await open(page, {
    id: `1.2.${studies}`,
    series: [
      {
        modality: 'DX',
        description: '',
        images: [{ header: { rows: SIDE, columns: SIDE, ...header }, kind: 'u16', values: every, min: 0, max: 4095 }],
      },
    ],
  });
  await act(page);
  await page.keyboard.press('o');
  await settled(page);
  const greys = await readBack(page, SIDE, SIDE);
  return Math.max(...greys.map((grey, stored) => Math.abs(grey - expected(stored))));
}

const window = (center: number, width: number) => [{ center, width, explanation: '' }];

describe('1 grey levels on the canvas', () => {
  test('1.1 LINEAR, at wide, narrow, odd and extreme windows', async () => {
    for (const [c, w] of [
      [2048, 4096],
      [2047.5, 4095],
      [600, 400],
      [1000, 1],
      [1000, 2],
      [-200, 900],
      [4000, 3000],
    ] as const)
      expect(await largestDifference({ windows: window(c, w) }, (x) => linear(x, c, w)), `${c}/${w}`).toBeLessThan(1);
  });

  test('1.2 LINEAR is not LINEAR_EXACT: a narrow window tells them apart, and each is drawn as itself', async () => {
    const windows = window(100, 3);
    const exact = { windows, voiFunction: 'LINEAR_EXACT' as const };
    expect(await largestDifference({ windows }, (x) => linear(x, 100, 3))).toBeLessThan(1);
    expect(await largestDifference(exact, (x) => linearExact(x, 100, 3))).toBeLessThan(1);
    expect(await largestDifference(exact, (x) => linear(x, 100, 3))).toBeGreaterThan(30);
  });

  test('1.3 SIGMOID', async () => {
    const header = { windows: window(1800, 1200), voiFunction: 'SIGMOID' as const };
    expect(await largestDifference(header, (x) => sigmoid(x, 1800, 1200))).toBeLessThan(1);
  });

  test('1.4 rescale comes before the window', async () => {
    const header = { windows: window(40, 400), rescaleSlope: 0.5, rescaleIntercept: -1024 };
    expect(await largestDifference(header, (x) => linear(0.5 * x - 1024, 40, 400))).toBeLessThan(1);
  });

  test('1.5 a VOI LUT sequence with an S of its own', async () => {
    const data = Array.from({ length: 3000 }, (_, at) => Math.round(1023 * (at / 2999) ** 2));
    const header = { voiLuts: [{ firstMapped: 500, bits: 10, data, explanation: 'S' }] };
    const lut = (x: number) => ((data[Math.min(2999, Math.max(0, x - 500))] ?? 0) / 1023) * 255;
    expect(await largestDifference(header, lut)).toBeLessThan(1);
  });

  test('1.6 MONOCHROME1, inverted by the reader, and both', async () => {
    const header = { windows: window(2000, 1500) };
    const upside = (x: number) => 255 - linear(x, 2000, 1500);
    const invert = (target: Page) => target.keyboard.press('i');
    expect(await largestDifference({ ...header, photometric: 'MONOCHROME1' }, upside)).toBeLessThan(1);
    expect(await largestDifference(header, upside, invert)).toBeLessThan(1);
    expect(
      await largestDifference({ ...header, photometric: 'MONOCHROME1' }, (x) => 255 - upside(x), invert),
    ).toBeLessThan(1);
  });

  test('1.7 pixel padding is black, whatever the polarity', async () => {
    const header = {
      windows: window(2000, 1500),
      photometric: 'MONOCHROME1',
      pixelPadding: { value: 0, limit: 99 },
    };
    const expected = (x: number) => (x < 100 ? 0 : 255 - linear(x, 2000, 1500));
    expect(await largestDifference(header, expected)).toBeLessThan(1);
  });

  test('1.8 after a window drag, the window in the corner is the one that is drawn', async () => {
    const drag = async (target: Page) => {
      await target.mouse.move(640, 400);
      await target.mouse.down();
      await target.mouse.move(700, 380, { steps: 5 });
      await target.mouse.up();
    };
    let dragged = { center: 0, width: 0 };
    const difference = await largestDifference(
      { windows: window(2000, 1500) },
      (x) => linear(x, dragged.center, dragged.width),
      async (target) => {
        await drag(target);
        dragged = await target.evaluate(() => {
          const { voi } = globalThis.window.lab.viewer;
          if (voi?.kind !== 'window') throw new Error('expected a window');
          return { center: voi.center, width: voi.width };
        });
      },
    );
    expect(dragged.width).toBeGreaterThan(1500);
    expect(dragged.center).toBeLessThan(2000);
    expect(difference).toBeLessThan(1);
    expect(await page.locator('.corner.bottom.right').innerText()).toContain(
      `W ${Math.round(dragged.width)}  L ${Math.round(dragged.center)}`,
    );
  });

  test('1.9 signed, 32-bit and float samples', async () => {
    for (const [kind, shift, signed] of [
      ['i16', -2048, true],
      ['i32', -2048, true],
      ['f32', -2048, true],
    ] as const) {
      studies += 1;
      const id = `1.2.${studies}`;
      await open(page, {
        id,
        series: [
          {
            modality: 'CT',
            description: '',
            images: [
              {
                header: { rows: SIDE, columns: SIDE, signed, bitsStored: 16, windows: window(0, 700) },
                kind,
                values: every.map((value) => value + shift),
                min: shift,
                max: shift + 4095,
              },
            ],
          },
        ],
      });
      await page.keyboard.press('o');
      await settled(page);
      const greys = await readBack(page, SIDE, SIDE);
      const worst = Math.max(...greys.map((grey, at) => Math.abs(grey - linear(at + shift, 0, 700))));
      expect(worst, kind).toBeLessThan(1.1); // a float is counted in steps of 1/16 of a value
    }
  });

  test('1.10 colour is drawn as it is, and has no window', async () => {
    studies += 1;
    const values = Array.from({ length: 16 * 16 * 3 }, (_, at) => (at * 37) % 256);
    await open(page, {
      id: `1.2.${studies}`,
      series: [
        {
          modality: 'OT',
          description: '',
          images: [
            {
              header: { rows: 16, columns: 16, samplesPerPixel: 3, photometric: 'RGB', bitsStored: 8 },
              kind: 'u8',
              values,
              min: 0,
              max: 255,
            },
          ],
        },
      ],
    });
    await page.keyboard.press('o');
    await settled(page);
    expect(await readBack(page, 16, 16)).toEqual(values.filter((_, at) => at % 3 === 0));
    expect(await page.locator('.corner.bottom.right').innerText()).not.toContain('W ');
  });

  test('1.11 the next image opens with its own window, not with the one before', async () => {
    studies += 1;
    const image = (c: number, w: number) => ({
      header: { rows: SIDE, columns: SIDE, windows: window(c, w) },
      kind: 'u16' as const,
      values: every,
      min: 0,
      max: 4095,
    });
    await open(page, {
      id: `1.2.${studies}`,
      series: [{ modality: 'CT', description: '', images: [image(500, 200), image(3000, 900)] }],
    });
    await page.keyboard.press('ArrowDown');
    await shows(page, `raddraft:1.2.${studies}.0.1/0`);
    await page.keyboard.press('o');
    await settled(page);
    const greys = await readBack(page, SIDE, SIDE);
    expect(Math.max(...greys.map((grey, x) => Math.abs(grey - linear(x, 3000, 900))))).toBeLessThan(1);
  });

  test('1.12 drawn small, an image is the mean of its pixels', async () => {
    studies += 1;
    // a chequerboard of single pixels: nearest or bilinear sampling would show black, white or moiré
    const side = 4096;
    const values = Array.from({ length: side * 64 }, (_, at) =>
      ((at % side) + Math.floor(at / side)) % 2 === 0 ? 0 : 4000,
    );
    await open(page, {
      id: `1.2.${studies}`,
      series: [
        {
          modality: 'DX',
          description: '',
          images: [
            {
              header: { rows: 64, columns: side, windows: window(2000.5, 4001) },
              kind: 'u16',
              values,
              min: 0,
              max: 4000,
            },
          ],
        },
      ],
    });
    const greys = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas.cornerstone-canvas');
      const data = canvas?.getContext('2d')?.getImageData(100, canvas.height / 2, canvas.width - 200, 1).data ?? [];
      return [...data].filter((_, at) => at % 4 === 0);
    });
    expect(greys.length).toBeGreaterThan(500);
    expect(greys.every((grey) => Math.abs(grey - clamp(127.5)) <= 2)).toBe(true);
  });

  test('1.13 nothing broke the security policy, and nothing threw', () => {
    expect(complaints).toEqual([]);
  });
});
