/**
 * Electron's security checklist, item by item, in a real Electron: the numbers of the tests are the checklist's
 * (docs/security.md). Item 19, the fuses, is held by package.test.ts.
 */
import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '#contract/csp.ts';
import { build } from '../../scripts/build.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { openDisplay, type Display } from './display.ts';
import { chooseFromMenu, filmIn, ground, openDesktop, type Desktop } from './desktop.ts';
import { writePhantom } from './phantoms.ts';

const here = ground();
const root = path.resolve(import.meta.dirname, '../..');
const PAGE = 'app://raddraft/index.html';
/** Of the film that is opened: it must not appear outside the window and the data folder. */
const NAME = 'SYNTHETIC-E2E-31';

/** Hears whatever arrives, over TCP or UDP, at an address of this machine that is not the loopback where it has one. */
async function openEar() {
  let heard = 0;
  const host = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4');
  const udp = createSocket('udp4');
  udp.on('message', () => heard++);
  await new Promise<void>((resolve) => udp.bind(0, resolve));
  const { port } = udp.address();
  const tcp = createServer((socket) => {
    heard++;
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => tcp.once('error', reject).listen(port, resolve));
  return {
    address: `${host?.address ?? '127.0.0.1'}:${port}`,
    heard: () => heard,
    async close() {
      udp.close();
      await new Promise((resolve) => tcp.close(resolve));
    },
  };
}

const sources = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|svelte)$/.test(file) && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(path.join(root, folder, file), 'utf8'));

