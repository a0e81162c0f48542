/** Every transport passes one and the same suite, over the real thing. */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SECRET, serveTrial, trial, trialHandlers, type Trial } from '../../../tests/contract/protocol.ts';
import { AppError, ErrorCode } from '../errors.ts';
import type { Port, Wire } from '../protocol.ts';
import { connect, type Connection } from '../rpc.ts';
import { childProcess } from './childProcess.ts';
import { messagePort } from './messagePort.ts';
import { webSocket, type Aside } from './webSocket.ts';

interface Line {
  port: Port;
  /** Ends the line from the far side. */
  cut(): void;
  /** Ends everything that was started for it. */
  end(): void;
}

const transports: Record<string, () => Promise<Line>> = {
  async memory() {
    const [near, far] = pair();
    serveTrial(far.port);
    return { port: near.port, cut: far.close, end: far.close };
  },
  async MessagePort() {
    const { port1, port2 } = new MessageChannel();
    serveTrial(messagePort(port1));
    return { port: messagePort(port2), cut: () => port1.close(), end: () => port1.close() };
  },
  WebSocket: () => overWebSocket({}, {}),
  'WebSocket with large frames aside': () => {
    const kept = new Map<string, Uint8Array>();
    const put = (frame: Uint8Array) => {
      const place = String(kept.size);
      kept.set(place, frame);
      return place;
    };
    return overWebSocket({ put }, { take: (place) => Promise.resolve(kept.get(place) ?? new Uint8Array()) });
  },
  async 'child process'() {
    const child = fork(path.resolve(import.meta.dirname, '../../../tests/contract/child.ts'), [], {
      serialization: 'advanced',
      execArgv: [],
    });
    await new Promise((resolve) => child.once('spawn', resolve));
    return { port: childProcess(child), cut: () => child.kill('SIGKILL'), end: () => child.kill('SIGKILL') };
  },
};

async function overWebSocket(far: Aside, near: Aside): Promise<Line> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) => serveTrial(webSocket(socket, far)));
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await new Promise((resolve) => socket.once('open', resolve));
  const cut = () => server.clients.forEach((client) => client.terminate());
  return { port: webSocket(socket, near), cut, end: () => (cut(), server.close()) };
}

/** Two ends in one process: what is sent arrives later, as a structured clone. */
function pair() {
  const end = () => ({ message: [] as ((message: Wire) => void)[], close: [] as (() => void)[] });
  const ends = [end(), end()] as const;
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    for (const listener of ends.flatMap((one) => one.close)) listener();
  };
  const side = (own: (typeof ends)[0], other: (typeof ends)[0]) => ({
    port: {
      send: (message: Wire) => {
        const copy = structuredClone(message);
        setImmediate(() => {
          if (open) for (const listener of other.message) listener(copy);
        });
      },
      onMessage: (listener: (message: Wire) => void) => void own.message.push(listener),
      onClose: (listener: () => void) => void own.close.push(listener),
    } satisfies Port,
    close,
  });
  return [side(ends[0], ends[1]), side(ends[1], ends[0])] as const;
}

const failed = async (promise: Promise<unknown>): Promise<{ code: string; message: string; stack: string }> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error('expected an AppError');
  return { code: error.code, message: error.message, stack: error.stack ?? '' };
};

