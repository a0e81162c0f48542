/** A window of the program in a real browser, over the real server: what the tests of the window stand on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from '../../scripts/build.ts';
import { startServer, type RunningServer } from '../drive/server.ts';
import { launchChromium } from '../viewer/chromium.ts';

export interface Place {
  server: RunningServer;
  /** A fresh window; `before` runs before the page is loaded. */
  open(before?: (page: Page) => Promise<void>): Promise<Page>;
  /** What no window may say: errors, and what the security policy refused. */
  complaints: string[];
  close(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  build(['renderer']);
  const home = mkdtempSync(path.join(tmpdir(), 'raddraft-window-'));
  const server = await startServer(home);
  const browser: Browser = await launchChromium();
  const complaints: string[] = [];
  return {
    server,
    complaints,
    async open(before) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      // From the start: while nobody listens the browser would open, and at once cancel, a chooser of its own.
      page.on('filechooser', () => undefined);
      await before?.(page);
      await page.goto(server.address());
      // Empty, or with the list of studies: then the window has what it needs.
      const first = page.getByRole('heading', { name: 'Open your first study' });
      await first.or(page.getByRole('combobox', { name: 'Search studies' })).waitFor();
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export const editor = (page: Page) => page.getByRole('textbox', { name: 'Report text' });
export const report = (page: Page) => page.getByRole('region', { name: 'Report' });
export const status = (page: Page) => page.getByRole('contentinfo', { name: 'Status' });

/** Opens the first study that the words find. */
export async function openStudy(page: Page, words: string): Promise<void> {
  const search = page.getByRole('combobox', { name: 'Search studies' });
  if (!(await search.isVisible())) await page.getByRole('button', { name: 'Studies', exact: true }).first().click();
  await search.fill(words);
  await search.press('Enter');
  await search.waitFor({ state: 'hidden' });
}

/** The caret at the very end of the report. */
export async function toEnd(page: Page): Promise<void> {
  await editor(page).locator('p').last().click();
  await page.keyboard.press('Control+End');
}

/** Resolves when everything typed is stored. */
export async function saved(page: Page): Promise<void> {
  await status(page).locator('.save.saved').waitFor();
}
