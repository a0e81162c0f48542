/** One suite over every transport: what a call may rely on must not depend on how two processes are joined. */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Wire } from '#contract/protocol.ts';
import { connect, type Connection } from '#contract/rpc.ts';
import { echo, SECRET, type Echo } from '../../../tests/contract/echo.ts';
import { forked, transports, windowPort, type Joined } from '../../../tests/contract/transports.ts';

describe.each(Object.entries(transports))('1 %s', (_name, join) => {
  let joined: Joined;
  let line: Connection<Echo>;
  beforeAll(async () => {
    joined = await join();
    line = connect(joined.near, echo);
  });
  afterAll(() => joined.close());

  test('1.1 a call is answered; the input’s defaults are filled in', async () => {
    expect(await line.api['echo.add']({ a: 2, b: 3 })).toBe(5);
    expect(await line.api['echo.add']({ a: 2 })).toBe(102);
  });

  test('1.2 structures come back as they went', async () => {
    const value = { text: 'Größe 1,5 µm – ≥ 3', list: [1, null, { deep: [true, -0.25] }], empty: {}, none: [] };
    expect(await line.api['echo.back']({ value })).toEqual({ value });
  });

  test('1.3 bytes cross as bytes, also a view into a larger buffer and none at all', async () => {
    const whole = Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 31) % 251);
    for (const bytes of [whole, whole.subarray(1000, 1777), new Uint8Array(0), Buffer.from('pooled')]) {
      const answer = (await line.api['echo.reverse']({ bytes })).bytes;
      expect(answer).toBeInstanceOf(Uint8Array);
      expect(Buffer.compare(answer, Uint8Array.from(bytes).reverse())).toBe(0);
    }
  });

  test('1.4 many calls at once: each gets its own answer, whatever order they end in', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `call ${at}`);
    const answers = names.map((name, at) => line.api['echo.later']({ ms: 40 - 2 * at, name }));
    expect(await Promise.all(answers)).toEqual(names);
  });

  test('1.5 events arrive in order, all before the answer of the call that made them', async () => {
    const seen: number[] = [];
    const stop = line.on('echo.counted', ({ n }) => seen.push(n));
    await line.api['echo.count']({ to: 200 });
    expect(seen).toEqual(Array.from({ length: 200 }, (_, at) => at + 1));
    stop();
    await line.api['echo.count']({ to: 3 });
    expect(seen).toHaveLength(200);
  });

  test('1.6 an input that does not fit is refused and says where', async () => {
    await expect(line.api['echo.add']({ a: 1.5 })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(line.api['echo.add']({ a: 1.5 })).rejects.toThrow(/echo\.add.*int/s);
  });

  test('1.7 a known error crosses with code and message', async () => {
    await expect(line.api['echo.fail']({ how: 'known' })).rejects.toMatchObject({
      name: 'AppError',
      code: 'refused',
      message: 'expected a chest film, found a hand; open another',
    });
  });

  test('1.8 an unknown throw and a wrong answer become `internal` with a log id, and nothing of them crosses', async () => {
    const wires: Wire[] = [];
    joined.near.onMessage((message) => wires.push(message));
    for (const how of ['unknown', 'wrong answer'] as const) {
      await expect(line.api['echo.fail']({ how })).rejects.toMatchObject({ code: 'internal' });
      await expect(line.api['echo.fail']({ how })).rejects.toThrow('log-17');
    }
    expect(wires).toHaveLength(4);
    expect(JSON.stringify(wires)).not.toContain(SECRET);
    expect(JSON.stringify(wires)).not.toMatch(/\.ts|TypeError/);
  });

  test('1.9 a call that the contract does not have is not found, whatever its name', async () => {
    for (const [id, name] of [...['no.such', 'toString', 'constructor', '__proto__'].entries()]) {
      const answer = new Promise<Wire>((resolve) => joined.near.onMessage(resolve));
      joined.near.send({ t: 'call', id: -1 - id, name, input: {} });
      expect(await answer).toMatchObject({ t: 'err', id: -1 - id, code: 'not-found' });
    }
  });

  test('1.10 cancelling reaches the handler; the caller hears `cancelled`, and the line goes on', async () => {
    const cancel = new AbortController();
    const waiting = new Promise<void>((resolve) => void line.on('echo.waiting', () => resolve()));
    const answer = line.api['echo.wait']({}, cancel.signal);
    await waiting;
    cancel.abort();
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    expect(await line.api['echo.add']({ a: 1, b: 1 })).toBe(2);
  });

  test('1.11 a call that was cancelled before it began is never sent', async () => {
    await expect(line.api['echo.add']({ a: 1 }, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('1.12 when the far side goes, every open call settles with `closed`, and so does every later one', async () => {
    const leaving = await join();
    try {
      const left = connect(leaving.near, echo);
      const gone = new Promise<void>((resolve) => left.onClose(resolve));
      const waiting = new Promise<void>((resolve) => void left.on('echo.waiting', () => resolve()));
      const open = [left.api['echo.wait']({}), left.api['echo.later']({ ms: 5000, name: 'never' })].map((answer) =>
        answer.catch((error: unknown) => error),
      );
      await waiting;
      leaving.vanish();
      for (const answer of open) expect(await answer).toMatchObject({ code: 'closed' });
      await gone;
      await expect(left.api['echo.add']({ a: 1 })).rejects.toMatchObject({ code: 'closed' });
    } finally {
      await leaving.close();
    }
  });

  test('1.13 when this side goes, the far side’s handlers are aborted', async () => {
    const leaving = await join();
    try {
      const left = connect(leaving.near, echo);
      const waiting = new Promise<void>((resolve) => void left.on('echo.waiting', () => resolve()));
      const answer = left.api['echo.wait']({}).catch((error: unknown) => error);
      await waiting;
      leaving.hangUp();
      await leaving.aborted;
      expect(await answer).toMatchObject({ code: 'closed' });
    } finally {
      await leaving.close();
    }
  });
});

describe('2 windows that share a channel', () => {
  test('2.1 each hears its own answers only, and one that closes aborts its own calls only', async () => {
    const child = forked('windows');
    const exit = once(child, 'exit');
    try {
      const [one, two] = [windowPort(child, 1), windowPort(child, 2)];
      const heard: Wire[] = [];
      one.onMessage((message) => heard.push(message));
      const [first, second] = [connect(one, echo), connect(two, echo)];
      const slow = second.api['echo.later']({ ms: 150, name: 'of two' });
      const waiting = new Promise<void>((resolve) => void first.on('echo.waiting', () => resolve()));
      const left = first.api['echo.wait']({}).catch(() => undefined);
      await waiting;
      one.close();
      expect(await slow).toBe('of two');
      expect(heard).toEqual([{ t: 'event', name: 'echo.waiting', payload: {} }]); // no answer after it closed

      // A page that was reloaded opens under the next id; an id that has closed stays silent.
      one.send({ t: 'call', id: 5, name: 'echo.add', input: { a: 1 } });
      const third = connect(windowPort(child, 3), echo);
      expect(await third.api['echo.add']({ a: 20, b: 22 })).toBe(42);
      expect(heard).toHaveLength(1);
      child.disconnect();
      await left;
      expect((await exit)[0]).toBe(7);
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('2.2 what is no envelope is not heard', async () => {
    const child = forked('windows');
    try {
      const line = connect(windowPort(child, 1), echo);
      for (const stray of [null, 7, 'open', {}, { t: 'window', id: 1.5, kind: 'open' }, { t: 'window', kind: 'close' }])
        child.send(stray as object);
      expect(await line.api['echo.add']({ a: 1, b: 2 })).toBe(3);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
