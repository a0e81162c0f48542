/** An auditor's morning and a radiologist's afternoon among 220 stored reports, by keyboard, in both shells. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { build } from '../../scripts/build.ts';
import { makeReports } from '../drive/manyReports.ts';
import { passwordOf } from '../records.ts';
import { seriousOf } from '../renderer/serious.ts';
import { hasShared } from '../shared.ts';
import { ground } from './desktop.ts';
import { openShell, pagesOf, picturesOf, type DeskShell, type Shell } from './deskShells.ts';

const COUNT = 220;
/** Where screenshots go, if somebody wants to look. */
const pictures = process.env['RADDRAFT_PICTURES'];
const here = ground();
const noElectron = 'missing' in here ? here.missing : '';
const shells: readonly (readonly [Shell, string])[] = [
  ['browser mode', ''],
  ['the desktop program', noElectron],
];
/** Made once; every shell works on a copy. */
let made = '';

beforeAll(async () => {
  if (!hasShared) return;
  build(noElectron ? ['renderer'] : ['renderer', 'node', 'main', 'preload']);
  made = mkdtempSync(path.join(tmpdir(), 'raddraft-reports-'));
  await makeReports(made, { count: COUNT, mornings: 12, seed: 7, until: Date.now() - 3_600_000 });
}, 240_000);
afterAll(() => made && rmSync(made, { recursive: true, force: true }));

