/** From opening a study to a signed report by keyboard alone, in browser mode and in Electron; then what follows. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from '../../scripts/build.ts';
import { startServer, type RunningServer } from '../drive/server.ts';
import { WebSocket } from 'ws';
import { product, type Product } from '#contract/calls.ts';
import { webSocket } from '#contract/ports/webSocket.ts';
import { connect, type Connection } from '#contract/rpc.ts';
import { editor, report } from '../renderer/desk.ts';
import { launchChromium } from '../viewer/chromium.ts';
import { ground, openDesktop, type Desktop } from './desktop.ts';
import { openDisplay, type Display } from './display.ts';
import { writePhantom, writeSecondFilm } from './phantoms.ts';

const wait = { timeout: 60_000 };
const PASSWORD = 'green lamp over water';

/** Keys, and nothing else: no test here points at anything. */
const hands = (page: Page) => ({
  press: (key: string) => page.keyboard.press(key),
  type: (text: string) => page.keyboard.type(text),
  /** Field by field, as Tab leads. */
  async fill(...values: string[]): Promise<void> {
    for (const [index, value] of values.entries()) {
      if (index > 0) await page.keyboard.press('Tab');
      await page.keyboard.type(value);
    }
  },
  /** A command by name: the palette, its words, Enter. What is not offered yet, as after signing in, is waited for. */
  async command(words: string): Promise<void> {
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'All commands' });
    await palette.waitFor();
    await page.keyboard.type(words);
    await palette.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
  },
});

const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const stage = (page: Page) => report(page).locator('header');

/** Everything that can be worked in what is open has a name for a screen reader. */
async function expectNames(page: Page, name: string): Promise<void> {
  const tree = await dialog(page, name).ariaSnapshot();
  expect(tree).toContain(name);
  expect(
    tree.split('\n').filter((line) => /- (button|textbox|checkbox|radio|combobox|tab|link)(:|$)/.test(line)),
  ).toEqual([]);
}

/** The caret behind the last word; a text that was just opened for writing may take a moment to hold it. */
async function toTheEnd(page: Page): Promise<void> {
  await page.keyboard.press('e');
  const behind = () =>
    editor(page).evaluate((area) => {
      const selection = document.getSelection();
      if (!selection?.focusNode || !area.contains(document.activeElement)) return 'no caret';
      const rest = document.createRange();
      rest.selectNodeContents(area);
      rest.setStart(selection.focusNode, selection.focusOffset);
      return rest.toString().trim();
    });
  // At most the mark of the last sentence stands behind it.
  await expect.poll(() => page.keyboard.press('Control+End').then(behind), { timeout: 20_000 }).toMatch(/^(AI)?$/);
}

async function draftAndType(page: Page): Promise<void> {
  const { press, type } = hands(page);
  await page.getByText('No report yet').waitFor(wait);
  await press('/');
  await page.getByRole('combobox', { name: 'Search studies' }).waitFor();
  await type('E2E-1');
  await press('Enter');
  await page.getByRole('combobox', { name: 'Search studies' }).waitFor({ state: 'hidden' });
  await press('d');
  await editor(page).waitFor(wait);
  await toTheEnd(page);
  await type(' The chest is stable.');
  await press('Escape');
}

/** Nobody can sign before there is somebody: the first account is made on the way. */
async function firstAccount(page: Page): Promise<void> {
  const { press, fill } = hands(page);
  await press('Control+Enter');
  await dialog(page, 'Set up accounts').waitFor();
  await fill('Dr Ana Núñez', 'ana', PASSWORD, PASSWORD);
  await press('Tab');
  const weak = page.getByRole('checkbox', { name: 'I accept that for this workstation' });
  if ((await weak.count()) > 0) {
    await press('Tab');
    await press('Space');
  }
  await expectNames(page, 'Set up accounts');
  await press('Tab');
  await press('Tab');
  await press('Enter');
  await dialog(page, 'Set up accounts').waitFor({ state: 'hidden' });
}

