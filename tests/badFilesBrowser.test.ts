/** Bad files in browser mode: a folder of them in a real browser; the window lives and says why, and films are read. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { badFiles, hostileFilms, programFilm } from './badFiles.ts';
import { importPanel, inList } from './importPanel.ts';
import { openPlace, type Place } from './renderer/desk.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-bad-browser-'));
const folder = path.join(home, 'CD');
const wait = { timeout: 60_000 };
let place: Place;
let page: Page;
beforeAll(async () => {
  mkdirSync(folder);
  for (const { name, bytes } of [...badFiles, ...hostileFilms, { name: 'program.dcm', bytes: programFilm() }])
    writeFileSync(path.join(folder, name), bytes);
  writeFileSync(path.join(folder, '<img src=x onerror=hacked=1>.txt'), 'no image');
  place = await openPlace();
  page = await place.open();
});
afterAll(async () => {
  await place.close();
  rmSync(home, { recursive: true, force: true });
});

const panel = () => importPanel(page);
const films = hostileFilms.length + 1;
const refused = badFiles.length + 1;

async function openFolder(): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Control+Shift+O')]);
  await chooser.setFiles(folder);
  await panel().waitFor(wait);
}

test('1.1 a folder of bad files: the films among them are read, each other is refused by name', async () => {
  await openFolder();
  await panel()
    .getByText(`${films + refused} files: ${films} read, ${refused} refused`)
    .waitFor(wait);
  await inList(page, 'CD/<img src=x onerror=hacked=1>.txt');
  await inList(page, 'Expected an image, found a structured report.');
});

test('1.2 what was refused can be shown alone, and what was read with its warning', async () => {
  await panel().getByRole('radio', { name: /Read/ }).click();
  await inList(page, 'look like a program');
  expect(await panel().getByText('structured report').count()).toBe(0);
  await panel()
    .getByRole('radio', { name: /Refused/ })
    .click();
  await inList(page, 'structured report');
});

test('1.3 the opening is in the list of openings, and can be looked at again', async () => {
  await panel().getByRole('button', { name: 'Earlier openings' }).click();
  await panel().getByRole('button', { name: /^CD/ }).click();
  await panel()
    .getByText(`CD · ${films + refused} files`)
    .waitFor();
  await panel().getByRole('button', { name: 'Close' }).click();
});

test('1.4 the window lives: names are text, nothing in them ran, and the worklist is searched', async () => {
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Search studies' }).fill('onerror');
  await expect.poll(() => page.getByRole('option').count()).toBe(1);
  expect(await page.getByRole('option').first().textContent()).toContain('<img src');
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  expect(place.complaints).toEqual([]);
});
