/**
 * Kills the backend in the middle of typing and looks what is left: `node tests/drive/kill.ts [ROUNDS]`. A person types
 * in the window; kill -9 comes at a random moment; of what was typed, at most the last second may be gone.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { draftOf } from '#backend/db/drafts.ts';
import { openStore } from '#backend/db/store.ts';
import { listStudies } from '#backend/db/studies.ts';
import { reportText } from '#core/report/text.ts';
import { mulberry32 } from '#core/phantom/random.ts';
import { launchChromium } from '../viewer/chromium.ts';
import { startServer } from './server.ts';

export interface Killed {
  rounds: number;
  /** Characters typed more than a second before a kill that were not there afterwards, over all rounds. */
  lost: number;
  /** Characters typed in the last second that were gone, the most in one round. */
  mostGone: number;
  /** Rounds after which the audit chain did not verify. */
  broken: number;
}

const ONE_SECOND = 1000;

/** The seed makes the moments repeatable; what the machine does between them is not. */
export async function killWhileTyping(rounds: number, seed: number, say: (line: string) => void): Promise<Killed> {
  const home = mkdtempSync(path.join(tmpdir(), 'raddraft-kill-'));
  const random = mulberry32(seed);
  const browser = await launchChromium();
  const result: Killed = { rounds, lost: 0, mostGone: 0, broken: 0 };
  try {
    await prepare(browser, home);
    for (let round = 1; round <= rounds; round++) {
      const typed = await typeUntilKilled(browser, home, `Round ${round} `, 1200 + 1800 * random());
      const { text, intact } = await storedText(home);
      const kept = longestKept(typed.text, text);
      const due = typed.times.filter((at) => at < typed.killedAt - ONE_SECOND).length;
      const lost = Math.max(0, due - kept);
      result.lost += lost;
      result.mostGone = Math.max(result.mostGone, typed.text.length - kept);
      if (!intact) result.broken++;
      say(`round ${round}: typed ${typed.text.length}, kept ${kept}, lost of what was older than a second: ${lost}`);
    }
    return result;
  } finally {
    await browser.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The demo film with its draft. */
async function prepare(browser: Browser, home: string): Promise<void> {
  const server = await startServer(home);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.address());
  await page
    .getByRole('button', { name: /demo film/i })
    .first()
    .click();
  await page.getByRole('button', { name: /draft report/i }).click();
  await editor(page).waitFor({ timeout: 60_000 });
  await page.close();
  await server.close();
}

const editor = (page: Page) => page.locator('.ProseMirror');

async function typeUntilKilled(browser: Browser, home: string, start: string, after: number) {
  const server = await startServer(home);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    await page.goto(server.address());
    await openOnlyStudy(page);
    await editor(page).locator('p').last().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    const times: number[] = [];
    let text = '';
    let killedAt = 0;
    const timer = setTimeout(() => {
      killedAt = Date.now();
      server.child.kill('SIGKILL');
    }, after);
    for (let i = 0; killedAt === 0; i++) {
      const key = start[i] ?? 'abcdefghijklmnopqrstuvwxyz '[i % 27] ?? 'x';
      await page.keyboard.type(key);
      times.push(Date.now());
      text += key;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    clearTimeout(timer);
    await server.kill();
    return { text, times, killedAt };
  } finally {
    await page.close();
  }
}

/** The worklist opens with the window; its one row is the demo film. */
export async function openOnlyStudy(page: Page): Promise<void> {
  await page.getByRole('option').first().click();
  await editor(page).waitFor();
}

async function storedText(home: string): Promise<{ text: string; intact: boolean }> {
  const store = await openStore({
    dataFolder: path.join(home, 'data'),
    machineSecret: { kind: 'file', path: path.join(home, 'machine.key') },
    now: () => Date.now(),
    random: () => new Uint8Array(32),
    program: 'kill test',
  });
  try {
    const [study] = listStudies(store.read, { text: '', limit: 1, offset: 0 }).studies;
    const draft = study && draftOf(store.read, study.id);
    return { text: draft ? reportText(draft.document) : '', intact: (await store.audit.verify()).intact };
  } finally {
    await store.close();
  }
}

/** How many characters of `typed`, from its start, stand in `text`. */
function longestKept(typed: string, text: string): number {
  for (let length = typed.length; length > 0; length--)
    if (text.includes(typed.slice(0, length).trimEnd())) return length;
  return 0;
}

if (import.meta.main) {
  const rounds = Number(process.argv[2] ?? 50);
  const result = await killWhileTyping(rounds, 1, (line) => console.log(line));
  console.log(JSON.stringify(result));
  process.exitCode = result.lost === 0 && result.broken === 0 ? 0 : 1;
}
