/** The HTTP side of browser mode: loopback only, static files, one WebSocket for each window. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { PAGE_HEADERS } from '#contract/csp.ts';
import { AppError } from '#contract/errors.ts';
import { webSocket } from '#contract/ports/webSocket.ts';
import type { Port } from '#contract/protocol.ts';
import { createAsides } from './asides.ts';
import { openDoor } from './door.ts';
import { fileFor } from './files.ts';

export interface ListenOptions {
  /** 0: any that is free. */
  port: number;
  /** The built renderer. */
  files: string;
  serve(port: Port): void;
  /** Called with each new one-time address: at the start, and whenever the one before was used. */
  onAddress(address: string): void;
}

const HOST = '127.0.0.1';
/** A piece of an upload and its frame. */
const MAX_MESSAGE = 8 * 1024 * 1024;

const headers = { ...PAGE_HEADERS, 'Cache-Control': 'no-store' };

export async function listen(options: ListenOptions): Promise<{ port: number; close(): void }> {
  const server = createServer((request, response) => void answer(request, response));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new AppError('busy', `Expected a free port, found ${options.port} taken (${error.code ?? ''}). Name another.`),
      ),
    );
    server.listen(options.port, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const authority = `${HOST}:${port}`;
  const door = openDoor(port);
  const asides = createAsides();
  const announce = () => options.onAddress(`http://${authority}/?token=${door.token()}`);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, text: string) => {
      response.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
    };
    // Host must be this very address: a page elsewhere that rebinds its name to 127.0.0.1 sends its own.
    if (request.headers.host !== authority) return refuse(421, 'This address is not served here.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET.');
    const url = new URL(request.url ?? '/', `http://${authority}`);
    const token = url.searchParams.get('token');
    if (token !== null) {
      const cookie = door.exchange(token);
      if (!cookie) return refuse(403, 'This address was used already. Take the newest one that RadDraft printed.');
      announce();
      // The token does not stay in the address.
      return void response.writeHead(303, { ...headers, 'Set-Cookie': cookie, Location: '/' }).end();
    }
    if (!door.admits(request.headers.cookie))
      return refuse(403, 'RadDraft opens with the address that it printed when it started.');
    const aside = asides.take(url.pathname);
    if (aside)
      return void response.writeHead(200, { ...headers, 'Content-Type': 'application/octet-stream' }).end(aside);
    const file = await fileFor(options.files, url.pathname);
    if (!file) return refuse(404, 'Not found.');
    response.writeHead(200, { ...headers, 'Content-Type': file.type });
    response.end(request.method === 'HEAD' ? undefined : file.bytes);
  }

  server.on('upgrade', (request, socket, head) => {
    const { host, origin, cookie } = request.headers;
    const allowed =
      (request.url === '/rpc' || request.url === '/rpc?aside') &&
      host === authority &&
      origin === `http://${authority}` &&
      door.admits(cookie);
    if (!allowed) return void socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (opened) => {
      // A message too large, or no WebSocket message at all: the socket closes with the right code, and no more.
      opened.on('error', () => undefined);
      options.serve(webSocket(opened, request.url === '/rpc?aside' ? { put: (frame) => asides.put(frame) } : {}));
    });
  });

  announce();
  return {
    port,
    close() {
      for (const client of sockets.clients) client.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
}
