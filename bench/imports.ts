/** How the window and the backend hold up while 2,000 files come in: against parsing and decoding the same bytes alone. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readdir, readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { decodeFrame } from '#backend/dicom/decode.ts';
import { parse } from '#backend/dicom/parse.ts';
import { JobId } from '#core/study/ids.ts';
import { listen } from '../src/server/listen.ts';
import { launchChromium } from '../tests/viewer/chromium.ts';
import { copyOf, smallFilm } from './films.ts';
import type { Row } from './row.ts';
import { longestPause, openWorkstation, temporaryHome, timed } from './workstation.ts';

const FILES = 2000;

export async function imports(): Promise<Row> {
  const { home, remove } = temporaryHome('imports');
  const folder = path.join(home, 'films');
  mkdirSync(folder);
  const film = smallFilm();
  for (let copy = 0; copy < FILES; copy++) writeFileSync(path.join(folder, `film-${copy}.dcm`), copyOf(film, copy));
  const browser = await launchChromium();
  try {
    const bare = await timed(() => bareImport(folder));
    const station = await openWorkstation(home, true);
    let address = '';
    const server = await listen({
      port: 0,
      files: path.resolve(import.meta.dirname, '../dist/renderer'),
      serve: (port) => station.backend.serve(port),
      onAddress: (next) => (address = next),
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(address);
    await page.getByRole('heading', { name: 'Open your first study' }).waitFor();
    await watch(page);
    const job = JobId.parse('bench');
    const run = await longestPause(() =>
      timed(() => station.api['import.run']({ job, sources: [{ kind: 'path', path: folder }] })),
    );
    const read = run.value.value.entries.filter(({ outcome }) => outcome === 'read').length;
    if (read !== FILES) throw new Error(`expected ${FILES} files read, found ${read}`);
    const window = await watched(page);
    server.close();
    await station.close();
    return {
      what: `${FILES.toLocaleString('en')} films of 256 × 256 come in from a folder while the window is open`,
      ours: run.value.ms,
      bare: bare.ms,
      against: 'reading, parsing and decoding them alone',
      goal: null,
      pauses: { backend: run.pause, window },
      stages: { 'a file': run.value.ms / FILES },
    };
  } finally {
    await browser.close();
    remove();
    rmSync(home, { recursive: true, force: true });
  }
}

async function bareImport(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const bytes = await readFile(path.join(folder, name));
    parse(bytes);
    await decodeFrame(bytes, 0);
  }
}

const TICK = 5;

/** Ticks in the page, so that the longest time between two of them shows how long its thread was held. */
const watch = (page: Page): Promise<void> =>
  page.evaluate((tick) => {
    let last = performance.now();
    document.documentElement.dataset['pause'] = '0';
    setInterval(() => {
      const now = performance.now();
      const pause = now - last - tick;
      last = now;
      const { dataset } = document.documentElement;
      dataset['pause'] = String(Math.max(Number(dataset['pause']), pause));
    }, tick);
  }, TICK);

const watched = (page: Page): Promise<number> => page.evaluate(() => Number(document.documentElement.dataset['pause']));
