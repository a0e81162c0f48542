/** A reader decides on findings by keyboard and the text follows; the program is killed, and undo goes on where it was. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from '../../scripts/build.ts';
import { startServer, type RunningServer } from '../drive/server.ts';
import { hasShared, needsShared, shared } from '../shared.ts';
import { launchChromium } from '../viewer/chromium.ts';
import { editor, openStudy, report, saved, toEnd } from './desk.ts';
import { seriousOf } from './serious.ts';

const wait = { timeout: 60_000 };
const home = mkdtempSync(path.join(tmpdir(), 'raddraft-deciding-'));
const complaints: string[] = [];
let server: RunningServer;
let browser: Browser;
let page: Page;

async function open(): Promise<Page> {
  const fresh = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  fresh.on('pageerror', (error) => complaints.push(error.message));
  fresh.on('filechooser', () => undefined);
  await fresh.goto(server.address());
  const empty = fresh.getByRole('heading', { name: 'Open your first study' });
  await empty.or(fresh.getByRole('combobox', { name: 'Search studies' })).waitFor();
  return fresh;
}

beforeAll(async () => {
  build(['renderer']);
  server = await startServer(home);
  browser = await launchChromium();
  page = await open();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

const findings = () => page.getByRole('region', { name: 'Findings of the model' });
const decision = () => page.getByRole('group', { name: /^Decision on/ });
const section = (name: string) => editor(page).getByRole('region', { name });
const lines = async (name: string) =>
  (await section(name).locator('p').allInnerTexts()).map((text) => text.trim().replace(/\s*AI( edited)?$/, ''));
/** Selects a finding in the list and leaves the focus there, where its keys work. */
async function select(name: string): Promise<void> {
  const row = findings().getByRole('button', { name });
  if ((await row.getAttribute('aria-pressed')) !== 'true') await row.click();
  await page.getByRole('group', { name: `Decision on ${name}` }).waitFor();
  await row.focus();
}
async function undoInText(): Promise<void> {
  await editor(page).focus();
  await page.keyboard.press('Control+z');
}

const blanket = 'No assessed finding was flagged; the film has not been shown to be normal.';