describe.each(shells)('%s', (shell, without) => {
  const missing = hasShared ? without : '../shared is not here';
  describe.skipIf(missing !== '')(`with ${COUNT} reports${missing && ` (skipped: ${missing})`}`, () => {
    let home = '';
    let desk: DeskShell;
    let page: Page;
    beforeAll(async () => {
      home = mkdtempSync(path.join(tmpdir(), 'raddraft-day-'));
      cpSync(made, home, { recursive: true });
      desk = await openShell(shell, home, here);
      ({ page } = desk);
      // A colour on its way to another is measured as what it is not.
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await signIn('auditor');
    }, 120_000);
    afterAll(async () => {
      await desk.close();
      rmSync(home, { recursive: true, force: true });
    });

    async function signIn(login: string): Promise<void> {
      await page.getByLabel('Name', { exact: false }).first().waitFor();
      await page.keyboard.type(login);
      await page.keyboard.press('Tab');
      await page.keyboard.type(passwordOf(login));
      await page.keyboard.press('Enter');
      await page.getByLabel('Password').waitFor({ state: 'detached' });
    }
    async function signOut(): Promise<void> {
      await command('Sign out');
      await page.getByLabel('Password').waitFor();
    }
    async function command(words: string): Promise<void> {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(words);
      await page.keyboard.press('Enter');
    }
    /** Goes to a control as a person without a mouse does. */
    async function tabTo(control: Locator): Promise<void> {
      await control.first().waitFor();
      for (let steps = 0; steps < 80; steps++) {
        if (await control.first().evaluate((element) => element === document.activeElement)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`expected to reach ${String(control)} by Tab, found no way in 80 steps`);
    }
    async function picture(name: string): Promise<void> {
      if (!pictures) return;
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: path.join(pictures, `${shell.replaceAll(' ', '-')}-${name}.png`) });
    }
    const theme = (to: 'dark' | 'light') =>
      page.evaluate((wanted) => (document.documentElement.dataset['theme'] = wanted), to);
    /** Looked at in the dark and in the light. Both shells show the same page: one of them is asked. */
    async function nothingSerious(name: string): Promise<void> {
      if (shell !== 'browser mode') return picture(name);
      for (const to of ['light', 'dark'] as const) {
        await theme(to);
        expect(await seriousOf(page), `${name}, ${to}`).toEqual([]);
      }
      await picture(name);
    }

    const grid = () => page.getByRole('grid', { name: 'Stored reports' });
    const active = () => grid().locator('[aria-selected=true]');
    const tab = (name: string) => page.getByRole('tab', { name }).and(page.locator('[aria-selected=true]'));
    const rows = async () => Number(await grid().getAttribute('aria-rowcount')) - 1;
    /** Who signed what the auditor reviewed; it is their afternoon. */
    let reader = '';
    /** Patient id of a signed report in which the model marked something; it is printed. */
    let printed = '';
    const patient = async () =>
      /EX-\d{4}/.exec(await page.getByRole('region', { name: 'Images' }).first().innerText())?.[0] ?? '';

    describe('1 an auditor’s morning', () => {
      test('1.1 signed in, every stored report is there and has the keyboard, page by page', async () => {
        await grid().waitFor();
        await expect.poll(rows).toBe(COUNT);
        await page.getByText(`${COUNT} reports`).waitFor();
        await expect.poll(() => grid().evaluate((element) => element === document.activeElement)).toBe(true);
        for (let n = 0; n < 3; n++) await page.keyboard.press('PageDown');
        const at = Number((await active().getAttribute('id'))?.slice('report-'.length));
        expect(at).toBeGreaterThan(20);
        await page.keyboard.press('End');
        await expect.poll(() => active().getAttribute('id')).toBe(`report-${COUNT - 1}`);
        await active().getByText('EX-00').waitFor(); // read by now, not only counted
        await page.keyboard.press('Home');
        await expect.poll(() => active().getAttribute('id')).toBe('report-0');
        await nothingSerious('list');
      });

      test('1.2 filters narrow the list down together; clearing brings all back', async () => {
        await page.keyboard.press('/');
        await page.keyboard.type('vasconcelos');
        await expect.poll(rows).toBeLessThan(20);
        const named = await rows();
        await tabTo(page.getByRole('combobox', { name: 'Reader' }));
        await page.keyboard.type('mor');
        await expect.poll(rows).toBeLessThan(named);
        await tabTo(page.getByRole('button', { name: 'Clear' }));
        await page.keyboard.press('Enter');
        await expect.poll(rows).toBe(COUNT);
        await page.keyboard.press('/');
        await tabTo(page.getByLabel('Pack and version'));
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown'); // the second version
        await expect.poll(rows).toBeLessThan(COUNT / 2);
        await tabTo(page.getByLabel('Overrides'));
        await page.keyboard.type('with');
        await expect.poll(rows).toBeLessThan(40);
        expect(await rows()).toBeGreaterThan(0);
        const list = await desk.saved(async () => {
          await tabTo(page.getByRole('button', { name: 'Save as CSV' }));
          await page.keyboard.press('Enter');
        });
        expect(list.trim().split('\r\n')).toHaveLength((await rows()) + 1);
        expect(list).not.toContain('example-scores 2.0.0');
      });

      test('1.3 a report opens with its stored saliency, the draft beside the signed text, word by word', async () => {
        await tabTo(grid());
        await page.keyboard.press('Home');
        await page.keyboard.press('Enter');
        await tab('Text').waitFor();
        await page.locator('.area[data-image^="raddraft:"]').waitFor();
        await page.keyboard.press('2');
        await tab('Findings').waitFor();
        await nothingSerious('findings');
        await page.keyboard.press('3');
        await page.getByRole('list', { name: 'Versions' }).getByText('Drafted by AI').waitFor();
        await page.getByText('Signed over').first().waitFor();
        await page.getByText('Model run').waitFor();
        await nothingSerious('history');
        await page.keyboard.press('1');
        // On to one that the model marked and the reader changed.
        const shown = () => page.locator('.area[aria-busy="false"]').getAttribute('data-image');
        const appears = (what: Locator) =>
          what.waitFor({ timeout: 5000 }).then(
            () => true,
            () => false,
          );
        const suits = async () =>
          (await page.locator('del, ins').count()) > 0 && (await appears(page.getByText('where the model looked')));
        while (!(await suits())) {
          const before = { patient: await patient(), image: await shown() };
          await page.keyboard.press('j');
          await expect.poll(patient).not.toBe(before.patient);
          await expect.poll(shown).not.toBe(before.image);
        }
        printed = await patient();
        await nothingSerious('text');
      });

      test('1.4 J and K go through the list, Escape goes back to it', async () => {
        await page.keyboard.press('Escape');
        await tabTo(page.getByRole('button', { name: 'Clear' }));
        await page.keyboard.press('Enter');
        await expect.poll(rows).toBe(COUNT);
        await tabTo(grid());
        await page.keyboard.press('Home');
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

      test('1.5 a sample is drawn by finding; a drawn report is scored and commented on', async () => {
        await command('Auditor’s desk: peer review');
        const items = page.getByRole('listbox', { name: 'Reports of the sample' });
        await items.waitFor();
        await tabTo(page.getByRole('radio', { name: 'At random' }));
        await page.keyboard.press('ArrowRight');
        await tabTo(page.getByLabel('Finding that the model marked'));
        await page.keyboard.type('Pleural');
        await tabTo(page.getByLabel('Seed', { exact: false }));
        await page.keyboard.type('this morning');
        await tabTo(page.getByRole('button', { name: 'Draw', exact: true }));
        await page.keyboard.press('Enter');
        await page.getByText('seed “this morning”').waitFor();
        await expect.poll(() => items.getByText('To review').count()).toBe(10);
        await nothingSerious('sample');
        await tabTo(items);
        await page.keyboard.press('ArrowDown');
        const line = await items.locator('[aria-selected=true]').innerText();
        reader = /version \d+ by (\w+)/.exec(line)?.[1] ?? '';
        await page.keyboard.press('Enter');
        await tab('Text').waitFor();
        await page.keyboard.press('4');
        await tabTo(page.getByRole('radio').first());
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        expect(await page.getByRole('radio', { name: /most of the time/ }).isChecked()).toBe(true);
        await tabTo(page.getByLabel('Comment'));
        await page.keyboard.type('An effusion on the left is not named.');
        await nothingSerious('review');
        await page.keyboard.press('Control+Enter');
        await page.getByText('Review given. It goes to the reader').waitFor();
        await page.getByRole('article').getByText('An effusion on the left is not named.').waitFor();
        await page.keyboard.press('Escape'); // out of the field
        await page.keyboard.press('Escape');
        await expect.poll(() => items.getByText('To review').count()).toBe(9);
      });

      test('1.6 monitoring counts agreement, edits, omissions and German reports; its table is saved', async () => {
        await command('Auditor’s desk: monitoring');
        const table = page.getByRole('region', { name: 'Table of findings' });
        await table.waitFor();
        await page.getByRole('region', { name: 'Score drift' }).waitFor();
        await page.getByText(/\d+ of them were drafted in another language/).waitFor();
        await nothingSerious('monitoring');
        const text = await desk.saved(async () => {
          await tabTo(page.getByRole('button', { name: 'Findings', exact: true }));
          await page.keyboard.press('Enter');
        });
        const [head = '', ...lines] = text.trim().split('\r\n');
        const column = (name: string) =>
          lines.reduce((sum, one) => sum + Number(one.split(',')[head.split(',').indexOf(name)]), 0);
        for (const name of ['accepted', 'rejected', 'omissions', 'additions', 'overrides', 'sentences removed'])
          expect(column(name), name).toBeGreaterThan(0);
        expect(column('agree')).toBeLessThan(column('compared'));
      });

      test('1.7 every critical result stands there with who was told; the log says who looked', async () => {
        await command('Auditor’s desk: critical results');
        const list = page.getByRole('region', { name: 'Critical results' });
        await list.getByText(/told in time/).waitFor();
        await list.getByText('nobody was reached', { exact: false }).first().waitFor();
        await nothingSerious('critical-results');
        await command('Audit log');
        const dialog = page.getByRole('dialog', { name: 'Administration' });
        await dialog.getByRole('cell', { name: 'Peer review given' }).first().waitFor();
        await tabTo(dialog.getByRole('button', { name: 'Verify' }));
        await page.keyboard.press('Enter');
        await dialog.getByText(/^Intact: /).waitFor();
        await nothingSerious('log');
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      });
    });

    describe('2 a radiologist’s afternoon', () => {
      const search = () => page.getByRole('combobox', { name: 'Search studies' });
      const text = () => page.getByRole('textbox', { name: 'Report text' });
      const criticalDialog = () => page.getByRole('dialog', { name: 'Critical results of this study' });
      const note = () => page.getByRole('note', { name: 'Open critical result' });
      /** Goes down the list to the first study whose report stands so. */
      async function openOne(state: string): Promise<void> {
        if (!(await search().isVisible())) {
          await page.keyboard.press('Escape'); // out of the text
          await page.keyboard.press('/');
        }
        await search().waitFor();
        const options = page.getByRole('listbox', { name: 'Studies' }).getByRole('option');
        // What was searched for before is selected.
        if ((await search().inputValue()) !== '') await page.keyboard.press('Backspace');
        await expect.poll(() => options.count()).toBeGreaterThan(50);
        const states = await options.evaluateAll((all) => all.map((one) => one.textContent));
        const now = await options.evaluateAll((all) => all.findIndex((one) => one.ariaSelected === 'true'));
        const at = states.findIndex((one) => one.includes(state));
        expect(at, state).toBeGreaterThanOrEqual(0);
        for (let n = 0; n < Math.abs(at - now); n++) await page.keyboard.press(at > now ? 'ArrowDown' : 'ArrowUp');
        await page.keyboard.press('Enter');
        await search().waitFor({ state: 'hidden' });
        await text().waitFor();
        await page.locator('.area[data-image^="raddraft:"]').waitFor();
        await page.keyboard.press('Escape');
      }

      test('2.1 nothing of the auditor’s stays; the studies are searched, and there is the whole list', async () => {
        await signOut();
        await signIn(reader);
        await search().waitFor();
        expect(await page.getByRole('region', { name: 'Auditor’s desk' }).count()).toBe(0);
        await page.getByRole('region', { name: 'Studies' }).getByText(String(COUNT), { exact: true }).waitFor();
        await nothingSerious('worklist');
        await page.keyboard.type('EX-0007');
        await expect.poll(() => page.getByRole('option').count()).toBe(1);
        await page.keyboard.press('Escape'); // clears the search
        await expect.poll(() => page.getByRole('option').count()).toBeGreaterThan(50);
      });

      test('2.2 what was said of one’s reports waits, and is answered', async () => {
        await page.keyboard.press('Escape');
        await command('Peer reviews of my reports');
        const dialog = page.getByRole('dialog', { name: 'Peer reviews of my reports' });
        await dialog.getByText('An effusion on the left is not named.').waitFor();
        const open = await dialog.getByRole('button', { name: 'I have read it' }).count();
        expect(open).toBeGreaterThan(0);
        await nothingSerious('my-reviews');
        await tabTo(dialog.getByLabel('Answer', { exact: false }).first());
        await page.keyboard.type('I see it now.');
        await page.keyboard.press('Enter');
        await expect.poll(() => dialog.getByRole('button', { name: 'I have read it' }).count()).toBe(open - 1);
        await dialog.getByText('I see it now.').waitFor();
        await page.keyboard.press('Escape');
      });

      test('2.3 a critical result is written down, and closed by telling', async () => {
        await openOne('AI draft');
        await page.keyboard.press('Control+Shift+C');
        await criticalDialog().getByLabel('What was found').waitFor();
        await page.keyboard.press('Control+a');
        await page.keyboard.type('Tension pneumothorax');
        await page.keyboard.press('Enter');
        await criticalDialog().getByLabel('Who was told').waitFor();
        await nothingSerious('critical');
        await page.keyboard.press('Escape');
        await note().waitFor();
        await command('Open critical results');
        const list = page.getByRole('dialog', { name: 'Open critical results' });
        await list.getByText('Tension pneumothorax').waitFor();
        await nothingSerious('critical-open');
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+Shift+C');
        await tabTo(criticalDialog().getByLabel('Who was told'));
        await page.keyboard.type('Nurse Panza, ward 3');
        await tabTo(criticalDialog().getByRole('button', { name: 'Told', exact: true }));
        await page.keyboard.press('Enter');
        await criticalDialog().getByText('told Nurse Panza, ward 3').waitFor();
        await page.keyboard.press('Escape');
        await note().waitFor({ state: 'detached' });
      });

      test('2.4 signing warns while one is open: it is a check that needs a reason', async () => {
        await page.keyboard.press('Control+Shift+C');
        await tabTo(criticalDialog().getByRole('button', { name: 'Another one…' }));
        await page.keyboard.press('Enter');
        await tabTo(criticalDialog().getByLabel('What was found'));
        await page.keyboard.press('Control+a');
        await page.keyboard.type('Free air');
        await page.keyboard.press('Enter');
        await criticalDialog().getByLabel('Who was told').waitFor();
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+Enter');
        const sign = page.getByRole('dialog', { name: 'Sign the report' });
        await sign.getByText('Critical: Free air.').waitFor();
        await sign.getByRole('list', { name: 'Checks' }).getByText('Nobody was told of it yet: Free air.').waitFor();
        expect(await sign.getByRole('button', { name: 'Sign', exact: true }).isDisabled()).toBe(true);
        await nothingSerious('sign');
        await page.keyboard.press('Escape');
        await sign.waitFor({ state: 'detached' });
      });

      test('2.5 a phrase is written once; its shortcut shows what it becomes, and goes through its choices', async () => {
        await page.keyboard.press('Control+Shift+E');
        const dialog = page.getByRole('dialog', { name: 'Phrases and templates' });
        await tabTo(dialog.getByLabel('Shortcut'));
        await page.keyboard.type('clear');
        await tabTo(dialog.getByLabel('Name'));
        await page.keyboard.type('Clear lungs');
        await tabTo(dialog.getByLabel('Text', { exact: true }));
        await page.keyboard.insertText(
          'FINDINGS:\nThe [left|right] lung is clear at {age} years, [grade].\n\nIMPRESSION:\nNothing acute.',
        );
        await tabTo(dialog.getByRole('button', { name: 'Save' }));
        await page.keyboard.press('Enter');
        await dialog.getByRole('button', { name: '.clear' }).waitFor();
        await nothingSerious('phrases');
        await page.keyboard.press('Escape');
        await page.keyboard.press('e');
        await page.keyboard.press('Control+Home');
        await page.keyboard.press('ArrowDown'); // from the indication to the technique
        await page.keyboard.press('End');
        await page.keyboard.type(' .cl');
        await page.getByRole('status').filter({ hasText: 'Clear lungs' }).waitFor();
        await page.getByText(/lung is clear at \d+ years/).waitFor(); // the preview, merged
        await picture('phrase');
        await page.keyboard.press('Tab');
        const findings = text().getByRole('region', { name: /^(Findings|Befund)$/ });
        await findings.getByText(/lung is clear at \d+ years/).waitFor();
        await page.getByRole('status').filter({ hasText: 'A digit chooses' }).waitFor();
        await page.keyboard.press('2');
        await findings.getByText(/The right lung is clear/).waitFor();
        await page.keyboard.type('mild'); // over the blank, which is selected now
        await findings.getByText(/years, mild\./).waitFor();
        await text()
          .getByRole('region', { name: /^(Impression|Beurteilung)$/ })
          .getByText('Nothing acute.')
          .waitFor();
        await page.keyboard.press('Control+z');
        await page.getByRole('contentinfo', { name: 'Status' }).locator('.save.saved').waitFor();
      });

      test('2.6 words are found and replaced in one step of undo', async () => {
        await page.keyboard.press('Control+End');
        await page.keyboard.type(' Acute, acuter.');
        await page.keyboard.press('Control+f');
        const bar = page.getByRole('search', { name: 'Find in the report' });
        await bar.waitFor();
        await page.keyboard.type('acute');
        await bar.getByText(/of \d/).waitFor();
        await nothingSerious('find');
        await tabTo(bar.getByLabel('Replace with'));
        await page.keyboard.type('chronic');
        await tabTo(bar.getByRole('button', { name: 'All' }));
        await page.keyboard.press('Enter');
        await text().getByText('chronic, chronicr.').waitFor();
        await bar.getByText('Not found').waitFor();
        await page.keyboard.press('Escape');
        await bar.waitFor({ state: 'detached' });
        await page.keyboard.press('Control+z');
        await text().getByText('Acute, acuter.').waitFor();
        await page.getByRole('contentinfo', { name: 'Status' }).locator('.save.saved').waitFor();
      });

      test('2.7 a signed report is printed over several pages: the PDF’s text is the signed text, whole', async () => {
        await openPrinted();
        // With an addendum that does not fit one page.
        const signed = await signAddendum();
        await page.keyboard.press('Escape');
        await page.keyboard.press('Shift+K');
        await page.getByText('Key image 1 kept for the print').waitFor();
        const { pages, sheet } = await print('signed');
        expect(pages.length).toBeGreaterThanOrEqual(2);
        const body = pages.map((one) => bodyOf(one, sheet)).join('');
        const [own = '', after = ''] = body.split('Keyimage1');
        expect(own).toBe(bare(signed));
        expect(after).toMatch(/Headoftheauditlogwhenthiswasprinted:row\d+,[0-9a-f]{64}/);
        for (const one of pages) {
          expect(one).toContain('FINAL');
          expect(one).toContain(`ID ${printed}`);
          expect(one).toMatch(/version \d+/);
          expect(one).toContain('For research and evaluation. Not for clinical use.');
        }
      });

      test('2.8 a key image is there when the study is opened again; on paper with the overlay or without it', async () => {
        await openOne('In progress');
        expect(await patient()).not.toBe(printed);
        await openPrinted();
        for (const overlay of ['without', 'with'] as const) {
          await page.keyboard.press('Control+Shift+P');
          const dialog = page.getByRole('dialog', { name: 'Print or save as PDF' });
          await dialog.getByRole('img', { name: /Key image 1/ }).waitFor();
          await tabTo(dialog.getByRole('radiogroup', { name: 'Overlay' }).locator('input:checked'));
          await page.keyboard.press(overlay === 'with' ? 'ArrowLeft' : 'ArrowRight');
          await nothingSerious(`print-${overlay}`);
          const file = await desk.pdf();
          const words = pagesOf(file).join(' ');
          expect(words).toContain(overlay === 'with' ? 'Overlay by AI' : 'Without overlay.');
          const coloured = picturesOf(file, pictures ?? home, `${shell.replaceAll(' ', '-')}-${overlay}`)
            .map(colouredShare)
            .reduce((a, b) => Math.max(a, b));
          if (overlay === 'with') expect(coloured).toBeGreaterThan(0.0005);
          else expect(coloured).toBe(0);
          await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
        }
      });

      async function openPrinted(): Promise<void> {
        await page.keyboard.press('Escape'); // out of the text
        await page.keyboard.press('/');
        await search().waitFor();
        await page.keyboard.type(printed);
        await expect.poll(() => page.getByRole('option').count()).toBe(1);
        await page.keyboard.press('Enter');
        await search().waitFor({ state: 'hidden' });
        await text().waitFor();
        await page.locator('.area[data-image^="raddraft:"]').waitFor();
        await expect.poll(patient).toBe(printed);
        await page.keyboard.press('Escape');
      }

      async function signAddendum(): Promise<string> {
        await command('Begin an addendum');
        const lines = Array.from({ length: 60 }, (_, n) => `${n + 1}. A line, so that one page is not enough: é ü ł.`);
        await tabTo(page.getByRole('region', { name: 'Addendum' }).getByRole('textbox'));
        await page.keyboard.insertText(lines.join('\n'));
        await page.keyboard.press('Control+Enter');
        const dialog = page.getByRole('dialog', { name: 'Sign the addendum' });
        const words = await dialog
          .getByRole('region', { name: 'The text that is signed' })
          .locator('pre')
          .textContent();
        for (const reason of await dialog.getByLabel('Sign all the same').all()) {
          await tabTo(reason);
          await page.keyboard.type('seen and meant');
        }
        await tabTo(dialog.getByLabel('Password'));
        await page.keyboard.type(passwordOf(reader));
        await page.keyboard.press('Enter');
        await dialog.waitFor({ state: 'detached' });
        return words ?? '';
      }

      /** The pages of the PDF as text, and what every page has. */
      async function print(name: string) {
        await page.evaluate(() => {
          new MutationObserver(() => {
            const part = (of: string) => document.querySelector(`.sheet ${of}`)?.textContent ?? '';
            if (document.querySelector('.sheet'))
              Object.assign(window, { printedSheet: { head: part('thead'), foot: part('tfoot') } });
          }).observe(document.body, { subtree: true, childList: true });
        });
        await page.keyboard.press('Control+Shift+P');
        const dialog = page.getByRole('dialog', { name: 'Print or save as PDF' });
        await dialog.getByRole('img').first().waitFor();
        const file = await desk.pdf();
        const sheet = Sheet.parse(await page.evaluate((): unknown => Reflect.get(window, 'printedSheet')));
        if (pictures) picturesOf(file, pictures, `${shell.replaceAll(' ', '-')}-${name}`);
        return { pages: pagesOf(file), sheet };
      }
    });

    describe('3 the auditor again', () => {
      test('3.1 prints what was signed, with the key image that the reader kept', async () => {
        await signOut();
        await signIn('auditor');
        await grid().waitFor();
        await page.keyboard.press('/');
        await page.keyboard.type(printed);
        await expect.poll(rows).toBe(1);
        await page.keyboard.press('Enter');
        await tabTo(grid());
        await page.keyboard.press('Enter');
        await page.locator('.area[data-image^="raddraft:"]').waitFor();
        await page.getByRole('button', { name: 'Print…' }).waitFor();
        await page.keyboard.press('Control+Shift+P');
        const dialog = page.getByRole('dialog', { name: 'Print or save as PDF' });
        await dialog.getByRole('img', { name: /Key image 1/ }).waitFor();
        await dialog.getByText(/The signed text, version \d/).waitFor();
        expect(await dialog.getByRole('button', { name: /Keep the image|Remove/ }).count()).toBe(0);
        const words = pagesOf(await desk.pdf()).join(' ');
        expect(words).toMatch(/FINAL, WITH ADDENDUM/);
        expect(words).toMatch(/60\. A line, so that one page is not enough: é ü ł\./);
        expect(words).toContain('Key image 1');
      });

      test('3.2 the window complained of nothing', () => {
        expect(desk.complaints).toEqual([]);
      });
    });
  });
});

const Sheet = z.object({ head: z.string(), foot: z.string() });
const bare = (text: string): string => text.replaceAll(/\s+/g, '');

/** What stands between the header and the footer that every page has. */
function bodyOf(page: string, sheet: { head: string; foot: string }): string {
  const text = bare(page).replace(/Page\d+of\d+$/, '');
  const [head, foot] = [bare(sheet.head), bare(sheet.foot)];
  expect(head).not.toBe('');
  expect(text.startsWith(head)).toBe(true);
  expect(text.endsWith(foot)).toBe(true);
  return text.slice(head.length, text.length - foot.length);
}

/** Share of a page's pixels that are far from grey: outline, name and heat map are, film and text are not. */
function colouredShare(png: Buffer): number {
  const { data } = PNG.sync.read(png);
  let coloured = 0;
  for (let at = 0; at < data.length; at += 4) {
    const [r = 0, g = 0, b = 0] = data.subarray(at, at + 3);
    if (Math.max(r, g, b) - Math.min(r, g, b) > 60) coloured++;
  }
  return (coloured * 4) / data.length;
}
