/** The test pattern in the real window: opened by its command, pixel for pixel, with the line about the display. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PATTERN_SIDE, testPattern } from '#core/phantom/testPattern.ts';
import { openPlace, type Place } from './desk.ts';

let place: Place;
let page: Page;
beforeAll(async () => {
  place = await openPlace();
  page = await place.open();
}, 120_000);
afterAll(() => place.close());

/** The canvas as it is: grey levels row by row. */
const canvas = () =>
  page.evaluate(() => {
    const found = document.querySelector<HTMLCanvasElement>('canvas.cornerstone-canvas');
    const data = found?.getContext('2d')?.getImageData(0, 0, found.width, found.height).data;
    if (!found || !data) throw new Error('nothing is drawn');
    let greys = '';
    for (let at = 0; at < data.length; at += 4) greys += String.fromCharCode(data[at] ?? 0);
    return { width: found.width, height: found.height, greys: btoa(greys) };
  });

describe('1 the test pattern', () => {
  test('1.1 a command opens it, one to one, and says that the display is not calibrated', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).fill('test pattern');
    await page.keyboard.press('Enter');
    await page.getByText('Display not calibrated').waitFor();
    await page.getByText('Zoom 100 % one to one').waitFor();
  });

  test('1.2 each pixel of it is one pixel of the canvas, of exactly its grey level', async () => {
    const { values } = testPattern();
    const { width, height, greys: encoded } = await canvas();
    const greys = Buffer.from(encoded, 'base64');
    expect(Math.min(width, height)).toBeGreaterThan(500);
    // The middle of the canvas is the middle of the pattern, to a pixel: where it is, every level must agree.
    const offsets = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => ({ dx, dy })));
    const wrong = offsets.map(({ dx, dy }) => {
      const left = Math.floor((PATTERN_SIDE - width) / 2) + dx;
      const top = Math.floor((PATTERN_SIDE - height) / 2) + dy;
      return greys.filter((grey, index) => {
        const x = left + (index % width);
        const y = top + Math.floor(index / width);
        const isInside = x >= 0 && y >= 0 && x < PATTERN_SIDE && y < PATTERN_SIDE;
        return isInside && grey !== values[y * PATTERN_SIDE + x];
      }).length;
    });
    expect(Math.min(...wrong)).toBe(0);
    expect(wrong.filter((count) => count === 0)).toHaveLength(1); // one place fits, the others do not
  });

  test('1.3 no draft is made of it', async () => {
    await page.keyboard.press('d');
    await page
      .getByText(/No film was accepted|No draft/)
      .first()
      .waitFor();
    expect(await page.getByRole('textbox', { name: 'Report text' }).count()).toBe(0);
  });

  test('1.4 the settings say the same and lead to it', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command' }).fill('about');
    await page.keyboard.press('Enter');
    await page.getByText('This display is not calibrated by RadDraft').waitFor();
    await page.getByRole('button', { name: 'Show the test pattern' }).click();
    await page.getByText('Display not calibrated').waitFor();
  });
});
