/** Bad files in the desktop program: the table of badFiles.ts through its own doors; each is refused in words, the window lives. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { build } from '../../scripts/build.ts';
import { badFiles, hostileFilms, programFilm } from '../badFiles.ts';
import { importPanel, inList, reasonsInList } from '../importPanel.ts';
import { openDisplay, type Display } from './display.ts';
import {
  call,
  chooseFromMenu,
  dialogAnswers,
  dropFiles,
  ground,
  openBySystem,
  openDesktop,
  processOf,
  type Desktop,
} from './desktop.ts';
import { writePhantom } from './phantoms.ts';

const here = ground();
const pictures = process.env['RADDRAFT_PICTURES'];
/** Expected, found, what to do: three sentences' worth. */
const SAID = /^Expected .+, found .+\. .+\.$/s;
const Listed = z.object({ output: z.object({ studies: z.array(z.object({ id: z.string() })), total: z.int() }) });
const wait = { timeout: 60_000 };

const what = 'bad files in the desktop program';
describe.skipIf('missing' in here)('missing' in here ? `${what} (skipped: ${here.missing})` : what, () => {
  const home = mkdtempSync(path.join(tmpdir(), 'raddraft-bad-desktop-'));
  const [bad, hostile] = [path.join(home, 'CD'), path.join(home, 'hostile')];
  let display: Display;
  let desktop: Desktop;
  let backend = 0;
  const panel = () => importPanel(desktop.page);
  const backendPid = () => processOf(desktop, 'backend')?.pid ?? 0;

  beforeAll(async () => {
    if ('missing' in here) return;
    build(['renderer', 'node', 'main', 'preload']);
    for (const folder of [bad, hostile]) mkdirSync(folder);
    for (const { name, bytes } of badFiles) writeFileSync(path.join(bad, name), bytes);
    writeFileSync(path.join(bad, '<img src=x onerror=hacked=1>.txt'), 'no image');
    for (const { name, bytes } of hostileFilms) writeFileSync(path.join(hostile, name), bytes);
    writeFileSync(path.join(hostile, 'program.dcm'), programFilm());
    display = await openDisplay();
    const good = writePhantom(home, 51, {}, 128);
    desktop = await openDesktop({ runtime: here.runtime, display: display.name, home }, [good]);
    await desktop.page.getByText('SYNTHETIC-E2E-51').first().waitFor();
    backend = backendPid();
  }, 240_000);
  afterAll(async () => {
    await desktop?.app.close().catch(() => undefined);
    display?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  });

  /** Everything that the worklist knows, and every study as it opens. */
  async function stored(): Promise<string> {
    const listed = await call(desktop.page, 'study.list', { limit: 500 });
    const { studies } = Listed.parse(listed).output;
    const whole = await Promise.all(studies.map(({ id }) => call(desktop.page, 'study.open', { study: id })));
    return JSON.stringify([listed, whole], (key, value: unknown) =>
      key === 'id' && typeof value === 'number' ? 0 : value,
    );
  }
  async function openFolder(folder: string): Promise<void> {
    await dialogAnswers(desktop, [folder]);
    await chooseFromMenu(desktop, 'Open folder…');
  }

  test('1.1 a folder of them by the menu: each is refused by name, with what was expected, what was found, what to do', async () => {
    const before = await stored();
    await openFolder(bad);
    await panel()
      .getByText(`${badFiles.length + 1} files refused`)
      .waitFor(wait);
    const reasons = await reasonsInList(desktop.page);
    expect(reasons.size).toBe(badFiles.length + 1);
    for (const { name, words } of badFiles) {
      const [, reason] = [...reasons].find(([shown]) => shown.includes(name)) ?? [];
      expect([name, reason]).toEqual([name, expect.stringMatching(SAID) as string]);
      expect(reason).toMatch(words);
    }
    expect(await stored()).toBe(before);
    if (!pictures) return;
    mkdirSync(pictures, { recursive: true });
    await panel()
      .getByRole('list')
      .evaluate((list) => list.scrollTo(0, 0));
    await desktop.page.screenshot({ path: path.join(pictures, 'bad-files.png') });
  }, 120_000);

  test('1.2 dropped on the window, and opened by the system: refused in words, and nothing that is stored changes', async () => {
    const before = await stored();
    await panel().getByRole('button', { name: 'Close' }).click();
    await dropFiles(
      desktop,
      ['report.dcm', 'deflate-bomb.dcm'].map((name) => path.join(bad, name)),
    );
    await inList(desktop.page, 'Expected an image, found a structured report.');
    await inList(desktop.page, 'at most 512 MiB of inflated data, found more');
    await panel().getByRole('button', { name: 'Close' }).click();
    await openBySystem(desktop, path.join(bad, 'sixty-thousand.dcm'));
    await desktop.page
      .getByText(/at most 100 million pixels a frame, found 60000 × 60000/)
      .first()
      .waitFor(wait);
    expect(await stored()).toBe(before);
  }, 60_000);

  test('1.3 names that attack whoever shows them are text: the films are read, and nothing in them ran', async () => {
    await openFolder(hostile);
    const films = hostileFilms.length + 1;
    await panel().getByText(`${films} files read`).waitFor(wait);
    await inList(desktop.page, 'look like a program');
    await panel().getByRole('button', { name: 'Close' }).click();
    await chooseFromMenu(desktop, 'Search studies');
    await desktop.page.getByRole('combobox', { name: 'Search studies' }).fill('onerror');
    await expect.poll(() => desktop.page.getByRole('option').count()).toBe(1);
    expect(await desktop.page.getByRole('option').first().textContent()).toContain('<img src');
    expect(await desktop.page.evaluate(() => 'hacked' in window)).toBe(false);
  }, 60_000);

  test('1.4 the window, and the very backend that read all this, live: the first film is opened again', async () => {
    await desktop.page.getByRole('combobox', { name: 'Search studies' }).fill('E2E-51');
    await desktop.page.keyboard.press('Enter');
    await desktop.page.locator('.area[data-image]').waitFor();
    expect(backendPid()).toBe(backend);
    expect(desktop.complaints).toEqual([]);
    const titles = await desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((one) => one.getTitle()),
    );
    expect(titles.join()).not.toMatch(/SYNTHETIC|E2E|img|hacked/);
  });
});
