/** An auditor's morning and a radiologist's afternoon in the window, by keyboard; what is printed is what was signed. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { passwordOf } from '../records.ts';
import { hasShared, needsShared } from '../shared.ts';
import { auditorPlace, seriousOf, type AuditorPlace } from './auditor.ts';

/** Where screenshots go, if somebody wants to look. */
const pictures = process.env['RADDRAFT_PICTURES'];

describe.skipIf(!hasShared)(needsShared('the auditor’s desk in the window'), () => {
  let place: AuditorPlace;
  let page: Page;
  beforeAll(async () => {
    place = await auditorPlace(30);
    page = await place.open('auditor');
  }, 180_000);
  afterAll(() => place.close());

  const grid = () => page.getByRole('grid', { name: 'Stored reports' });
  const active = () => grid().locator('[aria-selected=true]');
  const tab = (name: string) => page.getByRole('tab', { name }).and(page.locator('[aria-selected=true]'));

  async function picture(name: string, on = page): Promise<void> {
    if (!pictures) return;
    mkdirSync(pictures, { recursive: true });
    await on.screenshot({ path: path.join(pictures, `${name}.png`) });
  }

  describe('1 an auditor’s morning', () => {
    test('1.1 signed in, the stored reports are there and have the keyboard', async () => {
      await grid().waitFor();
      await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('31');
      await page.getByText('30 reports').waitFor();
      await expect.poll(() => grid().evaluate((element) => element === document.activeElement)).toBe(true);
      await page.keyboard.press('End');
      await expect.poll(() => active().getAttribute('id')).toBe('report-29');
      await active().waitFor({ state: 'visible' });
      await page.keyboard.press('Home');
      await expect.poll(() => active().getAttribute('id')).toBe('report-0');
      expect(await seriousOf(page)).toEqual([]);
      await picture('list');
    });

    test('1.2 a filter narrows the list down; clearing it brings all back', async () => {
      await page.keyboard.press('/');
      await page.keyboard.type('quixano');
      await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('3');
      await page.getByRole('button', { name: 'Clear' }).click();
      await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('31');
      await page.getByLabel('State').selectOption('final');
      await expect.poll(() => grid().getByText('AI draft').count()).toBe(0);
    });

    test('1.3 a report opens with its stored saliency, the draft beside the signed text, word by word', async () => {
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByLabel('Overrides').selectOption('with');
      await expect.poll(() => grid().getByText('Final').count()).toBeGreaterThan(0);
      await grid().focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('Enter');
      await tab('Text').waitFor();
      await page.locator('.area[data-image^="raddraft:"]').waitFor();
      await page.getByText('where the model looked').waitFor();
      expect(await page.locator('del, ins').count()).toBeGreaterThan(0);
      expect(await seriousOf(page)).toEqual([]);
      await picture('text');
      await page.keyboard.press('2');
      await tab('Findings').waitFor();
      await page.getByText('Signed over').first().waitFor();
      await picture('findings');
      expect(await seriousOf(page)).toEqual([]);
      await page.keyboard.press('3');
      await page.getByRole('list', { name: 'Versions' }).getByText('Drafted by AI').waitFor();
      await page.getByText('Model run').waitFor();
      expect(await seriousOf(page)).toEqual([]);
    });

    test('1.4 J and K go through the list, Escape goes back to it', async () => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Clear' }).click();
      await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe('31');
      await grid().focus();
      await page.keyboard.press('Enter');
      await page.getByRole('tablist', { name: 'Record' }).waitFor();
      const who = () => page.getByRole('region', { name: 'Images' }).locator('.name').first().innerText();
      const first = await who();
      await page.keyboard.press('j');
      await expect.poll(who).not.toBe(first);
      await page.keyboard.press('k');
      await expect.poll(who).toBe(first);
      await page.keyboard.press('Escape');
      await grid().waitFor();
    });

    test('1.5 a drawn report is scored and commented on, and the sample goes on', async () => {
      await page.getByRole('button', { name: 'Peer review' }).click();
      const items = page.getByRole('listbox', { name: 'Reports of the sample' });
      await items.waitFor();
      await items.getByText('To review').first().waitFor();
      const waiting = await items.getByText('To review').count();
      expect(await seriousOf(page)).toEqual([]);
      await items.focus();
      await page.keyboard.press('Enter');
      await tab('Text').waitFor();
      await page.keyboard.press('4');
      await page.getByRole('radio', { name: /most of the time/ }).check();
      await page.getByLabel('Comment').fill('An effusion on the left is not named.');
      expect(await seriousOf(page)).toEqual([]);
      await page.keyboard.press('Control+Enter');
      await page.getByText('Review given. It goes to the reader').waitFor();
      await page.getByRole('article').getByText('An effusion on the left is not named.').waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => items.getByText('To review').count()).toBe(waiting - 1);
    });

    test('1.6 monitoring counts, and its table is saved as a file', async () => {
      await page.getByRole('button', { name: 'Monitoring' }).click();
      await page.getByRole('region', { name: 'Table of findings' }).waitFor();
      await page.getByRole('region', { name: 'Score drift' }).waitFor();
      expect(await seriousOf(page)).toEqual([]);
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Findings', exact: true }).click();
      expect((await saved).suggestedFilename()).toBe('raddraft-findings.csv');
      await picture('monitoring');
    });

    test('1.7 in the light too, nothing serious', async () => {
      await page.evaluate(() => (document.documentElement.dataset['theme'] = 'light'));
      expect(await seriousOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'Reports', exact: true }).click();
      await grid().waitFor();
      expect(await seriousOf(page)).toEqual([]);
    });
  });

  describe('2 a radiologist’s afternoon', () => {
    let reader: Page;
    /** The first study of the list whose report stands so. */
    async function openOne(state: string): Promise<void> {
      const search = reader.getByRole('combobox', { name: 'Search studies' });
      if (!(await search.isVisible())) {
        await reader.keyboard.press('Escape'); // out of the text
        await reader.keyboard.press('/');
      }
      await search.waitFor();
      await reader.getByRole('option').filter({ hasText: state }).first().click();
      await search.waitFor({ state: 'hidden' });
      await reader.getByRole('textbox', { name: 'Report text' }).waitFor();
      await reader.locator('.area[data-image^="raddraft:"]').waitFor();
      await reader.locator('.area').focus();
    }
    beforeAll(async () => {
      reader = await place.open('okafor');
      await reader.getByRole('combobox', { name: 'Search studies' }).waitFor();
    });

    test('2.1 what was said of one’s reports waits, and is answered', async () => {
      const badge = reader.getByRole('button', { name: /\d peer review/ });
      if ((await badge.count()) === 0) return; // nothing of this reader was drawn with this seed
      await reader.keyboard.press('Escape');
      await badge.click();
      const dialog = reader.getByRole('dialog', { name: 'Peer reviews of my reports' });
      const open = await dialog.getByRole('button', { name: 'I have read it' }).count();
      expect(open).toBeGreaterThan(0);
      expect(await seriousOf(reader)).toEqual([]);
      await dialog.getByRole('button', { name: 'I have read it' }).first().click();
      await expect.poll(() => dialog.getByRole('button', { name: 'I have read it' }).count()).toBe(open - 1);
      await reader.keyboard.press('Escape');
    });

    test('2.2 a critical result is written down, warns where the report is signed, and is closed by telling', async () => {
      await openOne('AI draft');
      await reader.keyboard.press('Control+Shift+C');
      const dialog = reader.getByRole('dialog', { name: 'Critical results of this study' });
      await dialog.getByLabel('What was found').fill('Tension pneumothorax');
      await reader.keyboard.press('Enter');
      await dialog.getByLabel('Who was told').waitFor();
      expect(await seriousOf(reader)).toEqual([]);
      await picture('critical', reader);
      await reader.keyboard.press('Escape');
      await reader.getByRole('note', { name: 'Open critical result' }).waitFor();
      await reader.getByRole('button', { name: '1 critical' }).waitFor();
      expect(await seriousOf(reader)).toEqual([]);
      await reader.getByRole('button', { name: '1 critical' }).click();
      await reader.getByRole('dialog', { name: 'Open critical results' }).getByText('Tension pneumothorax').waitFor();
      await reader.keyboard.press('Escape');
      await reader.keyboard.press('Control+Shift+C');
      await dialog.getByLabel('Who was told').fill('Nurse Panza, ward 3');
      await dialog.getByRole('button', { name: 'Told', exact: true }).click();
      await dialog.getByText('told Nurse Panza, ward 3').waitFor();
      await reader.keyboard.press('Escape');
      await reader.getByRole('note', { name: 'Open critical result' }).waitFor({ state: 'detached' });
      await reader.getByRole('button', { name: '1 critical' }).waitFor({ state: 'detached' });
    });

    test('2.3 where a report is signed while one is open, the dialog says so', async () => {
      await reader.keyboard.press('Control+Shift+C');
      const dialog = reader.getByRole('dialog', { name: 'Critical results of this study' });
      await dialog.getByRole('button', { name: 'Another one…' }).click();
      await dialog.getByLabel('What was found').fill('Free air');
      await reader.keyboard.press('Enter');
      await dialog.getByLabel('Who was told').waitFor();
      await reader.keyboard.press('Escape');
      await reader.keyboard.press('Control+Enter');
      const sign = reader.getByRole('dialog', { name: 'Sign the report' });
      await sign.getByText('Critical: Free air.').waitFor();
      await picture('sign', reader);
      await reader.keyboard.press('Escape');
    });

    test('2.4 a phrase is written once; its shortcut shows what it becomes, merges, and goes through its choices', async () => {
      const text = reader.getByRole('textbox', { name: 'Report text' });
      await reader.keyboard.press('Control+Shift+E');
      const dialog = reader.getByRole('dialog', { name: 'Phrases and templates' });
      await dialog.getByLabel('Shortcut').fill('clear');
      await dialog.getByLabel('Name').fill('Clear lungs');
      await dialog
        .getByLabel('Text', { exact: true })
        .fill('FINDINGS:\nThe [left|right] lung is clear at {age} years, [grade].\n\nIMPRESSION:\nNothing acute.');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByRole('button', { name: '.clear' }).waitFor();
      expect(await seriousOf(reader)).toEqual([]);
      await picture('phrases', reader);
      await reader.keyboard.press('Escape');
      const technique = text.getByRole('region', { name: 'Technique' });
      await technique.locator('p').click();
      await reader.keyboard.press('End');
      await reader.keyboard.type(' .cl');
      await reader.getByRole('status').filter({ hasText: 'Clear lungs' }).waitFor();
      await reader.getByText(/lung is clear at \d+ years/).waitFor(); // the preview, merged
      await picture('phrase', reader);
      await reader.keyboard.press('Tab');
      const findings = text.getByRole('region', { name: 'Findings' });
      await findings.getByText(/lung is clear at \d+ years/).waitFor();
      expect(await technique.innerText()).not.toContain('.cl');
      await reader.getByRole('status').filter({ hasText: 'A digit chooses' }).waitFor();
      await reader.keyboard.press('2');
      await findings.getByText(/The right lung is clear/).waitFor();
      await reader.keyboard.type('mild'); // over the blank, which is selected now
      await findings.getByText(/years, mild\./).waitFor();
      await text.getByRole('region', { name: 'Impression' }).getByText('Nothing acute.').waitFor();
      await reader.keyboard.press('Control+z');
      await reader.getByRole('contentinfo', { name: 'Status' }).getByText('Saved').waitFor();
    });

    test('2.5 words are found and replaced in one step of undo', async () => {
      const text = reader.getByRole('textbox', { name: 'Report text' });
      await text.getByRole('region', { name: 'Impression' }).locator('p').last().click();
      await reader.keyboard.type(' Acute, acuter.');
      await reader.keyboard.press('Control+f');
      const bar = reader.getByRole('search', { name: 'Find in the report' });
      await bar.getByLabel('Find', { exact: true }).fill('acute');
      await bar.getByText(/of \d/).waitFor();
      expect(await seriousOf(reader)).toEqual([]);
      await picture('find', reader);
      await bar.getByLabel('Replace with').fill('chronic');
      await bar.getByRole('button', { name: 'All' }).click();
      await text.getByText('chronic, chronicr.').waitFor();
      await bar.getByText('Not found').waitFor();
      await reader.keyboard.press('Escape');
      await bar.waitFor({ state: 'detached' });
      await reader.keyboard.press('Control+z');
      await text.getByText('Acute, acuter.').waitFor();
      await reader.getByRole('contentinfo', { name: 'Status' }).getByText('Saved').waitFor();
    });

    test('2.6 a signed report is printed: the PDF’s text is the signed text, whole', async () => {
      await openOne('Final');
      // With an addendum that does not fit one page.
      const signed = await signAddendum(reader, 'okafor');
      await reader.locator('.area').focus();
      await reader.keyboard.press('Shift+K');
      await reader.getByText('Key image 1 kept for the print').waitFor();
      const { text, sheet } = await printed(reader, place, 'signed');
      expect(text.length).toBeGreaterThanOrEqual(2);
      const body = text.map((one) => bodyOf(one, sheet)).join('');
      const [own = '', after = ''] = body.split('Keyimage1');
      expect(own).toBe(bare(signed));
      expect(after).toMatch(/Headoftheauditlogwhenthiswasprinted:row\d+,[0-9a-f]{64}/);
      for (const one of text) {
        expect(one).toContain('FINAL');
        expect(one).toMatch(/ID EX-\d{4}/);
        expect(one).toMatch(/version \d+/);
        expect(one).toContain('For research and evaluation. Not for clinical use.');
      }
    });

    test('2.7 the window complained of nothing', () => {
      expect(place.complaints).toEqual([]);
    });
  });
});

