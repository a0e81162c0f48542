/** The screens of accounts, backups and keys at work, what each role is offered, and no screen with a serious barrier. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { product } from '#contract/calls.ts';
import { webSocket } from '#contract/ports/webSocket.ts';
import { connect } from '#contract/rpc.ts';
import { JobId } from '#core/study/ids.ts';
import { build } from '../../scripts/build.ts';
import { startServer, type RunningServer } from '../drive/server.ts';
import { editor, report } from '../renderer/desk.ts';
import { launchChromium } from '../viewer/chromium.ts';

const PASSWORD = 'green lamp over water';
const AUDITOR = 'seven quiet rivers';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where screenshots go, for who wants to look at them. */
const shots = process.env['RADDRAFT_SHOTS'] ?? '';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-screens-'));
let server: RunningServer;
let browser: Browser;
let page: Page;

/** A line of its own to the backend. */
async function line() {
  const { origin, host } = new URL(server.address());
  const entered = await fetch(server.address(), { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`ws://${host}/rpc`, { headers: { cookie, origin } });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return { ...connect(webSocket(socket), product), close: () => socket.close() };
}

const dialog = (name: string) => page.getByRole('dialog', { name });
async function command(words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await dialog('All commands').waitFor();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
}

/** What axe calls serious or critical on the screen as it is, dark and light. */
async function barriers(name: string): Promise<string[]> {
  const found: string[] = [];
  for (const theme of ['dark', 'light']) {
    await page.evaluate((to) => (document.documentElement.dataset['theme'] = to), theme);
    // Colours fade over; what is half way is nobody's screen.
    await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))));
    if (shots) await page.screenshot({ path: path.join(shots, `${name}-${theme}.png`) });
    await page.evaluate(axe);
    // What is no colour is the same in both.
    const { violations } = await page.evaluate<AxeResults>(
      theme === 'dark' ? 'axe.run()' : `axe.run({ runOnly: ['color-contrast'] })`,
    );
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push(...nodes.map(({ html }) => `${name}, ${theme}: ${id}: ${html.slice(0, 160)}`));
  }
  await page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'));
  return found;
}

