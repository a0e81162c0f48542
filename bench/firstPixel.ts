/** From choosing a study to its film on screen, against reading the file and finding its smallest and largest value. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from '../tests/viewer/chromium.ts';
import { copyOf, largeFilm } from './films.ts';
import { rounds as looksOf, summary } from './looks.ts';
import { longestTask } from './pauses.ts';
import { openProgram } from './program.ts';
import type { Row } from './row.ts';
import { median, openWorkstation, temporaryHome, timed, upload } from './workstation.ts';

/** The bare part is short and its time varies: the middle one of several readings stands beside each look. */
const READINGS = 3;

export async function firstPixel(rounds: number): Promise<Row> {
  const { home, remove } = temporaryHome();
  const folder = mkdtempSync(path.join(tmpdir(), 'raddraft-bench-'));
  const browser = await launchChromium();
  try {
    const film = largeFilm();
    const file = path.join(folder, 'film.dcm');
    writeFileSync(file, film);
    const filled = await openWorkstation(home);
    for (let copy = 0; copy <= 2 * rounds; copy++) await upload(filled.api, copyOf(film, copy));
    await filled.close();
    const program = await openProgram(home);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(program.address());
    await page.getByRole('option').first().waitFor();
    const whole: number[] = [];
    const looks = await looksOf(2 * rounds, async (round) => {
      const readings: number[] = [];
      for (let reading = 0; reading < READINGS; reading++) readings.push((await timed(() => readMinMax(file))).ms);
      const { value: run, pause: window } = await longestTask(browser, page, () =>
        program.watch(() => choose(page, round)),
      );
      if (round > 0) whole.push(run.value.whole);
      return { ours: run.value.ms, bare: median(readings), pauses: { backend: run.pause, window } };
    });
    await program.close();
    const found = summary(looks);
    return {
      what: 'first pixel of a 3,000 × 3,000 16-bit film',
      against: 'reading the file + min/max',
      goal: 2.5,
      ...found,
      stages: { 'first picture': found.ours, 'whole frame': median(whole) },
    };
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
    remove();
  }
}

async function readMinMax(file: string): Promise<[number, number]> {
  const bytes = await readFile(file);
  const values = new Uint16Array(
    bytes.buffer,
    bytes.byteOffset + (bytes.byteOffset % 2),
    Math.floor(bytes.length / 2) - 1,
  );
  let min = 65535;
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}

interface Look {
  /** From the click to the first picture, and to the whole frame, in ms. */
  ms: number;
  whole: number;
}

/** Clicks the worklist's row and waits, in the page, until another image than before is drawn, and until all of it is here. */
async function choose(page: Page, row: number): Promise<Look> {
  if (!(await page.getByRole('option').first().isVisible())) await page.keyboard.press('l');
  await page.getByRole('option').nth(row).waitFor();
  return await page.evaluate(
    (index) =>
      new Promise<Look>((resolve) => {
        const shown = () => document.querySelector('.area')?.getAttribute('data-image') ?? '';
        const before = shown();
        const began = performance.now();
        const TICK = 5; // ms
        const tick = () => {
          const now = performance.now();
          const area = document.querySelector('.area');
          if (ms === 0 && shown() !== before && shown() !== '')
            requestAnimationFrame(() => (ms = performance.now() - began));
          if (ms > 0 && area?.getAttribute('aria-busy') === 'false') resolve({ ms, whole: now - began });
          else setTimeout(tick, TICK);
        };
        let ms = 0;
        setTimeout(tick, TICK);
        document.querySelectorAll<HTMLElement>('[role=option]')[index]?.click();
      }),
    row,
  );
}
