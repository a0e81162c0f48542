/** The same window in both shells, for whoever goes through a day of work by keyboard. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { startServer } from '../drive/server.ts';
import { launchChromium } from '../viewer/chromium.ts';
import { openDesktop, type Ground } from './desktop.ts';
import { openDisplay } from './display.ts';

export interface DeskShell {
  page: Page;
  /** Errors of the page, and what its security policy stopped. */
  complaints: string[];
  /** The text of the file that pressing saves. */
  saved(press: () => Promise<void>): Promise<string>;
  /** The PDF that the button of the print dialog makes. */
  pdf(): Promise<string>;
  close(): Promise<void>;
}

export type Shell = 'browser mode' | 'the desktop program';

/** `home` holds the data folder and the key file. */
export const openShell = (shell: Shell, home: string, here: Ground): Promise<DeskShell> =>
  shell === 'browser mode' ? browserMode(home) : desktopProgram(home, here);

let files = 0;
const nextFile = (home: string, end: string) => path.join(home, `saved-${++files}.${end}`);
const until = async (there: () => boolean) => {
  for (let waited = 0; !there(); waited += 50) {
    if (waited > 20_000) throw new Error('expected a file to be saved, found none after 20 s');
    await new Promise((next) => setTimeout(next, 50));
  }
};

async function browserMode(home: string): Promise<DeskShell> {
  const server = await startServer(home);
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.setDefaultTimeout(15_000);
  await page.goto(server.address());
  // A browser's own dialog cannot be driven: the sheet that it would have printed stays for the PDF.
  await page.evaluate(() => {
    window.print = () => {
      for (const old of document.querySelectorAll('[data-copy]')) old.remove();
      const parts = [...document.querySelectorAll('.sheet, .across')].map((part) => part.cloneNode(true));
      for (const part of parts) if (part instanceof HTMLElement) part.dataset['copy'] = '';
      setTimeout(() => document.getElementById('app')?.append(...parts), 300);
    };
  });
  return {
    page,
    complaints,
    async saved(press) {
      const download = page.waitForEvent('download');
      await press();
      return readFileSync(await (await download).path(), 'utf8');
    },
    async pdf() {
      await page.evaluate(() => {
        for (const old of document.querySelectorAll('[data-copy]')) old.remove();
      });
      await page.getByRole('button', { name: 'Print or save as PDF…' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('#app > .sheet[data-copy]').waitFor({ state: 'attached' });
      const file = nextFile(home, 'pdf');
      writeFileSync(file, await page.pdf({ preferCSSPageSize: true, printBackground: true, format: 'A4' }));
      return file;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

async function desktopProgram(home: string, here: Ground): Promise<DeskShell> {
  if ('missing' in here) throw new Error(here.missing);
  const display = await openDisplay();
  const desktop = await openDesktop({ runtime: here.runtime, display: display.name, home });
  const { page, app, complaints } = desktop;
  const savesAs = (file: string) =>
    app.evaluate(({ dialog }, chosen) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
    }, file);
  return {
    page,
    complaints,
    async saved(press) {
      const file = nextFile(home, 'csv');
      await savesAs(file);
      await press();
      // Its last line ends so: before that it is still being written.
      await until(() => existsSync(file) && readFileSync(file).subarray(-2).equals(Buffer.from('\r\n')));
      return readFileSync(file, 'utf8');
    },
    async pdf() {
      const file = nextFile(home, 'pdf');
      await savesAs(file);
      await page.getByRole('button', { name: 'Save as PDF…' }).focus();
      await page.keyboard.press('Enter');
      await until(() => existsSync(file) && readFileSync(file).subarray(-8).includes('%%EOF'));
      return file;
    },
    async close() {
      await app.close();
      display.close();
    },
  };
}

/** The text of each page of a PDF (poppler-utils). */
export function pagesOf(file: string): string[] {
  const { stdout, error } = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  if (error) throw new Error('pdftotext (poppler-utils) is needed to read the PDF', { cause: error });
  return stdout.split('\f').filter((one) => one.trim() !== '');
}

/** Each page as a PNG, in order. */
export function picturesOf(file: string, into: string, name: string): Buffer[] {
  mkdirSync(into, { recursive: true });
  const { status } = spawnSync('pdftoppm', ['-r', '70', '-png', file, path.join(into, name)]);
  if (status !== 0) throw new Error('pdftoppm (poppler-utils) is needed to draw the PDF');
  return readdirSync(into)
    .filter((one) => one.startsWith(`${name}-`) && one.endsWith('.png'))
    .sort()
    .map((one) => readFileSync(path.join(into, one)));
}
