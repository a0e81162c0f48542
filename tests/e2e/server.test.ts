/** Browser mode, started for real: who may come in, what is served, and the window in a browser. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { product } from '#contract/calls.ts';
import { webSocket } from '#contract/ports/webSocket.ts';
import { connect } from '#contract/rpc.ts';
import { build } from '../../scripts/build.ts';
import { startServer, type RunningServer } from '../drive/server.ts';
import { launchChromium } from '../viewer/chromium.ts';
import { writePhantom } from './phantoms.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-server-'));
let server: RunningServer;
let port: number;
beforeAll(async () => {
  build(['renderer']);
  server = await startServer(home);
  port = Number(new URL(server.address()).port);
});
afterAll(async () => {
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

interface Ask {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
}

async function ask({ path: at = '/', method = 'GET', headers = {} }: Ask): Promise<IncomingMessage & { body: string }> {
  const sent = request({ host: '127.0.0.1', port, path: at, method, headers });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let body = '';
  for await (const piece of response.setEncoding('utf8')) body += String(piece);
  return Object.assign(response, { body });
}

const tokenPath = (): string => `/${new URL(server.address()).search}`;

/** Uses the newest address up and answers with the session's cookie. */
async function enter(): Promise<string> {
  const before = server.address();
  const answer = await ask({ path: tokenPath() });
  await expect.poll(() => server.address()).not.toBe(before);
  return (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}

/** The status with which a WebSocket was refused, or the open socket. */
async function knock(headers: Record<string, string>, at = '/rpc'): Promise<number | WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${at}`, { headers });
  return await new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('error', reject);
  });
}

describe('1 the door', () => {
  test('1.1 is shut without a token: the page, its files and the line', async () => {
    for (const at of ['/', '/index.html', '/assets/x.js', '/rpc'])
      expect((await ask({ path: at })).statusCode).toBe(403);
    expect((await ask({ path: '/?token=' })).statusCode).toBe(403);
    expect((await ask({ path: `/?token=${'A'.repeat(43)}` })).statusCode).toBe(403);
  });

  test('1.2 a token works once, sets a cookie that scripts cannot read, and leaves the address', async () => {
    const at = tokenPath();
    const first = await ask({ path: at });
    expect([first.statusCode, first.headers.location]).toEqual([303, '/']);
    expect(first.headers['set-cookie']?.[0]).toMatch(/^raddraft-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const second = await ask({ path: at });
    expect(second.statusCode).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('1.3 a cookie opens it; one that was guessed does not', async () => {
    const cookie = await enter();
    const page = await ask({ headers: { cookie } });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<title>RadDraft</title>');
    const name = cookie.split('=')[0] ?? '';
    for (const guess of [`${name}=`, `${name}=${'A'.repeat(43)}`, `other=${cookie.split('=')[1]}`])
      expect((await ask({ headers: { cookie: guess } })).statusCode).toBe(403);
  });

  test.each(['localhost', 'attacker.example', '127.0.0.1', '[::1]'])(
    '1.4 a request for the host %s is refused, token or not (DNS rebinding)',
    async (name) => {
      const host = name === '127.0.0.1' ? '127.0.0.1:1' : `${name}:${port}`;
      const at = tokenPath();
      expect((await ask({ path: at, headers: { host } })).statusCode).toBe(421);
      const cookie = await enter(); // the token was not used up by that
      expect((await ask({ headers: { host, cookie } })).statusCode).toBe(421);
    },
  );

  test('1.5 only reading', async () => {
    const cookie = await enter();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask({ method, headers: { cookie } })).statusCode).toBe(405);
  });

  test('1.6 serves the window and nothing beside it', async () => {
    const cookie = await enter();
    for (const at of [
      '/../package.json',
      '/..%2fpackage.json',
      '/%2e%2e/package.json',
      '/....//package.json',
      '/assets/../../node/server.mjs',
      '/assets',
      '/.built-renderer',
      '/index.html%00.js',
    ])
      expect((await ask({ path: at, headers: { cookie } })).statusCode, at).toBe(404);
  });

  test.runIf(process.platform === 'linux')('1.7 listens on 127.0.0.1 and on no other address', async () => {
    const socket = connectSocket({ host: '127.0.0.2', port });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});

describe('2 what goes with every answer', () => {
  test('2.1 the content security policy, and headers that keep others out', async () => {
    const cookie = await enter();
    for (const answer of [
      await ask({ headers: { cookie } }),
      await ask({}),
      await ask({ path: '/none', headers: { cookie } }),
    ])
      expect(answer.headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; " +
          "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
          "require-trusted-types-for 'script'; trusted-types svelte-trusted-html ProseMirrorClipboard",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
  });
});

describe('3 the line', () => {
  const own = (): string => `http://127.0.0.1:${port}`;

  test('3.1 needs the cookie', async () => {
    expect(await knock({ origin: own() })).toBe(403);
    expect(await knock({ origin: own(), cookie: `raddraft-${port}=${'A'.repeat(43)}` })).toBe(403);
  });

  test('3.2 needs our very own origin', async () => {
    const cookie = await enter();
    for (const origin of ['http://attacker.example', `http://localhost:${port}`, 'null', `https://127.0.0.1:${port}`])
      expect(await knock({ origin, cookie }), origin).toBe(403);
    expect(await knock({ cookie })).toBe(403);
  });

  test('3.3 needs our very own host, and its one path', async () => {
    const cookie = await enter();
    expect(await knock({ origin: own(), cookie, host: `localhost:${port}` })).toBe(403);
    expect(await knock({ origin: own(), cookie }, '/rpc2')).toBe(403);
  });

  test('3.4 then answers calls, of several windows at once; paths may not be named', async () => {
    const cookie = await enter();
    const sockets = await Promise.all([knock({ origin: own(), cookie }), knock({ origin: own(), cookie })]);
    for (const socket of sockets) {
      if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
      const { api } = connect(webSocket(socket), product);
      expect(await api['app.state']({})).toMatchObject({ shell: 'browser', allowsPaths: false });
      const named = api['import.run']({ job: 'j', sources: [{ kind: 'path', path: '/etc/passwd' }] });
      await expect(named).rejects.toMatchObject({ code: 'refused' });
      socket.close();
    }
  });

  test('3.5 a message beyond the limit closes it', async () => {
    const cookie = await enter();
    const socket = await knock({ origin: own(), cookie });
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
    socket.send(new Uint8Array(9 * 1024 * 1024));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
  });
});