describe.each(Object.entries(transports))('1 %s', (_name, open) => {
  let line: Line;
  let api: Connection<Trial>['api'];
  let on: Connection<Trial>['on'];
  let raw: Wire[];
  beforeAll(async () => {
    line = await open();
    raw = [];
    const port: Port = {
      ...line.port,
      onMessage: (listener) =>
        line.port.onMessage((message) => {
          raw.push(message);
          listener(message);
        }),
    };
    ({ api, on } = connect(port, trial));
  });
  afterAll(() => line.end());

  test('1.1 a call is answered; what may be left out gets its default', async () => {
    expect(await api.add({ a: 2, b: 3 })).toEqual({ sum: 5 });
    expect(await api.add({ a: 2 })).toEqual({ sum: 3 });
  });

  test('1.2 a thousand calls at once get each their own answer', async () => {
    const sums = await Promise.all(Array.from({ length: 1000 }, (_, a) => api.add({ a, b: a })));
    expect(sums.map(({ sum }) => sum)).toEqual(Array.from({ length: 1000 }, (_, a) => 2 * a));
  });

  test('1.3 eight million bytes arrive bit by bit, there and back, with others beside them', async () => {
    const bytes = new Uint8Array(8 * 1024 * 1024);
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 2654435761) >>> 24;
    // A view with bytes before and after it, an empty one, and a small pooled Buffer.
    const deep = [bytes.subarray(3, 10), new Uint8Array(), Buffer.from('pooled')];
    const answer = await api.turn({ bytes, also: { deep } });
    expect(answer.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(Buffer.compare(answer.bytes.reverse(), bytes)).toBe(0);
    expect(answer.deep.map((part) => [...part])).toEqual(deep.map((part) => [...part]));
  });

  test('1.4 input that the schema refuses is refused by name, before any handler', async () => {
    const error = await failed(api.add({ a: 'two' as never }));
    expect(error.code).toBe('invalid-input');
    expect(error.message).toMatch(/^add: .*expected number/s);
  });

  test('1.5 output that the schema refuses is an internal error', async () => {
    expect((await failed(api.lie({}))).code).toBe('internal');
  });

  test('1.6 a call that is not in the table is not found, also one that every object has', async () => {
    const connection = connect(line.port, {
      calls: { ...trial.calls, toString: trial.calls.add, other: trial.calls.add },
      events: {},
    });
    for (const name of ['other', 'toString'] as const)
      expect((await failed(connection.api[name]({ a: 1 }))).code).toBe('not-found');
  });

  test.each(ErrorCode.options)('1.7 the code %s and its message cross', async (code) => {
    expect(await failed(api.fail({ code }))).toMatchObject({ code, message: `said with ${code}` });
  });

  test('1.8 an unknown throw crosses as internal with its log id: no message, no stack', async () => {
    raw.length = 0;
    const error = await failed(api.fail({ code: null }));
    expect(error.code).toBe('internal');
    expect(error.message).toContain('log-17');
    expect(JSON.stringify([error.message, raw])).not.toContain(SECRET);
    expect(JSON.stringify(raw)).not.toMatch(/\.ts:\d+|stack/);
  });

  test('1.9 progress arrives as events, in order, before the answer', async () => {
    const seen: number[] = [];
    const stop = on('counted', ({ job, n }) => job === 'a' && seen.push(n));
    await api.count({ job: 'a', to: 5 });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    stop();
    await api.count({ job: 'a', to: 2 });
    expect(seen).toHaveLength(5);
  });

  test('1.10 cancelling reaches the handler, and the call ends as cancelled', async () => {
    const controller = new AbortController();
    const stop = on('counted', ({ job, n }) => job === 'b' && n === 3 && controller.abort());
    expect((await failed(api.count({ job: 'b', to: 100_000 }, controller.signal))).code).toBe('cancelled');
    stop();
    const before = (await api.aborted({})).times;
    const later = new AbortController();
    const waiting = failed(api.never({}, later.signal));
    later.abort();
    expect(await waiting).toMatchObject({ code: 'cancelled', message: 'given up' });
    expect((await api.aborted({})).times).toBe(before + 1);
  });

  test('1.11 a call that was cancelled before it began never leaves', async () => {
    expect((await failed(api.add({ a: 1 }, AbortSignal.abort()))).code).toBe('cancelled');
  });

  test('1.12 messages that are none of ours are left alone', async () => {
    for (const message of [
      { t: 'cancel', id: 99 },
      { t: 'ok', id: 99, output: 1 },
      { t: 'hello' },
      {},
      [],
      null,
      7,
      'call',
    ] as unknown[])
      line.port.send(message as Wire);
    expect(await api.add({ a: 1 })).toEqual({ sum: 2 });
  });
});

describe.each(Object.entries(transports))('2 %s that closes', (_name, open) => {
  test('2.1 rejects what waits and what comes after, with closed', async () => {
    const line = await open();
    const { api, onClose } = connect(line.port, trial);
    let heard = 0;
    onClose(() => heard++);
    await api.add({ a: 1 });
    const waiting = [failed(api.never({})), failed(api.never({}))];
    line.cut();
    for (const error of await Promise.all(waiting)) expect(error.code).toBe('closed');
    expect((await failed(api.add({ a: 1 }))).code).toBe('closed');
    expect(heard).toBe(1);
    line.end();
  });
});

describe('3 the serving side', () => {
  test('3.1 aborts what runs when the caller goes away, and sends nothing more', async () => {
    const { port1, port2 } = new MessageChannel();
    const handlers = trialHandlers();
    const { emit } = serveTrial(messagePort(port1), handlers);
    const { api } = connect(messagePort(port2), trial);
    const waiting = failed(api.never({}));
    await api.add({ a: 1 });
    const closed = new Promise((resolve) => port1.once('close', resolve));
    port2.close();
    expect((await waiting).code).toBe('closed');
    await closed;
    expect(() => emit('counted', { job: 'x', n: 1 })).not.toThrow();
    const { times } = await handlers.aborted({}, { signal: new AbortController().signal, emit });
    expect(times).toBe(1);
  });

  test('3.2 refuses to emit what its schema refuses', () => {
    const [near] = pair();
    const { emit } = serveTrial(near.port);
    expect(() => emit('counted', { job: 'x', n: 0.5 })).toThrow();
  });
});

describe('4 a WebSocket', () => {
  const meet = async (): Promise<{ raw: WebSocket; server: WebSocketServer; gone: Promise<number> }> => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    server.on('connection', (socket) => serveTrial(webSocket(socket)));
    const raw = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await new Promise((resolve) => raw.once('open', resolve));
    return { raw, server, gone: new Promise((resolve) => raw.once('close', resolve)) };
  };

  test.each([
    ['text', 'hello'],
    ['bytes that are no frame', Buffer.from([1, 2, 3])],
    ['a frame that promises more than it holds', Buffer.from([255, 255, 255, 127, 0])],
  ])('4.1 %s closes it with 1003', async (_what, data) => {
    const { raw, server, gone } = await meet();
    raw.send(data);
    expect(await gone).toBe(1003);
    server.close();
  });
});