async function signReport(page: Page): Promise<string> {
  const { press, type } = hands(page);
  await press('Control+Enter');
  const sign = dialog(page, 'Sign the report');
  await sign.waitFor();
  await sign.getByText('“stable” compares with an earlier examination, and none is loaded.').waitFor();
  const text = await sign.locator('pre').innerText();
  expect(text).toContain('The chest is stable.');
  await expectNames(page, 'Sign the report');
  // Without a reason Enter signs nothing.
  await press('Tab');
  await type(PASSWORD);
  await press('Enter');
  expect(await sign.getByRole('button', { name: 'Sign', exact: true }).isDisabled()).toBe(true);
  await press('Shift+Tab');
  await type('compared on paper');
  await press('Tab');
  await press('Enter');
  await sign.waitFor({ state: 'hidden' });
  await stage(page).getByText('Final', { exact: true }).waitFor();
  return text;
}

/** Another window's line, as an administrator's: windows lock after so many minutes. */
async function lockAfter(server: RunningServer, minutes: number): Promise<void> {
  await asAna(server, (api) => api['security.set']({ idleMinutes: minutes, sessionHours: 12 }));
}

/** On a line of its own. */
async function asAna(
  server: RunningServer,
  work: (api: Connection<Product>['api']) => Promise<unknown>,
): Promise<void> {
  const { origin, host } = new URL(server.address());
  const entered = await fetch(server.address(), { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`ws://${host}/rpc`, { headers: { cookie, origin } });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const { api } = connect(webSocket(socket), product);
  await api['session.signIn']({ login: 'ana', password: PASSWORD });
  await work(api);
  socket.close();
}

describe('1 browser mode', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'raddraft-signing-'));
  const complaints: string[] = [];
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  let signed = '';
  beforeAll(async () => {
    build(['renderer']);
    server = await startServer(home, [writePhantom(home, 1)]);
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    // From the start: while nobody listens the browser would open, and at once cancel, a chooser of its own.
    page.on('filechooser', () => undefined);
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(server.address());
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    rmSync(home, { recursive: true, force: true });
  });

  test('1.1 opened, drafted, edited and signed by keyboard alone, over a check with its reason', async () => {
    await draftAndType(page);
    await firstAccount(page);
    signed = await signReport(page);
  });

  test('1.2 a signed text cannot be written in any more', async () => {
    const { press, type } = hands(page);
    const before = await editor(page).innerText();
    await press('e');
    await page.getByText('This report is signed.').waitFor();
    await type('bcmqu');
    await press('Control+z');
    expect(await editor(page).innerText()).toBe(before);
    await press('Escape');
  });

  test('1.3 the signed version reads as it was signed, with its signer, hash and reason', async () => {
    const { command, press } = hands(page);
    await command('signed versions');
    const versions = dialog(page, 'Signed versions');
    await versions.getByText('byte for byte').waitFor();
    expect(await versions.locator('pre').innerText()).toBe(signed);
    expect(await versions.innerText()).toContain('Dr Ana Núñez (ana)');
    expect(await versions.innerText()).toContain('because compared on paper');
    await expectNames(page, 'Signed versions');
    await press('Escape');
  });

  test('1.4 a locked window shows nothing, and comes back with its study', async () => {
    const { press, type } = hands(page);
    await press('Control+Shift+L');
    const locked = dialog(page, 'Locked');
    await locked.waitFor();
    await type('not the password');
    await press('Enter');
    await locked.getByText('Expected the right name and password').waitFor();
    const box = await locked.boundingBox();
    expect(box).toMatchObject({ x: 0, y: 0, width: 1280, height: 800 });
    await press('Escape');
    expect(await locked.isVisible()).toBe(true);
    await type(PASSWORD);
    await press('Enter');
    await locked.waitFor({ state: 'hidden' });
    await editor(page).waitFor();
  });

  test('1.5 an addendum is written, stored and signed under the report', async () => {
    const { command, press, type } = hands(page);
    await command('begin an addendum');
    const area = page.getByRole('textbox', { name: 'Addendum' });
    await area.waitFor();
    await type('Discussed by telephone.');
    await press('Control+Enter');
    const sign = dialog(page, 'Sign the addendum');
    await sign.waitFor();
    expect(await sign.locator('pre').innerText()).toContain('ADDENDUM 1\nDiscussed by telephone.');
    for (const reason of await sign.getByLabel('Sign all the same, because').all()) {
      expect(await reason.isVisible()).toBe(true);
      await type('as before');
      await press('Tab');
    }
    await type(PASSWORD);
    await press('Enter');
    await sign.waitFor({ state: 'hidden' });
    await stage(page).getByText('Final, addendum').waitFor();
  });

  test('1.6 what was typed when the idle lock came is there when the person is back, and is stored', async () => {
    const { command, press, type } = hands(page);
    await command('correct the signed report');
    await dialog(page, 'Correct the signed report').waitFor();
    await type('another side');
    await press('Enter');
    await report(page).getByText('Being corrected: another side').waitFor();
    await expect.poll(() => editor(page).getAttribute('contenteditable'), { timeout: 20_000 }).toBe('true');
    await toTheEnd(page);
    // The lock comes in the middle of it; what is typed from then on goes to the lock.
    const words = ' Typed while nobody was there, and then some more of it, until the window was covered.';
    const typing = page.keyboard.type(words, { delay: 120 });
    await expect.poll(() => editor(page).innerText(), { timeout: 20_000 }).toContain('Typed while');
    await lockAfter(server, 0.05);
    await typing;
    const locked = dialog(page, 'Locked');
    await expect
      .poll(() => press('Shift').then(() => locked.isVisible()), { timeout: 40_000, interval: 500 })
      .toBe(true);
    const typed = /stable\.( Typed.*)/.exec((await editor(page).innerText()).replaceAll('\n', ' '))?.[1]?.trim() ?? '';
    expect(typed.length).toBeGreaterThan(5);
    // It is stored although the window is locked: another window reads it.
    await lockAfter(server, 60);
    const other = await browser.newPage();
    await other.goto(server.address());
    await dialog(other, 'Sign in').waitFor();
    await hands(other).fill('ana', PASSWORD);
    await hands(other).press('Enter');
    const search = other.getByRole('combobox', { name: 'Search studies' });
    await search.waitFor();
    await expect.poll(() => search.evaluate((box) => box === document.activeElement)).toBe(true);
    await hands(other).type('E2E-1');
    await hands(other).press('Enter');
    await editor(other).getByText(typed).waitFor();
    await other.close();
    await press('Control+a');
    await type(PASSWORD);
    await press('Enter');
    await locked.waitFor({ state: 'hidden' });
    await editor(page).getByText(typed).waitFor();
    await page.getByRole('contentinfo', { name: 'Status' }).locator('.save.saved').waitFor();
    await press('Escape');
    await command('discard');
    await dialog(page, 'Discard the correction').waitFor();
    await type('it was right');
    await press('Enter');
    await report(page).getByText('Being corrected').waitFor({ state: 'hidden' });
    await expect.poll(() => editor(page).innerText(), { timeout: 10_000 }).not.toContain('Typed');
  });

  test('1.7 what was typed when the session ended waits in its window for the person, and is stored then', async () => {
    const { command, press, type } = hands(page);
    await command('correct the signed report');
    await dialog(page, 'Correct the signed report').waitFor();
    await type('one more side');
    await press('Enter');
    await report(page).getByText('Being corrected: one more side').waitFor();
    await expect.poll(() => editor(page).getAttribute('contenteditable'), { timeout: 20_000 }).toBe('true');
    await toTheEnd(page);
    const typing = page.keyboard.type(' Typed until the very end of the session, and on over it.', { delay: 60 });
    await expect.poll(() => editor(page).innerText(), { timeout: 20_000 }).toContain('Typed until');
    await asAna(server, async (api) => {
      const { people } = await api['people.list']({});
      const ana = people.find(({ login }) => login === 'ana');
      if (ana) await api['people.change']({ person: ana.id, name: ana.name, roles: ana.roles });
    });
    await typing;
    const signIn = dialog(page, 'Sign in');
    await signIn.getByText('Your roles were changed. Sign in again.').waitFor();
    const typed = /stable\.( Typed.*)/.exec((await editor(page).innerText()).replaceAll('\n', ' '))?.[1]?.trim() ?? '';
    expect(typed.length).toBeGreaterThan(5);
    await signIn.getByRole('textbox', { name: 'Name for signing in' }).fill('ana');
    await signIn.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await press('Enter');
    await signIn.waitFor({ state: 'hidden' });
    await editor(page).getByText(typed).waitFor();
    await page.getByRole('contentinfo', { name: 'Status' }).locator('.save.saved').waitFor();
    await press('Escape');
    await command('discard');
    await dialog(page, 'Discard the correction').waitFor();
    await type('it was right too');
    await press('Enter');
    await report(page).getByText('Being corrected').waitFor({ state: 'hidden' });
  });

  test('1.8 an image that comes late asks to verify the report, until somebody says that it stands', async () => {
    const { command, press } = hands(page);
    const chooser = page.waitForEvent('filechooser');
    await press('Control+o');
    await (await chooser).setFiles(writeSecondFilm(home, 1));
    await report(page).getByText('Verify report.').waitFor(wait);
    await report(page).getByText('One image came after this report was released.').waitFor();
    await press('l');
    await page.getByRole('region', { name: 'Studies' }).getByText('Verify report').waitFor();
    await press('Escape');
    await press('Escape');
    await command('the report stands');
    await report(page).getByText('Verify report.').waitFor({ state: 'hidden' });
  });

  test('1.9 an administrator makes an auditor, who reads everything and writes nothing', async () => {
    const { command, press, fill, type } = hands(page);
    await command('people');
    const people = dialog(page, 'Administration');
    await people.getByText('Dr Ana Núñez').waitFor();
    await press('Tab');
    await press('Enter');
    await people.getByRole('group', { name: 'New person' }).waitFor();
    await fill('Ada Auditor', 'ada', '');
    await press('ArrowDown');
    await press('Tab');
    await type('seven quiet rivers');
    await expectNames(page, 'Administration');
    await press('Enter');
    await people.getByText('ada · Auditor').waitFor();
    await press('Escape');
    await command('sign out');
    await dialog(page, 'Sign in').waitFor();
    expect(await page.locator('.window').innerText()).not.toContain('E2E');
    await fill('ada', 'seven quiet rivers');
    await press('Enter');
    await dialog(page, 'Choose a password of your own').waitFor();
    await fill('seven quiet rivers', 'eight loud harbours', 'eight loud harbours');
    await press('Enter');
    await page.getByText('Auditor’s desk').waitFor();
    await command('search studies');
    await page.getByRole('combobox', { name: 'Search studies' }).waitFor();
    await type('E2E-1');
    await press('Enter');
    await editor(page).waitFor();
    expect(await editor(page).getAttribute('contenteditable')).toBe('false');
    expect(
      await report(page)
        .getByRole('button', { name: /Sign|Addendum|Correct/ })
        .count(),
    ).toBe(0);
  });

  test('1.10 the log is verified by its button and says who did what', async () => {
    const { command, press } = hands(page);
    await command('audit log');
    const log = dialog(page, 'Administration');
    await log.getByRole('cell', { name: 'Report signed' }).first().waitFor();
    await press('Tab');
    await press('Enter');
    await log.getByText(/Intact: \d+ rows/).waitFor();
    await expectNames(page, 'Administration');
    await press('Escape');
  });

  test('1.11 no error was said and nothing was stopped by the security policy', () => expect(complaints).toEqual([]));
});