describe('4 the process', () => {
  test('4.1 a second one over the same data says who has it and ends with 2', async () => {
    await expect(startServer(home)).rejects.toThrow(/ended with 2: raddraft: .*(RadDraft|open|use)/);
  });

  test('4.2 a taken port is said in one line', async () => {
    const other = mkdtempSync(path.join(tmpdir(), 'raddraft-server-'));
    const child = spawn(
      process.execPath,
      [path.resolve('src/server/main.ts'), '--data', path.join(other, 'data'), '--port', String(port)],
      { env: { ...process.env, RADDRAFT_KEY: path.join(other, 'key') } },
    );
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(2);
    expect(said).toMatch(/^raddraft: Expected a free port, found \d+ taken .*\n$/);
    rmSync(other, { recursive: true, force: true });
  });
});

describe('5 the window in a browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let shown: RunningServer;
  const own = mkdtempSync(path.join(tmpdir(), 'raddraft-server-'));
  const complaints: string[] = [];
  beforeAll(async () => {
    shown = await startServer(own, [writePhantom(own, 1)]);
    browser = await launchChromium();
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    context.on('weberror', (error) => complaints.push(String(error.error())));
  });
  afterAll(async () => {
    await browser.close();
    await shown.close();
    rmSync(own, { recursive: true, force: true });
  });
  const origin = (): string => new URL(shown.address()).origin;

  test('5.1 opens by the printed address, which then shows no token; what was named at the start is open', async () => {
    const page = await context.newPage();
    await page.goto(shown.address());
    expect(page.url()).toBe(`${origin()}/`);
    expect(await page.title()).toBe('RadDraft');
    await page.getByText('SYNTHETIC-E2E-1').first().waitFor();
    await page.getByText('For research and evaluation. Not for clinical use.').first().waitFor();
  });

  test('5.2 a second window of the same browser needs no address', async () => {
    const page = await context.newPage();
    await page.goto(`${origin()}/`);
    await page.getByText('For research and evaluation. Not for clinical use.').first().waitFor();
    expect(context.pages()).toHaveLength(2);
  });

  test('5.3 neither script nor cookie leaves the session to a script, and nothing broke the policy', async () => {
    const [page] = context.pages();
    expect(await page?.evaluate(() => document.cookie)).toBe('');
    expect(complaints).toEqual([]);
  });

  test('5.4 another browser with the same address stays outside', async () => {
    const stranger = await browser.newContext();
    const page = await stranger.newPage();
    const answer = await page.goto(`${origin()}/`);
    expect(answer?.status()).toBe(403);
    expect(await page.textContent('body')).toContain('the address that it printed');
    await stranger.close();
  });
});
