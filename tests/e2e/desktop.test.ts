/** The desktop program in a real Electron: what it opens, what it must not do, what survives, and that it ends. */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '#contract/csp.ts';
import { build } from '../../scripts/build.ts';
import { startServer } from '../drive/server.ts';
import { shared } from '../shared.ts';
import { openDisplay, type Display } from './display.ts';
import {
  chooseFromMenu,
  ground,
  isAlive,
  openDesktop,
  processesBelow,
  startOf,
  type Desktop,
  type Place,
} from './desktop.ts';

const here = ground();
const film = shared('dicom/pydicom-data/RG1_J2KI.dcm');
const otherFilm = shared('dicom/pydicom-data/RG3_J2KR.dcm');
/** Of `film`'s patient: it must not appear outside the window and the data folder. */
const NAME = 'CompressedSamples';
const pictures = process.env['RADDRAFT_PICTURES'];

/** Hears whatever arrives, over TCP or UDP, at an address of this machine that is not the loopback where it has one. */
async function openEar() {
  let heard = 0;
  const host = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4');
  const tcp = createServer((socket) => {
    heard++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => tcp.listen(0, resolve));
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4');
  udp.on('message', () => heard++);
  await new Promise<void>((resolve) => udp.bind(port, resolve));
  return {
    address: `${host?.address ?? '127.0.0.1'}:${port}`,
    heard: () => heard,
    async close() {
      udp.close();
      await new Promise((resolve) => tcp.close(resolve));
    },
  };
}

const what = 'the desktop program';
describe.skipIf('missing' in here)('missing' in here ? `${what} (skipped: ${here.missing})` : what, () => {
  let display: Display;
  let place: Place;
  let desktop: Desktop;
  const newPlace = (): Place => {
    if ('missing' in here) throw new Error(here.missing);
    const home = mkdtempSync(path.join(tmpdir(), 'raddraft-desktop-'));
    return { runtime: here.runtime, display: display.name, home };
  };
  const picture = async (name: string) => {
    if (!pictures) return;
    mkdirSync(pictures, { recursive: true });
    await desktop.page.screenshot({ path: path.join(pictures, `desktop-${name}.png`) });
  };
  const editor = () => desktop.page.locator('.ProseMirror');
  const rows = () => desktop.page.locator('#studies [role=option]');
  const openDemo = async () => {
    await rows()
      .filter({ hasText: /synthetic/i })
      .click();
    await editor().waitFor();
  };
  const drawer = async (state: 'visible' | 'hidden') => {
    if ((await rows().first().isVisible()) !== (state === 'visible')) await chooseFromMenu(desktop, 'Studies');
    await rows().first().waitFor({ state });
  };
  const saved = () => desktop.page.locator('.save.saved').waitFor();
  const backend = () => processesBelow(desktop.pid).find(({ command }) => command.includes('backend.mjs'));
  const engine = () => processesBelow(desktop.pid).find(({ command }) => command.includes('engine.mjs'));

  beforeAll(async () => {
    if ('missing' in here) return;
    build(['renderer', 'node', 'main', 'preload']);
    display = await openDisplay();
    place = newPlace();
    desktop = await openDesktop(place, [film]);
  }, 240_000);
  afterAll(async () => {
    await desktop?.app.close().catch(() => undefined);
    display?.close();
    if (place) rmSync(place.home, { recursive: true, force: true, maxRetries: 10 });
  });

  describe('1 what it shows', () => {
    test('1.1 the film that the command line named is on the screen', async () => {
      await desktop.page.locator('.area[data-image]').waitFor();
      expect(desktop.page.url()).toBe('app://raddraft/index.html');
      await picture('film');
    });

    test('1.2 the window’s title tells nothing of the patient', async () => {
      const title = await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());
      expect(title).toMatch(/^RadDraft/);
      expect(title).not.toContain(NAME);
    });

    test('1.3 the backend tells its state: how the key is kept, which shell it has', async () => {
      await chooseFromMenu(desktop, 'About RadDraft');
      await desktop.page
        .getByRole('dialog')
        .getByText(/key file|Keychain|Windows data|wallet|gnome/i)
        .waitFor();
      await desktop.page.keyboard.press('Escape');
    });

    test('1.4 the native menu’s commands arrive: the demo film opens', async () => {
      const before = await desktop.page.locator('.area').getAttribute('data-image');
      await chooseFromMenu(desktop, 'Open the demo film');
      await desktop.page.locator(`.area[data-image]:not([data-image="${before}"])`).waitFor();
      await desktop.page
        .getByText(/synthetic/i)
        .first()
        .waitFor();
    });

    test('1.5 a draft can be made', async () => {
      await chooseFromMenu(desktop, 'Draft report');
      await editor().waitFor({ timeout: 60_000 });
      expect((await editor().innerText()).length).toBeGreaterThan(20);
      expect(engine()).toBeDefined();
      await picture('draft');
    }, 90_000);
  });

  describe('2 what it must not do', () => {
    test('2.1 the page has no Node, and of its host a handful of methods', async () => {
      const found = await desktop.page.evaluate(() => ({
        node: ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron', 'ipcRenderer'].filter(
          (name) => name in window,
        ),
        host: Object.keys(Reflect.get(window, 'raddraftHost') as object).sort(),
      }));
      expect(found.node).toEqual([]);
      expect(found.host).toEqual(['onCommand', 'pathOf', 'pickFiles', 'setTitle', 'shell']);
    });

    test('2.2 the window is sandboxed and isolated', async () => {
      const preferences = await desktop.app.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        // Not in the types; https://github.com/electron/electron/blob/main/lib/browser/api/web-contents.ts
        const get: unknown = contents && Reflect.get(contents, 'getLastWebPreferences');
        return typeof get === 'function' ? (get.call(contents) as Record<string, unknown>) : {};
      });
      expect(preferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
      });
    });

    test('2.3 the content security policy is sent and in force', async () => {
      const found = await desktop.page.evaluate(async () => {
        const { headers } = await fetch(window.location.href);
        // Later: what a debugger evaluates is free of the policy, a timer's function is not.
        const evaluated = await new Promise<string>((resolve) =>
          setTimeout(() => {
            try {
              resolve(typeof Reflect.construct(Function, ['return 1']));
            } catch (error) {
              resolve(error instanceof Error ? error.name : 'threw');
            }
          }),
        );
        const inline = document.createElement('div');
        let markup = 'parsed';
        try {
          inline.innerHTML = '<b>text</b>';
        } catch (error) {
          markup = error instanceof Error ? error.name : 'threw';
        }
        return {
          policy: headers.get('content-security-policy'),
          nosniff: headers.get('x-content-type-options'),
          evaluated,
          markup,
        };
      });
      expect(found.policy).toBe(CONTENT_SECURITY_POLICY);
      expect(found.nosniff).toBe('nosniff');
      expect(found.evaluated).toBe('EvalError');
      expect(found.markup).toBe('TypeError'); // Trusted Types
    });

    test('2.4 its scheme serves the window’s files and nothing beside or above them', async () => {
      const status = (url: string) =>
        desktop.page.evaluate(
          (asked) =>
            fetch(asked).then(
              (r) => r.status,
              () => 'refused',
            ),
          url,
        );
      expect(await status('app://raddraft/index.html')).toBe(200);
      for (const url of [
        'app://raddraft/../package.json',
        'app://raddraft/..%2f..%2feslint.config.js',
        'app://raddraft/%2e%2e/%2e%2e/eslint.config.js',
        'app://raddraft/..%5c..%5ceslint.config.js',
        'app://raddraft/%',
        'app://raddraft/index.html%00.js',
        'app://raddraft//etc/passwd',
      ])
        expect([404, 'refused'], url).toContain(await status(url));
      for (const url of ['app://other/index.html', 'file:///etc/hostname'])
        expect(await status(url), url).toBe('refused');
    });

    test('2.5 nothing reaches a network: no fetch, picture, socket or beacon, with or without the page’s policy', async () => {
      const { app, page } = desktop;
      const ear = await openEar();
      await page.evaluate(
        async ([address]) => {
          await fetch(`http://${address}/`).catch(() => undefined);
          const failed = (target: EventTarget) => new Promise((done) => target.addEventListener('error', done));
          const image = new Image();
          image.src = `http://${address}/x.png`;
          await failed(image);
          try {
            await failed(new WebSocket(`ws://${address}/`));
          } catch {
            // refused before it began
          }
          navigator.sendBeacon(`http://${address}/`, 'x');
        },
        [ear.address],
      );
      // Without the page's policy: the session itself lets nothing through.
      const refused = await app.evaluate(
        ({ net, session }, address) =>
          new Promise<string>((done) => {
            const request = net.request({ url: `http://${address}/`, session: session.fromPartition('raddraft') });
            request.on('error', ({ message }) => done(message));
            request.on('response', ({ statusCode }) => done(String(statusCode)));
            request.end();
          }),
        ear.address,
      );
      expect(refused).toContain('ERR_BLOCKED_BY_CLIENT');
      expect(ear.heard()).toBe(0);
      await ear.close();
    });

    test('2.6 nor does a peer connection, which no policy of a page or a session sees', async () => {
      const ear = await openEar();
      await desktop.page.evaluate(
        async ([address]) => {
          const peer = new RTCPeerConnection({
            iceServers: [
              { urls: `stun:${address}` },
              { urls: `turn:${address}?transport=tcp`, username: 'x', credential: 'y' },
            ],
          });
          const over = new Promise<void>((done) => {
            peer.addEventListener('icegatheringstatechange', () => peer.iceGatheringState === 'complete' && done());
          });
          peer.createDataChannel('x');
          await peer.setLocalDescription(await peer.createOffer());
          await over;
          peer.close();
        },
        [ear.address],
      );
      expect(ear.heard()).toBe(0);
      await ear.close();
    });

    test('2.7 it goes nowhere else and opens no window', async () => {
      const { page, app } = desktop;
      expect(await page.evaluate(() => window.open('app://raddraft/index.html') === null)).toBe(true);
      await page.evaluate(() => {
        for (const href of ['https://example.org/', 'file:///etc/passwd', 'app://raddraft/other.html']) {
          const link = document.createElement('a');
          link.href = href;
          document.body.append(link);
          link.click();
          link.target = '_blank';
          link.click();
          link.remove();
        }
        window.location.href = 'https://example.org/';
      });
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(page.url()).toBe('app://raddraft/index.html');
      expect(app.windows()).toHaveLength(1);
      expect(await page.evaluate(() => document.querySelectorAll('.ProseMirror').length)).toBe(1);
      // The driver waits for ever for a navigation that was forbidden; a fresh page ends that.
      await page.reload();
      await openDemo();
    });

    test('2.8 every permission is denied, whoever asks', async () => {
      const found = await desktop.page.evaluate(async () => {
        const states: Record<string, string> = {};
        for (const name of ['notifications', 'geolocation', 'camera', 'microphone', 'clipboard-read', 'midi'])
          states[name] = (await navigator.permissions.query({ name: name as PermissionName })).state;
        states['asked to notify'] = await Notification.requestPermission();
        states['clipboard itself'] = await navigator.clipboard.readText().then(
          () => 'granted',
          (error: unknown) => (error instanceof Error && error.name === 'NotAllowedError' ? 'denied' : String(error)),
        );
        return states;
      });
      expect(new Set(Object.values(found)), JSON.stringify(found)).toEqual(new Set(['denied']));
    });

    test('2.9 nothing is downloaded', async () => {
      const { app, page } = desktop;
      await app.evaluate(({ session }) => {
        session.fromPartition('raddraft').on('will-download', (event) => {
          Reflect.set(globalThis, 'downloads', [event.defaultPrevented]);
        });
      });
      await page.evaluate(() => {
        const link = document.createElement('a');
        link.href = URL.createObjectURL(new Blob(['x']));
        link.download = 'x.txt';
        link.click();
      });
      await expect.poll(() => app.evaluate(() => Reflect.get(globalThis, 'downloads') as unknown)).toEqual([true]);
    });
  });

  describe('3 what survives', () => {
    test('3.1 the backend is killed in the middle of typing: it comes back, and the text is whole', async () => {
      const { page } = desktop;
      const before = backend();
      if (!before) throw new Error('expected a backend, found none');
      await editor().locator('p').last().click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(' Typed before the kill');
      process.kill(before.pid, 'SIGKILL');
      await page.keyboard.type(' and after it.');
      await expect.poll(() => backend()?.pid ?? before.pid, { timeout: 20_000 }).not.toBe(before.pid);
      await saved();
      expect(await editor().innerText()).toContain('Typed before the kill and after it.');
      expect(await page.locator('.area').getAttribute('data-image')).not.toBeNull();
    });

    test('3.2 the page is loaded again: it gets a line of its own, and what was stored is there', async () => {
      await desktop.page.reload();
      await rows().first().waitFor();
      expect(await rows().count()).toBe(2);
      await openDemo();
      expect(await editor().innerText()).toContain('Typed before the kill and after it.');
    });

    test('3.3 a second start hands its files to the first and ends', async () => {
      const { program, args, env } = startOf(place, [otherFilm]);
      const second = spawn(program, args, { env, stdio: 'ignore' });
      expect(await once(second, 'exit')).toEqual([0, null]);
      await drawer('visible');
      await expect.poll(() => rows().count(), { timeout: 15_000 }).toBe(3);
    });

    test('3.4 closed a moment after the last key: nothing that was typed is gone', async () => {
      await drawer('hidden');
      await editor().locator('p').last().click();
      await desktop.page.keyboard.press('Control+End');
      await desktop.page.keyboard.type(' Last words.');
      const all = processesBelow(desktop.pid);
      expect(all.map(({ command }) => command).join('\n')).toMatch(/backend\.mjs[^]*engine\.mjs|utility/);
      await desktop.app.close();
      await expect.poll(() => all.filter(isAlive), { timeout: 10_000 }).toEqual([]);

      desktop = await openDesktop(place);
      await openDemo();
      expect(await editor().innerText()).toContain('and after it. Last words.');
    });

    test('3.5 no name of a patient is in the window’s own folder', async () => {
      const folder = path.join(place.home, 'data.window');
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const holding = files
        .map(({ parentPath, name }) => path.join(parentPath, name))
        .filter((file) => [NAME, Buffer.from(NAME, 'utf16le')].some((name) => readFileSync(file).includes(name)));
      expect(files.length).toBeGreaterThan(0);
      expect(holding).toEqual([]);
    });
  });

  describe('4 how it ends', () => {
    test('4.1 asked to end by the system, it leaves no process behind', async () => {
      await expect.poll(() => backend(), { timeout: 10_000 }).toBeDefined();
      const all = processesBelow(desktop.pid);
      process.kill(desktop.pid, 'SIGTERM');
      await expect.poll(() => all.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    });

    test('4.2 a page that crashes is shown again', async () => {
      desktop = await openDesktop(place);
      await rows().first().waitFor();
      // Asked in main: the driver holds a page that crashed for lost.
      const renderer = () =>
        desktop.app.evaluate(({ webContents }) => {
          const [contents] = webContents.getAllWebContents();
          return contents?.isLoading() ? 0 : (contents?.getOSProcessId() ?? 0);
        });
      const before = await renderer();
      await desktop.app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.forcefullyCrashRenderer());
      await expect.poll(async () => [0, before].includes(await renderer()), { timeout: 15_000 }).toBe(false);
      const studies = () =>
        desktop.app.evaluate(({ webContents }) =>
          webContents.getAllWebContents()[0]?.executeJavaScript("document.querySelectorAll('#studies li').length"),
        ) as Promise<number>;
      await expect.poll(studies, { timeout: 15_000 }).toBe(3);
    });

    test('4.3 killed, it leaves no process behind either', async () => {
      const all = processesBelow(desktop.pid);
      process.kill(desktop.pid, 'SIGKILL');
      await expect.poll(() => all.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    });

    test('4.4 where another program holds the data folder it says so, and shows no broken window', async () => {
      const server = await startServer(place.home);
      const { program, args, env } = startOf(place, []);
      const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
      try {
        let said = '';
        child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
        await expect.poll(() => said, { timeout: 15_000 }).toMatch(/RadDraft cannot run: .*data folder/i);
        await expect
          .poll(() => processesBelow(child.pid ?? 0).filter(({ command }) => command.includes('backend.mjs')))
          .toEqual([]);
      } finally {
        child.kill('SIGKILL');
        await server.close();
      }
    });
  });
});
