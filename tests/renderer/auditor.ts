/** A window on a data folder with many stored reports: what the tests of the auditor's desk stand on. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { build } from '../../scripts/build.ts';
import { makeReports } from '../drive/manyReports.ts';
import { startServer } from '../drive/server.ts';
import { passwordOf } from '../records.ts';
import { launchChromium } from '../viewer/chromium.ts';

export interface AuditorPlace {
  home: string;
  complaints: string[];
  /** A window in which somebody has signed in. */
  open(login: string): Promise<Page>;
  close(): Promise<void>;
}

export async function auditorPlace(count: number): Promise<AuditorPlace> {
  build(['renderer']);
  const home = mkdtempSync(path.join(tmpdir(), 'raddraft-auditor-'));
  await makeReports(home, { count, mornings: 3, seed: 3, until: Date.now() - 3_600_000 });
  const server = await startServer(home);
  const browser = await launchChromium();
  const complaints: string[] = [];
  return {
    home,
    complaints,
    async open(login) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.setDefaultTimeout(10_000);
      // A colour on its way to another is measured as what it is not.
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.goto(server.address());
      await page.getByLabel('Name', { exact: false }).first().fill(login);
      await page.getByLabel('Password').fill(passwordOf(login));
      await page.keyboard.press('Enter');
      await page.getByLabel('Password').waitFor({ state: 'detached' });
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe calls serious or critical, as `rule: element`. The policy forbids scripts of others: it runs in a world of its own. */
export async function seriousOf(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const world = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'axe' });
  const contextId = world.executionContextId;
  await session.send('Runtime.evaluate', { contextId, expression: readFileSync(axeFile, 'utf8') });
  const { result } = await session.send('Runtime.evaluate', {
    contextId,
    awaitPromise: true,
    returnByValue: true,
    expression: `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 160))))`,
  });
  await session.detach();
  return result.value as string[];
}
