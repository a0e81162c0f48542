/** Every way in which two ends of the contract are joined, real: each with its far end serving `echo`. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { WebSocket, WebSocketServer } from 'ws';
import { childProcess } from '#contract/ports/childProcess.ts';
import { messagePort, type WebMessagePort } from '#contract/ports/messagePort.ts';
import { webSocket } from '#contract/ports/webSocket.ts';
import type { Port, Wire } from '#contract/protocol.ts';
import { WindowEnvelope } from '#contract/shell.ts';
import { serveEcho } from './echo.ts';

export interface Joined {
  near: Port;
  /** Goes away from this side. */
  hangUp(): void;
  /** The far side goes away. */
  vanish(): void;
  /** Settles when the far side's `echo.wait` was aborted. */
  aborted: Promise<void>;
  close(): Promise<void>;
}

/** A far end in a child ends with this code when its call was aborted. */
export const ABORTED = 7;

export const transports: Record<string, () => Promise<Joined>> = {
  'in memory': async () => {
    const [near, far, hangUp] = memoryPair();
    return { near, ...watched(far), hangUp, vanish: hangUp, close: async () => hangUp() };
  },

  'MessagePort of Node': async () => {
    const { port1, port2 } = new MessageChannel();
    return { near: messagePort(port1), ...watched(messagePort(port2)), ...closers(port1, port2) };
  },

  'MessagePort of a page': async () => {
    const { port1, port2 } = new MessageChannel();
    return { near: messagePort(asInPage(port1)), ...watched(messagePort(port2)), ...closers(port1, port2) };
  },

  WebSocket: async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [[far]] = (await Promise.all([once(server, 'connection'), once(socket, 'open')])) as [[WebSocket], unknown];
    return {
      near: webSocket(socket),
      ...watched(webSocket(far)),
      hangUp: () => socket.close(),
      vanish: () => far.terminate(),
      close: async () => {
        socket.terminate();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },

  'child process': async () => {
    const child = forked('plain');
    return { near: childProcess(child), ...ofChild(child) };
  },

  'window over a child process': async () => {
    const child = forked('windows');
    const near = windowPort(child, 1);
    const ends = ofChild(child);
    const hangUp = () => {
      near.close();
      ends.hangUp();
    };
    return { near, ...ends, hangUp };
  },
};

export function forked(how: 'plain' | 'windows'): ChildProcess {
  return fork(path.join(import.meta.dirname, 'child.ts'), [how], { execArgv: [], serialization: 'advanced' });
}

/** A window's line as Electron's main keeps it (contract/shell). */
export function windowPort(child: ChildProcess, id: number): Port & { close(): void } {
  const send = (message: WindowEnvelope) => void child.send(message, () => undefined);
  const closed: (() => void)[] = [];
  send({ t: 'window', id, kind: 'open' });
  child.on('disconnect', () => closed.forEach((listener) => listener()));
  return {
    send: (message) => send({ t: 'window', id, kind: 'message', message }),
    onMessage: (listener) =>
      child.on('message', (raw) => {
        const { data } = WindowEnvelope.safeParse(raw);
        if (data?.kind === 'message' && data.id === id) listener(data.message as Wire);
      }),
    onClose: (listener) => void closed.push(listener),
    close: () => {
      send({ t: 'window', id, kind: 'close' });
      closed.forEach((listener) => listener());
    },
  };
}

function ofChild(child: ChildProcess): Omit<Joined, 'near'> {
  const gone = once(child, 'exit') as Promise<[number | null]>;
  return {
    hangUp: () => child.disconnect(),
    vanish: () => child.kill('SIGKILL'),
    aborted: new Promise((resolve) => void gone.then(([code]) => code === ABORTED && resolve())),
    close: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function watched(far: Port): Pick<Joined, 'aborted'> {
  return { aborted: new Promise((resolve) => void serveEcho(far, resolve)) };
}

const closers = (near: MessagePort, far: MessagePort) => ({
  hangUp: () => near.close(),
  vanish: () => far.close(),
  close: async () => {
    near.close();
    far.close();
  },
});

/** Node's port through the methods that a browser's has, and no others. */
const asInPage = (port: MessagePort): WebMessagePort => ({
  postMessage: (message) => port.postMessage(message),
  start: () => port.start(),
  addEventListener: (event: 'message' | 'close', listener: (event: { data: unknown }) => void) =>
    port.addEventListener(event, listener as () => void),
});

/** The smallest transport: a copy of each message, in order, a moment later. */
export function memoryPair(): [Port, Port, close: () => void] {
  const heard: [((message: Wire) => void)[], ((message: Wire) => void)[]] = [[], []];
  const closed: (() => void)[] = [];
  let open = true;
  const side = (own: 0 | 1): Port => ({
    send(message) {
      const copy = structuredClone(message);
      queueMicrotask(() => {
        if (open) for (const listener of heard[own === 0 ? 1 : 0]) listener(copy);
      });
    },
    onMessage: (listener) => void heard[own].push(listener),
    onClose: (listener) => void closed.push(listener),
  });
  const close = () => {
    if (!open) return;
    open = false;
    for (const listener of closed) listener();
  };
  return [side(0), side(1), close];
}
