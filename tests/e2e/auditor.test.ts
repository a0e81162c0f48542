/** The auditor's desk and the signed PDF in the desktop program, by keyboard. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from '../../scripts/build.ts';
import { makeReports } from '../drive/manyReports.ts';
import { passwordOf } from '../records.ts';
import { hasShared } from '../shared.ts';
import { ground, openDesktop, type Desktop } from './desktop.ts';
import { openDisplay, type Display } from './display.ts';

const here = ground();
const missing = 'missing' in here ? here.missing : hasShared ? '' : '../shared is not here';
const pictures = process.env['RADDRAFT_PICTURES'];

describe.skipIf(missing !== '')(`the auditor in the desktop program${missing && ` (skipped: ${missing})`}`, () => {
  let display: Display;
  let home = '';
  let desktop: Desktop;

  beforeAll(async () => {
    if ('missing' in here) return;
    build(['renderer', 'node', 'main', 'preload']);
    home = mkdtempSync(path.join(tmpdir(), 'raddraft-auditor-'));
    await makeReports(home, { count: 12, mornings: 2, seed: 3, until: Date.now() - 3_600_000 });
    display = await openDisplay();
    desktop = await openDesktop({ runtime: here.runtime, display: display.name, home });
  }, 240_000);
  afterAll(async () => {
    await desktop.app.close();
    display.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function signIn(login: string): Promise<void> {
    const { page } = desktop;
    await page.getByLabel('Name', { exact: false }).first().fill(login);
    await page.getByLabel('Password').fill(passwordOf(login));
    await page.keyboard.press('Enter');
    await page.getByLabel('Password').waitFor({ state: 'detached' });
  }
  const picture = async (name: string) => {
    if (!pictures) return;
    mkdirSync(pictures, { recursive: true });
    await desktop.page.screenshot({ path: path.join(pictures, `desktop-${name}.png`) });
  };

  test('1.1 the list opens a report by keyboard, with the film and its stored saliency', async () => {
    const { page } = desktop;
    await signIn('auditor');
    const grid = page.getByRole('grid', { name: 'Stored reports' });
    await grid.waitFor();
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('13');
    await picture('auditor-list');
    await page.getByLabel('Finding that the model marked').selectOption({ index: 1 });
    await expect.poll(async () => Number(await grid.getAttribute('aria-rowcount'))).toBeLessThan(13);
    await grid.focus();
    await page.keyboard.press('Enter');
    await page.getByText('where the model looked').waitFor();
    await picture('auditor-report');
    await page.keyboard.press('Escape');
    await grid.waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Sign out');
    await page.keyboard.press('Enter');
    await page.getByLabel('Password').waitFor();
  });

  test('1.2 nothing of the auditor’s stays for the next person; a signed report is saved as a PDF', async () => {
    const { page, app } = desktop;
    await signIn('okafor');
    await page.getByRole('combobox', { name: 'Search studies' }).waitFor();
    expect(await page.getByRole('region', { name: 'Auditor’s desk' }).count()).toBe(0);
    await page.getByRole('option').filter({ hasText: 'Final' }).first().click();
    await page.getByRole('textbox', { name: 'Report text' }).waitFor();
    const file = path.join(home, 'report.pdf');
    await app.evaluate(({ dialog }, chosen) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
    }, file);
    await page.locator('.area[data-image^="raddraft:"]').waitFor();
    await page.locator('.area').focus();
    await page.keyboard.press('Control+Shift+P');
    const dialog = page.getByRole('dialog', { name: 'Print or save as PDF' });
    await dialog.getByRole('button', { name: /Keep the image/ }).click();
    await dialog.getByRole('img', { name: /Key image 1/ }).waitFor();
    await picture('print');
    await dialog.getByRole('button', { name: 'Save as PDF…' }).click();
    await expect.poll(() => existsSync(file), { timeout: 15_000 }).toBe(true);
    const words = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    if (words.error && !process.env['CI']) return; // without poppler-utils the file has to do
    expect(words.stdout).toMatch(/FINAL/);
    expect(words.stdout).toMatch(/Head of the audit log/);
    expect(words.stdout).toMatch(/Key image 1/);
    if (pictures) spawnSync('pdftoppm', ['-r', '70', '-png', file, path.join(pictures, 'desktop-pdf')]);
  });

  test('1.3 the window complained of nothing', () => {
    expect(desktop.complaints).toEqual([]);
  });
});
