/** The window in Electron, started for real under a display: what it can do, and what it must not. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '#contract/csp.ts';
import type { Host } from '#contract/host.ts';
import { launchElectron } from './desktop.ts';
import { build } from '../../scripts/build.ts';
import { installedElectron } from '../../scripts/electron.ts';
import { hasShared, shared } from '../shared.ts';
import { isAlive } from './alive.ts';
import { canShow, openDisplay, type Display } from './display.ts';
import { writePhantom } from './phantoms.ts';

declare global {
  interface Window {
    raddraftHost?: Host;
  }
}

const root = path.resolve(import.meta.dirname, '../..');
if (hasShared && !process.env['ELECTRON_OVERRIDE_DIST_PATH'])
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = execFileSync(shared('tools/electron-runtime'), {
    encoding: 'utf8',
  }).trim();
const runtime = installedElectron();

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-electron-'));
const data = path.join(home, 'data');
const LABEL = 'For research and evaluation. Not for clinical use.';

let display: Display;
let electron: ElectronApplication;
let page: Page;

const environment = (): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  DISPLAY: display.name,
  RADDRAFT_KEY: path.join(home, 'key'),
  // An Electron whose own Node is too old for the database forks the backend under this one.
  ...((runtime?.major ?? 0) < 42 ? { RADDRAFT_NODE: process.execPath } : {}),
});
const args = (...paths: string[]): string[] => [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  root,
  `--data=${data}`,
  ...paths,
];

async function launch(...paths: string[]): Promise<void> {
  if (!runtime) throw new Error('expected an Electron runtime');
  electron = await launchElectron({
    executablePath: runtime.program,
    args: args(...paths),
    env: environment(),
    timeout: 20_000,
  });
  electron.context().setDefaultTimeout(20_000);
  page = await electron.firstWindow();
  await page.getByText(LABEL).first().waitFor();
}

/** Process ids of the backends that our Electron runs. */
function backends(): number[] {
  const parent = electron.process().pid;
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  return lines
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => Number(match?.[2]) === parent && match?.[3]?.includes('backend.mjs'))
    .map((match) => Number(match?.[1]));
}

/** One call over a line of its own, as the page itself would speak. */
const call = (name: string, input: object): Promise<unknown> =>
  page.evaluate(
    ([method, given]) =>
      new Promise((resolve) => {
        const id = Math.floor(Math.random() * 1e9) + 1e6;
        const heard = (event: MessageEvent): void => {
          const port = event.ports[0];
          if (event.data !== 'raddraft-port' || !port) return;
          window.removeEventListener('message', heard);
          port.addEventListener('message', ({ data: answer }: MessageEvent<{ id?: number }>) => {
            if (answer.id === id) resolve(answer);
          });
          port.start();
          port.postMessage({ t: 'call', id, name: method, input: given });
        };
        window.addEventListener('message', heard);
        window.postMessage('raddraft-ready', window.location.origin);
      }),
    [name, input] as const,
  );