const floor = ground();
const missing = 'missing' in floor ? floor.missing : '';
describe.skipIf(missing !== '')(missing === '' ? '2 Electron' : `2 Electron (skipped: ${missing})`, () => {
  const home = mkdtempSync(path.join(tmpdir(), 'raddraft-signing-electron-'));
  let display: Display;
  let desktop: Desktop;
  beforeAll(async () => {
    build(['renderer', 'node', 'main', 'preload']);
    if ('missing' in floor) return;
    display = await openDisplay();
    desktop = await openDesktop({ runtime: floor.runtime, display: display.name, home }, [writePhantom(home, 1)]);
  }, 180_000);
  afterAll(async () => {
    await desktop.app.close();
    display.close();
    rmSync(home, { recursive: true, force: true });
  });

  test('2.1 opened, drafted, edited and signed by keyboard alone', async () => {
    const { page } = desktop;
    await draftAndType(page);
    await firstAccount(page);
    await signReport(page);
  });

  test('2.2 the signed version reads as it was signed', async () => {
    const { page, complaints } = desktop;
    const { command, press } = hands(page);
    await command('signed versions');
    await dialog(page, 'Signed versions').getByText('byte for byte').waitFor();
    await press('Escape');
    expect(complaints).toEqual([]);
  });

  test('2.3 the report’s own window opens for the same person, and is locked, unlocked and left with the first', async () => {
    const { app, page, complaints } = desktop;
    const opened = app.waitForEvent('window');
    await hands(page).command('report in a window');
    const second = await opened;
    second.setDefaultTimeout(20_000);
    await editor(second).waitFor();
    expect(await dialog(second, 'Sign in').count()).toBe(0);
    await hands(page).press('Control+Shift+L');
    await dialog(page, 'Locked').waitFor();
    await dialog(second, 'Locked').waitFor();
    await second.bringToFront();
    await second.keyboard.type(PASSWORD);
    await second.keyboard.press('Enter');
    await dialog(second, 'Locked').waitFor({ state: 'hidden' });
    await dialog(page, 'Locked').waitFor({ state: 'hidden' });
    await page.bringToFront();
    await hands(page).command('sign out');
    await dialog(page, 'Sign in').waitFor();
    await dialog(second, 'Sign in').waitFor();
    await hands(page).fill('ana', PASSWORD);
    await hands(page).press('Enter');
    await dialog(page, 'Sign in').waitFor({ state: 'hidden' });
    await dialog(second, 'Sign in').waitFor({ state: 'hidden' });
    expect(complaints).toEqual([]);
  });

  test('2.4 an administrator backs up into a folder that they choose, and restores from it', async () => {
    const { app, page } = desktop;
    const stick = path.join(home, 'stick');
    mkdirSync(stick);
    await app.evaluate(({ dialog: dialogs }, folder) => {
      dialogs.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [folder] });
    }, stick);
    await hands(page).command('backups');
    const administration = dialog(page, 'Administration');
    await administration.getByText('None yet.').waitFor();
    await administration.getByRole('button', { name: 'Into a folder…' }).press('Enter');
    await administration.getByText(/is made in stick: the database and 1 image/).waitFor(wait);
    const [made = ''] = readdirSync(stick);
    expect(readdirSync(path.join(stick, made))).toEqual(
      expect.arrayContaining(['backup.json', 'raddraft.db', 'keys.json']),
    );
    await administration.getByRole('button', { name: 'Choose a folder…' }).press('Enter');
    const found = administration.getByRole('list', { name: 'Backups in that folder' });
    await found.getByRole('button', { name: 'Restore…' }).press('Enter');
    await found.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD);
    await hands(page).press('Enter');
    await dialog(page, 'Sign in').getByText('A backup was put in the place of the data.').waitFor(wait);
    await hands(page).fill('ana', PASSWORD);
    await hands(page).press('Enter');
    await dialog(page, 'Sign in').waitFor({ state: 'hidden' });
  });
});