describe('1 a finding that the model did not mark', () => {
  test('1.1 said to be there: the reader’s sentence stands in both sections, and what it makes untrue is gone', async () => {
    await page.getByRole('button', { name: 'Try the demo film' }).click();
    await page.getByText('No report yet').waitFor(wait);
    await page.keyboard.press('d');
    await editor(page).waitFor(wait);
    expect(await lines('Impression')).toEqual([blanket]);
    await select('Pleural effusion');
    await page.keyboard.press('y');
    await decision()
      .getByText(/^Said to be there by/)
      .waitFor();
    expect(await lines('Findings')).toContain('Pleural effusion.');
    expect(await lines('Impression')).toEqual(['Pleural effusion.']);
    expect((await lines('Findings')).join(' ')).not.toContain('reached its operating point');
    expect(await section('Impression').getByRole('img').count()).toBe(0);
  });

  test('1.2 the text is undone, the decision stands, and that they differ is said', async () => {
    await undoInText();
    expect(await lines('Impression')).toEqual([blanket]);
    await select('Pleural effusion');
    await decision()
      .getByText(/^Said to be there by/)
      .waitFor();
    await decision()
      .getByText(/The text still says .*No assessed finding was flagged/)
      .waitFor();
    await decision().getByRole('button', { name: 'Take it out' }).click();
    await expect.poll(() => lines('Impression')).toEqual(['Pleural effusion.']);
    expect(await decision().getByText('The text still says').count()).toBe(0);
  });

  test('1.3 said in other words, by keyboard alone: side, size and why', async () => {
    await select('Pleural effusion');
    await page.keyboard.press('Alt+y');
    await decision().getByRole('radio', { name: 'No side' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    const sentence = decision().getByLabel('Your sentence, in findings and impression');
    expect(await sentence.inputValue()).toBe('Small pleural effusion on the right.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('blunted angle');
    await page.keyboard.press('Enter');
    await decision()
      .getByText(/blunted angle$/)
      .waitFor();
    expect(await lines('Impression')).toEqual(['Small pleural effusion on the right.']);
    expect((await lines('Findings')).filter((line) => /effusion/i.test(line) && !/assessed/.test(line))).toEqual([
      'Small pleural effusion on the right.',
    ]);
  });

  test('1.4 words that the reader types are not changed by the choices; Escape leaves everything as it was', async () => {
    await select('Pleural effusion');
    await page.keyboard.press('Alt+y');
    const sentence = decision().getByLabel('Your sentence, in findings and impression');
    await sentence.fill('Loculated effusion.');
    await decision().getByText('Left', { exact: true }).click();
    expect(await sentence.inputValue()).toBe('Loculated effusion.');
    for (const theme of ['light', 'dark']) {
      await page.evaluate((to) => (document.documentElement.dataset['theme'] = to), theme);
      // Colours fade over; what is half way is nobody's screen.
      await page.evaluate(() =>
        Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))),
      );
      expect(await seriousOf(page)).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await sentence.waitFor({ state: 'hidden' });
    expect(await lines('Impression')).toEqual(['Small pleural effusion on the right.']);
  });

  test('1.5 not there after all: the model’s sentences come back', async () => {
    await select('Pleural effusion');
    await page.keyboard.press('Shift+Y');
    await page.keyboard.press('Enter');
    await decision()
      .getByText(/^Said not to be there by/)
      .waitFor();
    expect(await lines('Impression')).toEqual([blanket]);
    await section('Impression').getByRole('img', { name: 'Drafted by AI, unchanged' }).waitFor();
  });
});

describe('2 undo that survives a restart', () => {
  test('2.1 killed and started again, Ctrl Z goes on with what was typed before', async () => {
    await section('Indication').locator('p').click();
    // At once: what is typed more slowly is undone in pieces.
    await page.keyboard.insertText('Cough.');
    await section('Technique').locator('p').click();
    await page.keyboard.press('Home');
    await page.keyboard.insertText('Supine. ');
    await saved(page);
    await server.kill();
    await page.close();
    server = await startServer(home);
    page = await open();
    await openStudy(page, 'SYNTHETIC');
    await editor(page).getByText('Supine. ').waitFor(wait);
    await undoInText();
    expect([await lines('Indication'), (await lines('Technique'))[0]]).toEqual([
      ['Cough.'],
      expect.stringMatching(/^Chest radiograph/),
    ]);
    await undoInText();
    expect(await lines('Indication')).toEqual(['']);
    // Further back than the restart: the decision before it.
    await undoInText();
    expect(await lines('Impression')).toEqual(['Small pleural effusion on the right.']);
    await page.keyboard.press('Control+y');
    expect((await lines('Impression'))[0]).toMatch(/^No assessed finding/);
  });

  test('2.2 the page loaded anew goes on in the same way', async () => {
    await section('Comparison').locator('p').click();
    await page.keyboard.insertText('None.');
    await saved(page);
    await page.reload();
    await page.getByRole('combobox', { name: 'Search studies' }).waitFor();
    await openStudy(page, 'SYNTHETIC');
    await editor(page).getByText('None.').waitFor(wait);
    await undoInText();
    expect((await lines('Comparison')).join('')).toBe('');
  });

  test('2.3 a text that another window changed is not undone here', async () => {
    await saved(page);
    const other = await open();
    await openStudy(other, 'SYNTHETIC');
    await editor(other).waitFor(wait);
    await editor(other).getByRole('region', { name: 'Comparison' }).locator('p').click();
    await other.keyboard.type('From the other window.');
    await saved(other);
    await editor(page).getByText('From the other window.').waitFor(wait);
    await undoInText();
    expect(await lines('Comparison')).toEqual(['From the other window.']);
    await other.close();
  });
});

describe('3 text and decision', () => {
  const line = () => report(page).getByText(/^Text and decision differ/);

  test('3.1 a sentence typed against a decision is named above the text, whatever is selected, and goes when asked', async () => {
    expect(await line().count()).toBe(0);
    await toEnd(page);
    await page.keyboard.press('Enter');
    await page.keyboard.type('Large left pleural effusion.');
    await line().getByRole('button', { name: 'Pleural effusion' }).click();
    await decision().getByText('You wrote in it, so it stays: “Large left pleural effusion.”').waitFor();
    await decision().getByRole('button', { name: 'Take it out' }).click();
    await line().waitFor({ state: 'hidden' });
    expect(await lines('Impression')).toEqual([blanket]);
  });

  test('3.2 a sentence that the reader stated and its finding find each other', async () => {
    await select('Edema');
    await page.keyboard.press('y');
    const stated = section('Impression').locator('p').filter({ hasText: /edema/i });
    await stated.locator('.s-own').waitFor();
    await section('Technique').locator('p').first().click();
    await decision().waitFor({ state: 'hidden' });
    await stated.click();
    await decision()
      .getByText(/^Said to be there by/)
      .waitFor();
    await report(page)
      .getByText(/^Stated by the reader of edema/)
      .waitFor();
    await select('Edema');
    await page.keyboard.press('Shift+Y');
    await page.keyboard.press('Enter');
    await stated.waitFor({ state: 'hidden' });
  });
});

describe.skipIf(!hasShared)(needsShared('4 a finding that the model marked'), () => {
  let name = '';
  const own = async (of: string) => (await lines(of)).filter((line) => line.startsWith(name));

  test('4.1 rejected with a reason: its sentences go from findings and impression', async () => {
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Control+o');
    await (await chooser).setFiles(shared('data/images/nih-00000211_013.jpg'));
    const form = page.getByRole('dialog', { name: 'What does this picture show?' });
    await form.getByText('Chest, AP', { exact: true }).click();
    await form.getByLabel('Patient id').fill('REAL-1');
    await form.getByLabel('Age in years').fill('59');
    await form.getByRole('button', { name: 'Open it', exact: true }).click();
    await report(page).getByText('No report yet').waitFor(wait);
    await page.keyboard.press('d');
    await editor(page).waitFor(wait);
    const marked = findings().getByRole('listitem').filter({ hasText: 'above' }).first();
    name = (await marked.locator('.name').innerText()).trim();
    await select(name);
    await page.keyboard.press('Shift+Y');
    await page.keyboard.type('a skin fold');
    await page.keyboard.press('Enter');
    await decision()
      .getByText(/^Rejected by .*: a skin fold$/)
      .waitFor();
    expect(await own('Findings')).toEqual([]);
    expect(await own('Impression')).toEqual([]);
  });

  test('4.2 accepted again: they are back, unchanged', async () => {
    await select(name);
    await page.keyboard.press('y');
    await decision()
      .getByText(/^Accepted by/)
      .waitFor();
    expect((await own('Findings')).length).toBeGreaterThan(0);
    expect(await own('Impression')).toHaveLength(1);
    expect(await editor(page).getByRole('img', { name: 'Drafted by AI, edited' }).count()).toBe(0);
  });

  test('4.3 a sentence that the reader wrote in stays, and the report says so', async () => {
    const line = section('Findings').locator('p').filter({ hasText: name }).first();
    await line.click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type(' today');
    await line.getByRole('img', { name: 'Drafted by AI, edited' }).waitFor();
    await select(name);
    await page.keyboard.press('Shift+Y');
    await page.keyboard.press('Enter');
    await decision()
      .getByText(/You wrote in it, so it stays: .*today/)
      .waitFor();
    expect((await own('Findings')).join(' ')).toContain('today');
    expect(await own('Impression')).toEqual([]);
    await decision().getByRole('button', { name: 'Take it out' }).click();
    await expect.poll(() => own('Findings')).toEqual([]);
  });
});

test('5.1 nothing went wrong in the window meanwhile', () => {
  expect(complaints).toEqual([]);
});