describe.skipIf(!runtime || !canShow())('Electron', () => {
  beforeAll(async () => {
    build(['renderer', 'node', 'main', 'preload']);
    display = await openDisplay();
    await launch(writePhantom(home, 21));
  });
  afterAll(async () => {
    await electron.close();
    display.close();
    rmSync(home, { recursive: true, force: true });
  });

  describe('1 the window', () => {
    test('1.1 shows the page under its own scheme, and the film that was named at the start', async () => {
      expect(page.url()).toBe('app://raddraft/index.html');
      await page.getByText('SYNTHETIC-E2E-21').first().waitFor();
    });

    test('1.2 its title carries no patient', async () => {
      const title = await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());
      expect(title).toMatch(/^RadDraft/);
      expect(title).not.toMatch(/SYNTHETIC|PHANTOM|E2E/);
    });

    test('1.3 the backend answers over the port, as the shell that this is', async () => {
      expect(await call('app.state', {})).toMatchObject({
        t: 'ok',
        output: { shell: 'electron', allowsPaths: true, studies: 1 },
      });
    });

    test('1.4 large pieces travel whole', async () => {
      const same = await page.evaluate(async () => {
        const bytes = new Uint8Array(4 * 1024 * 1024).map((_, i) => (i * 2654435761) >>> 24);
        const port = await new Promise<MessagePort>((resolve) => {
          window.addEventListener('message', ({ data: word, ports: [first] }) => {
            if (word === 'raddraft-port' && first) resolve(first);
          });
          window.postMessage('raddraft-ready', window.location.origin);
        });
        const ask = (id: number, name: string, input: object): Promise<{ output?: { upload?: string } }> =>
          new Promise((resolve) => {
            port.addEventListener('message', ({ data: answer }: MessageEvent<{ id?: number }>) => {
              if (answer.id === id) resolve(answer as { output?: { upload?: string } });
            });
            port.start();
            port.postMessage({ t: 'call', id, name, input });
          });
        const begun = await ask(5e6, 'upload.begin', { name: 'x', bytes: bytes.length });
        return await ask(5e6 + 1, 'upload.piece', { upload: begun.output?.upload, offset: 0, bytes });
      });
      expect(same).toMatchObject({ t: 'ok' });
    });
  });

  describe('2 what the host does', () => {
    test('2.1 menu items arrive as commands', async () => {
      await electron.evaluate(({ Menu }) => {
        const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? [];
        items.find(({ label }) => label === 'About RadDraft')?.click();
      });
      await page.getByRole('dialog').first().waitFor();
      await page.keyboard.press('Escape');
    });

    test('2.2 the open dialog gives paths, and the film is imported', async () => {
      const film = writePhantom(home, 22);
      await electron.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
      }, film);
      expect(await page.evaluate(() => window.raddraftHost?.pickFiles('files'))).toEqual([
        { kind: 'path', path: film, name: 'phantom-22.dcm' },
      ]);
      await page.keyboard.press('Control+o');
      await page.getByText('SYNTHETIC-E2E-22').first().waitFor();
    });

    test('2.3 a file that a person gave has its path; one that a script made has none', async () => {
      const film = writePhantom(home, 23);
      await page.evaluate(() => {
        const input = document.createElement('input');
        input.type = 'file';
        input.id = 'given';
        document.body.append(input);
      });
      await page.locator('#given').setInputFiles(film);
      const paths = await page.evaluate(() => {
        const input = document.querySelector<HTMLInputElement>('#given');
        const given = window.raddraftHost?.pathOf(input?.files?.[0]);
        input?.remove();
        return [
          given,
          window.raddraftHost?.pathOf(new File(['x'], 'made.dcm')),
          window.raddraftHost?.pathOf('/etc/passwd'),
        ];
      });
      expect(paths).toEqual([film, null, null]);
    });

    test('2.4 a second start hands its films over and ends', async () => {
      if (!runtime) throw new Error('expected an Electron runtime');
      const second = spawn(runtime.program, args(writePhantom(home, 24)), { env: environment(), stdio: 'ignore' });
      const [code] = (await once(second, 'exit')) as [number];
      expect(code).toBe(0);
      await expect
        .poll(async () => JSON.stringify(await call('study.list', {})), { timeout: 20_000 })
        .toContain('SYNTHETIC-E2E-24');
    });
  });

  describe('3 what the page must not do', () => {
    test('3.1 it has no Node, and of the shell only the host’s methods', async () => {
      const seen = await page.evaluate(() => ({
        types: [
          typeof Reflect.get(window, 'require'),
          typeof Reflect.get(window, 'process'),
          typeof Reflect.get(window, 'module'),
        ],
        host: Object.keys(window.raddraftHost ?? {}).toSorted(),
      }));
      expect(seen).toEqual({
        types: ['undefined', 'undefined', 'undefined'],
        host: ['onCommand', 'pathOf', 'pickFiles', 'setTitle', 'shell'],
      });
    });

    test('3.2 its window is sandboxed and isolated', async () => {
      const preferences = await electron.evaluate(({ webContents }) => {
        const [contents] = webContents.getAllWebContents();
        const read: unknown = Reflect.get(contents ?? {}, 'getLastWebPreferences');
        return typeof read === 'function' ? (read.call(contents) as unknown) : null;
      });
      expect(preferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
      });
    });

    test('3.3 it reaches neither network nor disk, and of its own scheme only its own files', async () => {
      const reached = await page.evaluate(
        async (urls) => {
          const answers: (number | string)[] = [];
          for (const url of urls)
            answers.push(
              await fetch(url).then(
                (r) => r.status,
                () => 'refused',
              ),
            );
          return answers;
        },
        [
          'https://example.invalid/',
          'http://127.0.0.1/',
          'file:///etc/passwd',
          'app://other/index.html',
          'app://raddraft/../package.json',
          'app://raddraft/%2e%2e/%2e%2e/package.json',
          'app://raddraft/..%2f..%2fpackage.json',
        ],
      );
      expect(reached).toEqual(['refused', 'refused', 'refused', 'refused', 404, 404, 404]);
    });

    test('3.4 the same holds below the policy: the session itself refuses', async () => {
      const reached = await electron.evaluate(async ({ session, net }) => {
        const page = session.fromPartition('raddraft');
        const get = (url: string) =>
          new Promise<string>((resolve) => {
            const sent = net.request({ url, session: page });
            sent.once('response', ({ statusCode }) => resolve(String(statusCode)));
            sent.once('error', ({ message }) => resolve(message));
            sent.end();
          });
        return await get('http://127.0.0.1:9/');
      });
      expect(reached).toContain('ERR_BLOCKED_BY_CLIENT');
    });

    test('3.5 the page carries the content security policy', async () => {
      const headers = await page.evaluate(async () =>
        Object.fromEntries((await fetch('app://raddraft/index.html')).headers),
      );
      expect(headers).toMatchObject({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      const evaluated = await page.evaluate(() => {
        try {
          return String(Reflect.apply(setTimeout, window, ['1', 0]));
        } catch (error) {
          return error instanceof Error ? error.name : 'unknown';
        }
      });
      expect(evaluated).not.toMatch(/^[1-9]\d*$/);
    });

    test('3.6 every permission is denied', async () => {
      const states = await page.evaluate(async () => {
        const names = ['camera', 'microphone', 'geolocation', 'notifications', 'midi', 'persistent-storage'];
        const found: string[] = [];
        for (const name of names)
          found.push((await navigator.permissions.query({ name: name as PermissionName })).state);
        return found;
      });
      expect(new Set(states)).toEqual(new Set(['denied']));
      expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
    });

    test('3.7 nothing of the page is kept in the profile', async () => {
      await page.evaluate(() => localStorage.setItem('mark', 'RADDRAFT-MARK-417'));
      const folder = await electron.evaluate(({ session }) => session.fromPartition('raddraft').getStoragePath());
      expect(folder).toBeNull();
    });

    test('3.8 it opens no window and goes nowhere', async () => {
      const opened = await page.evaluate(() => window.open('https://example.invalid/') === null);
      expect(opened).toBe(true);
      for (const to of ['https://example.invalid/', 'file:///etc/passwd', 'app://other/index.html', 'data:text/html,x'])
        await page.evaluate((url) => {
          const link = document.createElement('a');
          link.href = url;
          document.body.append(link);
          link.click();
          link.remove();
        }, to);
      await page.evaluate(() => window.location.assign('https://example.invalid/'));
      await page.waitForTimeout(300);
      expect(page.url()).toBe('app://raddraft/index.html');
      expect(electron.windows()).toHaveLength(1);
    });
  });

  describe('4 what survives', () => {
    test('4.1 a page that is loaded again speaks with the backend again', async () => {
      await electron.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.reload());
      await page.getByText(LABEL).first().waitFor();
      expect(await call('app.state', {})).toMatchObject({ t: 'ok', output: { studies: 3 } });
    });

    test('4.2 a backend that is killed comes back, with everything in it', async () => {
      const [before] = backends();
      if (before === undefined) throw new Error('expected one backend');
      process.kill(before, 'SIGKILL');
      await expect.poll(() => backends().find((pid) => pid !== before), { timeout: 20_000 }).toBeDefined();
      await expect
        .poll(async () => JSON.stringify(await call('app.state', {})), { timeout: 20_000 })
        .toMatch(/"studies":3/);
    });

    test('4.3 closing ends the backend too; what was imported is there the next time, and so is the window’s size', async () => {
      await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1100, 700));
      const running = backends();
      expect(running).toHaveLength(1);
      await electron.close();
      await expect.poll(() => running.filter((pid) => isAlive(pid)), { timeout: 10_000 }).toEqual([]);
      await launch();
      expect(await call('app.state', {})).toMatchObject({ t: 'ok', output: { studies: 3 } });
      const size = await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize());
      expect(size).toEqual([1100, 700]);
    });
  });

  test('5 no secret of the machine lies readable where the system keeps none', () => {
    // Test machines have no key ring: the backend keeps a key file, and says so.
    const said = readFileSync(path.join(home, 'key')).length;
    expect(said).toBeGreaterThan(0);
  });
});
