/** How a full store slows the program down: start to a usable worklist, searching, and growth from 10² to 10⁵ studies. */
import type { Page } from 'playwright-core';
import * as z from 'zod';
import { listStudies } from '#backend/db/studies.ts';
import { startServer } from '../tests/drive/server.ts';
import { launchChromium } from '../tests/viewer/chromium.ts';
import type { Row } from './row.ts';
import { addStudies, storeIn } from './studies.ts';
import { median, openWorkstation, temporaryHome, timed } from './workstation.ts';

const MANY = 20_000;

/** From starting browser mode's process to its worklist (or the first step that an empty store offers) on screen. */
export async function start(rounds: number): Promise<Row> {
  const [empty, full] = [temporaryHome('empty'), temporaryHome('full')];
  const browser = await launchChromium();
  try {
    for (const [{ home }, count] of [
      [empty, 0],
      [full, MANY],
    ] as const) {
      const store = await storeIn(home);
      addStudies(store, 0, count);
      await store.close();
    }
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const times = { empty: [] as number[], full: [] as number[] };
    for (let round = 0; round <= rounds; round++)
      for (const [name, { home }] of [
        ['empty', empty],
        ['full', full],
      ] as const) {
        const { ms } = await timed(() => toWorklist(page, home));
        if (round > 0) times[name].push(ms);
      }
    return {
      what: `start to a usable worklist with ${MANY.toLocaleString('en')} studies (median of ${rounds})`,
      ours: median(times.full),
      bare: median(times.empty),
      against: 'an empty store',
      goal: 1.5,
    };
  } finally {
    await browser.close();
    empty.remove();
    full.remove();
  }
}

const closing: Promise<void>[] = [];

async function toWorklist(page: Page, home: string): Promise<void> {
  await Promise.all(closing.splice(0));
  const server = await startServer(home);
  await page.goto(server.address());
  const first = page.getByRole('heading', { name: 'Open your first study' });
  await first.or(page.getByRole('option').first()).waitFor();
  closing.push(server.close());
}

/** Words as they are typed: a name, a part of one, an id, a date, two words, one that is nowhere. */
const SEARCHES = ['dabrowski', 'gens', 'p1234', '2015-06', 'fischer anna', 'nobody'];

/** `study.list` over the contract against SQLite alone, asked the same of its index. */
export async function search(rounds: number): Promise<Row> {
  const { home, remove } = temporaryHome('search');
  try {
    const filled = await storeIn(home);
    addStudies(filled, 0, MANY);
    const bare = SEARCHES.map((text) => median(repeat(rounds, () => bareSearch(filled, text))));
    const inside = SEARCHES.map((text) =>
      median(repeat(rounds, () => void listStudies(filled.read, { text, limit: 100, offset: 0 }))),
    );
    await filled.close();
    const station = await openWorkstation(home);
    const ours: number[] = [];
    for (const text of SEARCHES) {
      const times: number[] = [];
      for (let round = 0; round <= rounds; round++)
        times.push((await timed(() => station.api['study.list']({ text, limit: 100 }))).ms);
      ours.push(median(times.slice(1)));
    }
    await station.close();
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    return {
      what: `six searches among ${MANY.toLocaleString('en')} studies, a page of 100 each (median of ${rounds})`,
      ours: sum(ours),
      bare: sum(bare),
      against: 'the bare indexed queries in SQLite',
      goal: 3,
      stages: {
        'without the contract': sum(inside),
        ...Object.fromEntries(SEARCHES.map((text, at) => [`“${text}”`, ours[at] ?? NaN])),
      },
    };
  } finally {
    remove();
  }
}

function repeat(rounds: number, work: () => void): number[] {
  work();
  return Array.from({ length: rounds }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
}

const Found = z.unknown();

/** The same rows by the same index, as plain SQL. */
function bareSearch(store: Awaited<ReturnType<typeof storeIn>>, text: string): void {
  const phrases = text
    .split(' ')
    .map((term) => `"${term}"`)
    .join(' AND ');
  const matching = 'number IN (SELECT rowid FROM study_words WHERE study_words MATCH ?)';
  store.read.all(Found, `SELECT count(*) FROM studies WHERE ${matching}`, phrases);
  store.read.all(
    Found,
    `SELECT * FROM studies WHERE ${matching} ORDER BY date DESC, time DESC, imported_at DESC, uid LIMIT 100`,
    phrases,
  );
}

/** One store that grows: the first page of the worklist and a search, at each size. */
export async function growth(rounds: number): Promise<Row> {
  const { home, remove } = temporaryHome('growth');
  try {
    const stages: Record<string, number> = {};
    /** Of the smallest store, and both together at each size. */
    const least: Record<string, number> = {};
    const whole: Record<number, number> = {};
    let before = 0;
    for (const count of [100, 1000, 10_000, 100_000]) {
      const store = await storeIn(home);
      addStudies(store, before, count);
      before = count;
      const first = repeat(rounds, () => void listStudies(store.read, { text: '', limit: 100, offset: 0 }));
      const found = repeat(
        rounds,
        () => void listStudies(store.read, { text: 'dabrowski anna', limit: 100, offset: 0 }),
      );
      for (const [name, ms] of [
        ['first page', median(first)],
        ['search', median(found)],
      ] as const) {
        least[name] ??= ms;
        stages[`${count.toLocaleString('en')}: ${name}, ${(ms / least[name]).toFixed(1)} ×`] = ms;
        whole[count] = (whole[count] ?? 0) + ms;
      }
      await store.close();
    }
    return {
      what: `growth from 10² to 10⁵ studies: the worklist's first page and a search for a name (median of ${rounds})`,
      ours: whole[100_000] ?? NaN,
      bare: whole[100] ?? NaN,
      against: 'the same with a thousandth of the studies',
      goal: null,
      stages,
    };
  } finally {
    remove();
  }
}
