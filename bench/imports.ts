/** How the window and the backend hold up while 2,000 files come in: against parsing and decoding the same bytes alone. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readdir, readFile } from 'node:fs/promises';
import { decodeFrame } from '#backend/dicom/decode.ts';
import { parse } from '#backend/dicom/parse.ts';
import { JobId } from '#core/study/ids.ts';
import { launchChromium } from '../tests/viewer/chromium.ts';
import { copyOf, smallFilm } from './films.ts';
import type { Row } from './row.ts';
import { longestPause, longestTask } from './pauses.ts';
import { openWindow, openWorkstation, temporaryHome, timed } from './workstation.ts';

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
    const { page, close } = await openWindow(browser, station);
    await page.getByRole('heading', { name: 'Open your first study' }).waitFor();
    const job = JobId.parse('bench');
    const { value: run, pause: window } = await longestTask(browser, page, () =>
      longestPause(() => timed(() => station.api['import.run']({ job, sources: [{ kind: 'path', path: folder }] }))),
    );
    const read = run.value.value.entries.filter(({ outcome }) => outcome === 'read').length;
    if (read !== FILES) throw new Error(`expected ${FILES} files read, found ${read}`);
    close();
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
  }
}

async function bareImport(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const bytes = await readFile(path.join(folder, name));
    parse(bytes);
    await decodeFrame(bytes, 0);
  }
}
