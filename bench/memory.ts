/** Memory of the whole (server, engine, browser) while a script reads: after its minutes against after its first. */
import type { Page } from 'playwright-core';
import { startServer } from '../tests/drive/server.ts';
import { launchChromium } from '../tests/viewer/chromium.ts';
import { copyOf, largeFilm } from './films.ts';
import { descendants, read } from './processes.ts';
import type { Row } from './row.ts';
import { openWorkstation, temporaryHome, upload } from './workstation.ts';

const FILMS = 12;
/** A reader looks at a film for a while, in ms. */
const THINKING = 3000;

/** `minutes` of opening, drafting, zooming, windowing, typing and searching, over a dozen films of 18 MB. */
export async function memory(minutes: number): Promise<Row | null> {
  if (process.platform !== 'linux') {
    console.log('\nMemory: left out, it is read from /proc.');
    return null;
  }
  const { home, remove } = temporaryHome('memory');
  try {
    const filled = await openWorkstation(home);
    const film = largeFilm();
    for (let copy = 0; copy < FILMS; copy++) await upload(filled.api, copyOf(film, copy));
    await filled.close();
    const browser = await launchChromium();
    const server = await startServer(home);
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(server.address());
    await page.getByRole('option').first().waitFor();
    const began = Date.now();
    const passed = () => (Date.now() - began) / 60_000;
    const samples: number[] = [];
    let first = NaN;
    let steps = 0;
    while (passed() < minutes) {
      await readFilm(page, steps++);
      if (passed() >= 1 && steps > FILMS && Number.isNaN(first)) first = resident();
      if (passed() > minutes - Math.max(1, minutes / 10)) samples.push(resident());
    }
    await browser.close();
    await server.close();
    return {
      what: `memory of server, engine and browser while ${steps} films are read in ${minutes} minutes`,
      ours: samples.reduce((a, b) => a + b, 0) / samples.length,
      bare: first,
      against: 'after its first minute, when every film was read once',
      unit: 'MB',
      goal: 1.2,
    };
  } finally {
    remove();
  }
}

async function readFilm(page: Page, step: number): Promise<void> {
  if (!(await page.getByRole('option').first().isVisible())) await page.keyboard.press('l');
  await page
    .getByRole('option')
    .nth(step % FILMS)
    .click();
  await page.waitForSelector('.area[aria-busy="false"]:not([data-image=""])');
  await page
    .getByText('No report yet')
    .or(page.getByRole('textbox', { name: 'Report text' }))
    .waitFor();
  await page.keyboard.press('d');
  const editor = page.getByRole('textbox', { name: 'Report text' });
  await editor.waitFor();
  for (const key of ['o', 'f', 'i', 'i', '2', '1']) await page.keyboard.press(key);
  await editor.locator('p').last().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(` Read ${step}.`);
  await page.waitForTimeout(THINKING);
  await page.locator('.area').click();
}

/** Resident memory in MB of this process's descendants: shared pages count once for each process that maps them. */
function resident(): number {
  const kilobytes = descendants().map((pid) => Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0));
  return kilobytes.reduce((a, b) => a + b, 0) / 1024;
}