const bare = (text: string): string => text.replaceAll(/\s+/g, '');

/** What stands between the header and the footer that every page has. */
function bodyOf(page: string, sheet: { head: string; foot: string }): string {
  const text = bare(page).replace(/Page\d+of\d+$/, '');
  const [head, foot] = [bare(sheet.head), bare(sheet.foot)];
  expect(text.startsWith(head)).toBe(true);
  expect(text.endsWith(foot)).toBe(true);
  return text.slice(head.length, text.length - foot.length);
}

/** Signs a long addendum as `login`; answers with the exact text. */
async function signAddendum(page: Page, login: string): Promise<string> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Begin an addendum');
  await page.keyboard.press('Enter');
  const lines = Array.from({ length: 60 }, (_, line) => `${line + 1}. A line, so that one page is not enough: é ü ł.`);
  await page.getByRole('region', { name: 'Addendum' }).getByRole('textbox').fill(lines.join('\n'));
  await page.keyboard.press('Control+Enter');
  const dialog = page.getByRole('dialog', { name: 'Sign the addendum' });
  const text = await dialog.getByRole('region', { name: 'The text that is signed' }).locator('pre').textContent();
  for (const reason of await dialog.getByLabel('Sign all the same').all()) await reason.fill('seen and meant');
  await dialog.getByLabel('Password').fill(passwordOf(login));
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  return text ?? '';
}

