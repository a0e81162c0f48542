/** `npm start`, as on a machine without a display, with one, and with one but without Electron's runtime. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { build } from '../../scripts/build.ts';
import { installedElectron } from '../../scripts/electron.ts';
import { hasShared, shared } from '../shared.ts';
import { isAlive } from './alive.ts';
import { canShow, openDisplay, type Display } from './display.ts';

const root = path.resolve(import.meta.dirname, '../..');
if (hasShared && !process.env['ELECTRON_OVERRIDE_DIST_PATH'])
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = execFileSync(shared('tools/electron-runtime'), {
    encoding: 'utf8',
  }).trim();

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-start-'));
const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Starts it over a data folder of its own and hears what it says. */
function start(name: string, env: Record<string, string | undefined>, ...args: string[]) {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...rest } = process.env;
  const data = path.join(home, name);
  const child = spawn(process.execPath, [path.join(root, 'scripts/start.ts'), '--data', data, ...args], {
    env: { ...rest, RADDRAFT_KEY: path.join(home, `${name}.key`), ...env },
  });
  running.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { child, data, said: () => said };
}

const Owner = z.object({ pid: z.int() });
const address = (said: string): string => /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}/.exec(said)?.[0] ?? '';

beforeAll(() => build(['renderer', 'node', 'main', 'preload']));

describe('1 npm start', () => {
  test.runIf(process.platform === 'linux')(
    '1.1 without a display: says so, prints the address, goes on serving',
    async () => {
      const { child, said } = start('bare', {});
      await expect.poll(said, { timeout: 20_000 }).toContain('token=');
      expect(said()).toContain('browser mode: there is no display');
      const answer = await fetch(address(said()), { redirect: 'manual' });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
      expect(child.exitCode).toBeNull();
      child.kill('SIGTERM');
      const [code] = (await once(child, 'exit')) as [number | null];
      expect(code).toBe(0);
    },
  );

  test('1.2 --browser --port: as asked', async () => {
    const { said } = start('asked', { DISPLAY: ':77' }, '--browser', '--no-open', '--port', '0');
    await expect.poll(said, { timeout: 20_000 }).toContain('token=');
    expect(said()).toContain('browser mode: as asked');
  });
});

describe.skipIf(!canShow())('2 npm start where windows can be shown', () => {
  let display: Display;
  beforeAll(async () => {
    display = await openDisplay();
  });
  afterAll(() => display.close());

  test.skipIf(!installedElectron())(
    '2.1 opens Electron where its runtime is there, and ends it when it is ended',
    async () => {
      const { child, data, said } = start('window', { DISPLAY: display.name });
      const owner = path.join(data, 'owner.json');
      await expect
        .poll(() => (existsSync(owner) ? readFileSync(owner, 'utf8') : said()), { timeout: 25_000 })
        .toContain('RadDraft (electron)');
      expect(said()).not.toContain('browser mode');
      const { pid } = Owner.parse(JSON.parse(readFileSync(owner, 'utf8')));
      expect(isAlive(pid)).toBe(true);
      child.kill('SIGTERM');
      await once(child, 'exit');
      await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    },
  );

  // A machine whose package already holds a runtime has nothing to fetch.
  const fetched = existsSync(path.join(root, 'node_modules/electron/dist'));
  test.skipIf(fetched)('2.2 falls back to browser mode as soon as the network says no', async () => {
    const { said } = start('offline', {
      DISPLAY: display.name,
      ELECTRON_OVERRIDE_DIST_PATH: path.join(home, 'nothing'),
      ELECTRON_MIRROR: 'http://127.0.0.1:9/',
      electron_config_cache: path.join(home, 'cache'),
      PATH: `${path.join(root, 'node_modules/.bin')}${path.delimiter}/nowhere`,
    });
    await expect.poll(said, { timeout: 28_000 }).toContain('token=');
    expect(said()).toMatch(/browser mode: Electron’s runtime is not here and could not be fetched/);
  });
});