const what = 'Electron’s security checklist';
describe.skipIf('missing' in here)('missing' in here ? `${what} (skipped: ${here.missing})` : what, () => {
  const home = mkdtempSync(path.join(tmpdir(), 'raddraft-security-'));
  let display: Display;
  let desktop: Desktop;
  const status = (url: string) =>
    desktop.page.evaluate(
      (asked) =>
        fetch(asked).then(
          (r) => r.status,
          () => 'refused',
        ),
      url,
    );
  /** What Electron made of the preferences of a window's page. */
  const preferences = () =>
    desktop.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      // Not in the types; https://github.com/electron/electron/blob/main/lib/browser/api/web-contents.ts
      const get: unknown = contents && Reflect.get(contents, 'getLastWebPreferences');
      return typeof get === 'function' ? (get.call(contents) as Record<string, unknown>) : {};
    });

  beforeAll(async () => {
    if ('missing' in here) return;
    build(['renderer', 'node', 'main', 'preload']);
    display = await openDisplay();
    desktop = await openDesktop({ runtime: here.runtime, display: display.name, home }, [writePhantom(home, 31)]);
    await filmIn(desktop);
  }, 240_000);
  afterAll(async () => {
    await desktop?.app.close().catch(() => undefined);
    display?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  });

  test('1.1 all that is loaded comes out of the program', async () => {
    const { page } = desktop;
    const loaded: string[] = [];
    const note = (request: { url(): string }) => void loaded.push(request.url());
    page.on('request', note);
    await page.reload();
    await page.locator('#studies [role=option]').first().click();
    await page.locator('.area[data-image]').waitFor();
    page.off('request', note);
    expect(loaded).toContain(PAGE);
    expect(loaded.length).toBeGreaterThan(2);
    expect(loaded.filter((url) => !/^(app:\/\/raddraft\/|blob:app:\/\/raddraft\/|data:)/.test(url))).toEqual([]);
  });

  test('1.2 nothing reaches a network: no fetch, picture, socket or beacon, with or without the page’s policy', async () => {
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

  test('1.3 nor does a peer connection, which no policy of a page or a session sees', async () => {
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

  test('2.1 the page has no Node', async () => {
    const node = await desktop.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron', 'ipcRenderer'].filter(
        (name) => name in window,
      ),
    );
    expect(node).toEqual([]);
    expect(await preferences()).toMatchObject({ nodeIntegration: false, nodeIntegrationInSubFrames: false });
  });

  test('3.1 page and preload live apart', async () => {
    expect(await preferences()).toMatchObject({ contextIsolation: true });
    // What the bridge handed over cannot be put in its place by a page.
    const replaced = await desktop.page.evaluate(() => {
      const host = Reflect.get(window, 'raddraftHost') as object;
      return [Reflect.set(host, 'pickFiles', null), Reflect.deleteProperty(window, 'raddraftHost')];
    });
    expect(replaced).toEqual([false, false]);
  });

  test('4.1 the page is sandboxed', async () => {
    expect(await preferences()).toMatchObject({ sandbox: true });
  });

  test('5.1 every permission is denied, whoever asks', async () => {
    const found = await desktop.page.evaluate(async () => {
      const states: Record<string, string> = {};
      const names = [
        'notifications',
        'geolocation',
        'camera',
        'microphone',
        'clipboard-read',
        'midi',
        'persistent-storage',
      ];
      for (const name of names)
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

  test('6.1 web security is on', async () => {
    expect(await preferences()).toMatchObject({ webSecurity: true });
    expect(sources('src/main').join('\n')).not.toMatch(/webSecurity: false|disable-web-security/);
  });

  test('7.1 the content security policy is sent and in force', async () => {
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
      let timed: unknown;
      try {
        timed = Reflect.apply(setTimeout, window, ['1', 0]);
      } catch (error) {
        timed = error instanceof Error ? error.name : 'threw';
      }
      const inline = document.createElement('div');
      let markup = 'parsed';
      try {
        inline.innerHTML = '<b>text</b>';
      } catch (error) {
        markup = error instanceof Error ? error.name : 'threw';
      }
      return { headers: Object.fromEntries(headers), evaluated, timed: String(timed), markup };
    });
    expect(found.headers).toMatchObject({
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(found.evaluated).toBe('EvalError');
    expect(found.timed).not.toMatch(/^[1-9]\d*$/);
    expect(found.markup).toBe('TypeError'); // Trusted Types
  });

  test('8.1 insecure content is not allowed', async () => {
    expect((await preferences())['allowRunningInsecureContent'] ?? false).toBe(false);
  });

  test('9.1 and 10.1 no experimental feature of Chromium or Blink is switched on', async () => {
    const found = await preferences();
    expect(found['experimentalFeatures'] ?? false).toBe(false);
    expect(found['enableBlinkFeatures'] ?? '').toBe('');
    const switches = sources('src/main')
      .join('\n')
      .match(/appendSwitch\('[^']+'/g);
    expect(switches).toEqual(["appendSwitch('host-resolver-rules'"]);
  });

  test('11.1 and 12.1 a webview is nothing here', async () => {
    expect(await preferences()).toMatchObject({ webviewTag: false });
    const before = await desktop.app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
    const guest = await desktop.page.evaluate(async () => {
      const view = document.createElement('webview');
      view.setAttribute('src', 'app://raddraft/index.html');
      view.setAttribute('allowpopups', '');
      document.body.append(view);
      await new Promise((next) => setTimeout(next, 200));
      const made = 'getWebContentsId' in view || 'loadURL' in view;
      view.remove();
      return made;
    });
    expect(guest).toBe(false);
    expect(await desktop.app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(before);
  });

  test('13.1 and 14.1 it goes nowhere else and opens no window', async () => {
    const { page, app } = desktop;
    expect(await page.evaluate(() => window.open('app://raddraft/index.html') === null)).toBe(true);
    expect(await page.evaluate(() => window.open('https://example.invalid/') === null)).toBe(true);
    await page.evaluate(() => {
      const places = [
        'https://example.invalid/',
        'file:///etc/passwd',
        'app://raddraft/other.html',
        'app://other/index.html',
      ];
      for (const href of [...places, 'data:text/html,x']) {
        const link = document.createElement('a');
        link.href = href;
        document.body.append(link);
        link.click();
        link.target = '_blank';
        link.click();
        link.remove();
      }
      window.location.assign('https://example.invalid/');
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(page.url()).toBe(PAGE);
    expect(app.windows()).toHaveLength(1);
    expect(await page.evaluate(() => document.querySelectorAll('.area[data-image]').length)).toBe(1);
    // The driver waits for ever for a navigation that was forbidden; a fresh page ends that.
    await page.reload();
    await page.locator('#studies [role=option]').first().waitFor();
  });

  test('15.1 nothing is handed to the system to open', () => {
    const electron = sources('src/main').flatMap((text) => [...text.matchAll(/import \{([^}]*)\} from 'electron'/g)]);
    expect(electron.length).toBeGreaterThan(5);
    expect(electron.filter(([, names]) => /\bshell\b/.test(names ?? ''))).toEqual([]);
  });

  test('16.1 the pinned Electron is an exact version of a line that is kept up', () => {
    expect(packageJson.devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Number.parseInt(packageJson.devDependencies.electron, 10)).toBeGreaterThanOrEqual(42);
  });

  test('17.1 only the program’s own page is heard: another page with the same preload gets nothing', async () => {
    const { app } = desktop;
    const found = await app.evaluate(
      async ({ BrowserWindow, dialog }, preload) => {
        let asked = 0;
        const before = dialog.showOpenDialog;
        dialog.showOpenDialog = () => {
          asked++;
          return Promise.resolve({ canceled: false, filePaths: ['/etc/passwd'] });
        };
        const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
        await stranger.loadURL('data:text/html,<p>stranger');
        const said: unknown = await stranger.webContents.executeJavaScript(`(async () => {
          let ports = 0;
          addEventListener('message', (event) => { ports += event.ports.length; });
          raddraftHost.setTitle('owned');
          raddraftHost.openReport();
          postMessage('raddraft-ready', '*');
          const picked = await raddraftHost.pickFiles('files');
          const printed = await raddraftHost.print();
          await new Promise((next) => setTimeout(next, 300));
          return { ports, picked, printed };
        })()`);
        const title = stranger.getTitle();
        const windows = BrowserWindow.getAllWindows().length;
        stranger.destroy();
        dialog.showOpenDialog = before;
        return { said, asked, title, windows };
      },
      path.join(root, 'dist/main/preload.cjs'),
    );
    expect(found).toMatchObject({ said: { ports: 0, picked: [], printed: '' }, asked: 0, windows: 2 });
    expect(found.title).not.toBe('owned');
  });

  test('18.1 its own scheme serves the window’s files and nothing beside or above them; file:// is refused', async () => {
    expect(desktop.page.url()).toBe(PAGE);
    expect(await status(PAGE)).toBe(200);
    for (const url of [
      'app://raddraft/../package.json',
      'app://raddraft/..%2fpackage.json',
      'app://raddraft/..%2f..%2feslint.config.js',
      'app://raddraft/%2e%2e/%2e%2e/eslint.config.js',
      'app://raddraft/%2e%2e/%2e%2e/package.json',
      'app://raddraft/..%5c..%5ceslint.config.js',
      'app://raddraft/%',
      'app://raddraft/index.html%00.js',
      'app://raddraft//etc/passwd',
    ])
      expect([404, 'refused'], url).toContain(await status(url));
    for (const url of [
      'app://other/index.html',
      'file:///etc/hostname',
      'file:///etc/passwd',
      'https://example.invalid/',
    ])
      expect(await status(url), url).toBe('refused');
  });

  test('20.1 of its host the page has a handful of methods, and no event of Electron’s reaches it', async () => {
    const host = await desktop.page.evaluate(() => Object.keys(Reflect.get(window, 'raddraftHost') as object).sort());
    expect(host).toEqual([
      'onWord',
      'openReport',
      'pathOf',
      'pickFiles',
      'print',
      'saveFile',
      'savePdf',
      'setTitle',
      'shell',
    ]);
    const heard = desktop.page.evaluate(
      () =>
        new Promise<unknown[]>((done) => {
          const own = Reflect.get(window, 'raddraftHost') as {
            onWord: (listener: (...all: unknown[]) => void) => void;
          };
          own.onWord((...all) => done(all));
        }),
    );
    await desktop.page.evaluate(() => undefined); // the listener is there
    await chooseFromMenu(desktop, 'About RadDraft');
    expect(await heard).toEqual([{ word: 'command', id: 'help.about' }]);
    await desktop.page.keyboard.press('Escape');
  });

  test('21 beyond the checklist: nothing is downloaded', async () => {
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

  test('22 nothing of the page is kept in the profile, and no name of a patient is on the disk in the clear', async () => {
    const { app, page } = desktop;
    await page.evaluate(() => localStorage.setItem('mark', 'RADDRAFT-MARK-417'));
    expect(await app.evaluate(({ session }) => session.fromPartition('raddraft').getStoragePath())).toBeNull();
    const files = ['data', 'data.window'].flatMap((folder) =>
      readdirSync(path.join(home, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name)),
    );
    const forms = [NAME, 'RADDRAFT-MARK-417'].flatMap((word) => [
      Buffer.from(word),
      Buffer.from(word, 'utf16le'),
      Buffer.from(Buffer.from(word).toString('base64').slice(0, -4)),
    ]);
    const holding = files.filter((file) => {
      // Chromium goes on writing: a file may have been renamed since the folder was listed.
      if (!existsSync(file)) return false;
      const bytes = readFileSync(file);
      return forms.some((form) => bytes.includes(form));
    });
    expect(files.length).toBeGreaterThan(3);
    expect(holding).toEqual([]);
  });

  test('23 no secret of the machine lies readable where the system keeps none: the key file is its owner’s alone', () => {
    // Test machines have no key ring: the backend keeps a key file, and says so.
    expect(readFileSync(path.join(home, 'machine.key')).length).toBeGreaterThan(0);
    expect(readdirSync(path.join(home, 'data.window'))).not.toContain('machine-secret.bin');
  });
});