/** The pages of the PDF as text, and what every page has. */
async function printed(page: Page, place: AuditorPlace, name: string) {
  // A browser's own dialog cannot be driven: the sheet that it would have printed stays for the PDF.
  await page.evaluate(() => {
    window.print = () => {
      const parts = [...document.querySelectorAll('.sheet, .across')].map((part) => part.cloneNode(true));
      setTimeout(() => document.getElementById('app')?.append(...parts), 300);
    };
  });
  await page.keyboard.press('Control+Shift+P');
  const dialog = page.getByRole('dialog', { name: 'Print or save as PDF' });
  await dialog.getByRole('img').first().waitFor();
  expect(await seriousOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Print or save as PDF…' }).click();
  await page.locator('#app > .sheet').waitFor({ state: 'attached' });
  await page.waitForTimeout(600);
  const sheet = await page.evaluate(() => ({
    head: document.querySelector('.sheet thead')?.textContent ?? '',
    foot: document.querySelector('.sheet tfoot')?.textContent ?? '',
  }));
  const file = path.join(place.home, `${name}.pdf`);
  writeFileSync(file, await page.pdf({ preferCSSPageSize: true, printBackground: true, format: 'A4' }));
  if (pictures) spawnSync('pdftoppm', ['-r', '70', '-png', file, path.join(pictures, name)]);
  const { stdout, error } = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  if (error) throw new Error('pdftotext (poppler-utils) is needed to read the PDF', { cause: error });
  return { text: stdout.split('\f').filter((one) => one.trim() !== ''), sheet };
}