beforeAll(async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  build(['renderer']);
  server = await startServer(home);
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(20_000);
}, 120_000);
afterAll(async () => {
  if (shots) await page.screenshot({ path: path.join(shots, 'last.png') });
  await browser.close();
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

describe('1 no screen has a serious barrier, dark and light', () => {
  test('1.1 the empty program, setting up accounts, signing in', async () => {
    await page.goto(server.address());
    await page.getByRole('heading', { name: 'Open your first study' }).waitFor();
    const found = await barriers('empty');
    await command('people');
    await dialog('Set up accounts').waitFor();
    found.push(...(await barriers('first-administrator')));
    await page.keyboard.press('Escape');
    const { api, close } = await line();
    const { study } = await api['import.demo']({ what: 'film' });
    if (!study) throw new Error('expected a demo study');
    await api['draft.make']({ job: JobId.parse('screens'), study });
    const person = { login: 'ana', name: 'Dr Ana Núñez', password: PASSWORD, radiologist: true };
    await api['people.first']({ ...person, acceptWeakKeyStore: true });
    await api['people.create']({ login: 'ada', name: 'Ada Auditor', roles: ['auditor'], password: AUDITOR });
    close();
    await dialog('Sign in').waitFor();
    found.push(...(await barriers('sign-in')));
    expect(found).toEqual([]);
  });

  test('1.2 the worklist, a study with its draft, its versions', async () => {
    await page.keyboard.type('ana');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Search studies' }).waitFor();
    const found = await barriers('worklist');
    await page.keyboard.press('Enter');
    await editor(page).waitFor();
    await page.getByRole('combobox', { name: 'Search studies' }).waitFor({ state: 'hidden' });
    found.push(...(await barriers('study')));
    await page.keyboard.press('e');
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' Stable. [side]');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+h');
    await dialog('Versions').waitFor();
    found.push(...(await barriers('versions')));
    await page.keyboard.press('Escape');
    expect(found).toEqual([]);
  });

  test('1.3 the sign dialog: a check that blocks is signed over by nobody; put right, the text is signed', async () => {
    await page.keyboard.press('Control+Enter');
    const sign = dialog('Sign the report');
    await sign.getByText('No reason passes this one.').waitFor();
    const found = await barriers('sign-blocked');
    expect(await sign.getByRole('textbox', { name: 'Password' }).isDisabled()).toBe(true);
    expect(await sign.getByRole('button', { name: 'Sign', exact: true }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await page.keyboard.press('Control+End');
    for (let n = 0; n < '[side]'.length; n++) await page.keyboard.press('Backspace');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Enter');
    await sign.getByText('“Stable” compares').waitFor();
    found.push(...(await barriers('sign')));
    for (const reason of await sign.getByLabel('Sign all the same, because').all()) await reason.fill('seen and meant');
    await sign.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await sign.waitFor({ state: 'hidden' });
    await report(page).locator('header').getByText('Final', { exact: true }).waitFor();
    await command('signed versions');
    await dialog('Signed versions').getByText('byte for byte').waitFor();
    found.push(...(await barriers('signed-versions')));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+L');
    await dialog('Locked').waitFor();
    found.push(...(await barriers('locked')));
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await dialog('Locked').waitFor({ state: 'hidden' });
    expect(found).toEqual([]);
  });

  test('1.4 every page of the administration and of the settings, and all commands', async () => {
    const found: string[] = [];
    await command('people');
    for (const name of ['People', 'Checks', 'Security', 'Backups', 'Audit log']) {
      await dialog('Administration').getByRole('tab', { name, exact: true }).click();
      await page.waitForTimeout(300);
      found.push(...(await barriers(`administration-${name.toLowerCase().replace(' ', '-')}`)));
    }
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+,');
    for (const name of ['Reading', 'Keys', 'Engine', 'Models', 'About']) {
      await dialog('Settings').getByRole('tab', { name, exact: true }).click();
      found.push(...(await barriers(`settings-${name.toLowerCase()}`)));
    }
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await dialog('All commands').waitFor();
    found.push(...(await barriers('commands')));
    await page.keyboard.press('Escape');
    expect(found).toEqual([]);
  });
});

describe('2 kept safe from the window', () => {
  test('2.1 the data key is changed with the password, and not without it', async () => {
    await command('security');
    const administration = dialog('Administration');
    await administration.getByText('Never changed.').waitFor();
    await administration.getByRole('button', { name: 'Change the data key…' }).click();
    expect(await barriers('key-change')).toEqual([]);
    const password = administration.getByRole('textbox', { name: 'Your password' });
    await password.fill('not the password');
    await password.press('Enter');
    await administration.getByText('Expected the right name and password').waitFor();
    await password.fill(PASSWORD);
    await password.press('Enter');
    await page.getByText('The database is encrypted under a new key').waitFor();
    await administration.getByText(/Changed \d{4}-/).waitFor();
  });

  test('2.2 a backup is made, listed and restored; what came after it is gone, and everybody signs in again', async () => {
    const administration = dialog('Administration');
    await administration.getByRole('tab', { name: 'Backups' }).click();
    await administration.getByText('None yet.').waitFor();
    await administration.getByRole('button', { name: 'Beside the data' }).click();
    await administration.getByText(/raddraft-backup-\S+ is made: the database and 1 image, /).waitFor();
    const { api, close } = await line();
    await api['session.signIn']({ login: 'ana', password: PASSWORD });
    await api['people.create']({ login: 'late', name: 'Came Late', roles: ['auditor'], password: AUDITOR });
    close();
    await administration.getByRole('button', { name: 'Restore…' }).click();
    expect(await barriers('restore')).toEqual([]);
    await administration.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await dialog('Sign in').getByText('A backup was put in the place of the data. Sign in again.').waitFor();
    await page.keyboard.type('ana');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Search studies' }).waitFor();
    await page.keyboard.press('Escape');
    await command('people');
    await administration.getByText('Ada Auditor').waitFor();
    expect(await administration.getByText('Came Late').count()).toBe(0);
    await administration.getByRole('tab', { name: 'Backups' }).click();
    await administration.getByText('kept when another backup was restored').waitFor();
    if (shots) await page.screenshot({ path: path.join(shots, 'restored.png') });
  });

  test('2.3 a backup on a stick is found by its path, with its own password where it needs one; a wrong path says so', async () => {
    const administration = dialog('Administration');
    const stick = path.join(home, 'stick');
    mkdirSync(stick);
    const [name = ''] = readdirSync(path.join(home, 'data', 'backups')).filter((one) => one.startsWith('raddraft'));
    renameSync(path.join(home, 'data', 'backups', name), path.join(stick, name));
    const place = administration.getByRole('textbox', { name: 'Its folder on this machine' });
    await place.fill(path.join(home, 'nothing'));
    await place.press('Enter');
    await administration.getByText(/found nothing\. Check its spelling/).waitFor();
    await place.fill(stick);
    await place.press('Enter');
    const found = administration.getByRole('list', { name: 'Backups in that folder' });
    await found.getByText(name).waitFor();
    await found.getByRole('button', { name: 'Restore…' }).click();
    await found.getByRole('textbox', { name: 'A password of that backup' }).waitFor();
    expect(await barriers('restore-elsewhere')).toEqual([]);
    await found.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await dialog('Sign in').getByText('A backup was put in the place of the data. Sign in again.').waitFor();
    await page.keyboard.type('ana');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Search studies' }).waitFor();
    await page.keyboard.press('Escape');
  });
});

describe('3 who is offered what', () => {
  test('3.1 an auditor is offered nothing that the backend would refuse', async () => {
    await command('sign out');
    await dialog('Sign in').waitFor();
    await page.keyboard.type('ada');
    await page.keyboard.press('Tab');
    await page.keyboard.type(AUDITOR);
    await page.keyboard.press('Enter');
    await dialog('Choose a password of your own').waitFor();
    const own = 'eight loud harbours';
    for (const [index, value] of [AUDITOR, own, own].entries()) {
      if (index > 0) await page.keyboard.press('Tab');
      await page.keyboard.type(value);
    }
    await page.keyboard.press('Enter');
    await page.getByText('Auditor’s desk').waitFor();
    expect(await barriers('auditors-desk')).toEqual([]);
    await command('search studies');
    await page.getByRole('combobox', { name: 'Search studies' }).waitFor();
    await page.keyboard.press('Enter');
    await editor(page).waitFor();
    await page.keyboard.press('Control+k');
    const offered = (await dialog('All commands').getByRole('option').allInnerTexts()).join('\n');
    expect(offered).toContain('Audit log…');
    expect(offered).toContain('Signed versions…');
    for (const not of [
      'Sign…',
      'Draft report',
      'Open files',
      'Keep a version',
      'Begin an addendum',
      'Backups…',
      'Security…',
    ])
      expect(offered).not.toContain(not);
    await page.keyboard.press('Escape');
    // A key of such a command says so, and does nothing.
    await page.keyboard.press('d');
    await page.getByText('“Draft report” is not for your role').waitFor();
    expect(
      await report(page)
        .getByRole('button', { name: /Sign|Keep|Undo/ })
        .count(),
    ).toBe(0);
    expect(await barriers('auditor')).toEqual([]);
    await page.keyboard.press('Control+,');
    await dialog('Settings').getByRole('tab', { name: 'Models' }).click();
    await dialog('Settings').getByRole('button', { name: 'Model card' }).first().waitFor();
    expect(
      await dialog('Settings')
        .getByRole('button', { name: /Install|self-test|Remove/ })
        .count(),
    ).toBe(0);
    await page.keyboard.press('Escape');
  });
});
