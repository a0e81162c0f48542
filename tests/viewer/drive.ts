/** What the viewer's tests do to the page and read from it: the drawn canvas, marks, keys. */
import { PNG } from 'pngjs';
import type { Page } from 'playwright-core';
import type { StudySpec } from './page/lab.ts';

export async function open(page: Page, spec: StudySpec): Promise<void> {
  await page.evaluate((study) => window.lab.open(study), spec);
  await shows(page, `raddraft:${spec.id}.0.0/0`);
}

/** Waits until the canvas shows an image and the overlays follow it. */
export async function shows(page: Page, imageId: string): Promise<void> {
  await page.waitForSelector(`.area[data-image="${imageId}"]`);
  await settled(page);
}

/** Two frames: cornerstone draws in the first, so the second has everything. */
export const settled = (page: Page): Promise<void> =>
  page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  );

/** Grey levels (red channel) of `columns × rows` image pixels, read at their middles from cornerstone's canvas. */
export const readBack = (page: Page, columns: number, rows: number): Promise<number[]> =>
  page.evaluate(
    ([width, height]) => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas.cornerstone-canvas');
      const affine = window.lab.viewer.drawn?.affine;
      const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      if (!canvas || !affine || !data) throw new Error('nothing is drawn');
      const greys: number[] = [];
      for (let row = 0; row < height; row += 1)
        for (let column = 0; column < width; column += 1) {
          const x = Math.floor(affine.a * (column + 0.5) + affine.c * (row + 0.5) + affine.e);
          const y = Math.floor(affine.b * (column + 0.5) + affine.d * (row + 0.5) + affine.f);
          greys.push(data[4 * (y * canvas.width + x)] ?? -1);
        }
      return greys;
    },
    [columns, rows] as const,
  );

/** The image's area as it is seen, in device pixels. */
export async function seen(page: Page): Promise<PNG> {
  const clip = await page.locator('.area').boundingBox();
  return PNG.sync.read(await page.screenshot(clip ? { clip } : {}));
}

/** The middle of all pixels that `weigh` gives a weight, in device pixels; NaN when there are none. */
export function middle(
  picture: PNG,
  weigh: (red: number, green: number, blue: number) => number,
): { x: number; y: number } {
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let y = 0; y < picture.height; y += 1)
    for (let x = 0; x < picture.width; x += 1) {
      const at = 4 * (y * picture.width + x);
      const weight = weigh(picture.data[at] ?? 0, picture.data[at + 1] ?? 0, picture.data[at + 2] ?? 0);
      sum += weight;
      sumX += weight * (x + 0.5);
      sumY += weight * (y + 0.5);
    }
  return { x: sumX / sum, y: sumY / sum };
}
