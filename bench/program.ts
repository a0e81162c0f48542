/** Browser mode as a process of its own, whose loop is watched from inside, and lines to it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { WebSocket } from 'ws';
import * as z from 'zod';
import { product, type Product } from '#contract/calls.ts';
import { webSocket } from '#contract/ports/webSocket.ts';
import { connect, type Connection } from '#contract/rpc.ts';
import type { Pause } from './pauses.ts';

export interface Program {
  /** The newest one-time address. */
  address(): string;
  /** The longest pause of its loop while `work` runs. */
  watch<T>(work: () => Promise<T>): Promise<{ value: T; pause: Pause }>;
  /** A window's line without a window. */
  line(): Promise<Connection<Product>>;
  close(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, '..');
const Told = z.object({ wall: z.number(), cpu: z.number() });

/** `home` as of `temporaryHome`: the data folder is in it. */
export async function openProgram(home: string): Promise<Program> {
  const child = spawn(
    process.execPath,
    [
      ...['--import', path.join(import.meta.dirname, 'probe.ts')],
      ...[path.join(root, 'src/server/main.ts'), '--data', path.join(home, 'data')],
    ],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  let address = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      address = [...text.matchAll(/http:\/\/\S+/g)].at(-1)?.[0] ?? address;
      if (address !== '') resolve();
    });
    child.once('exit', (code) => reject(new Error(`browser mode ended with ${code}`)));
  });
  const lines: WebSocket[] = [];
  const ask = async (word: 'begin' | 'end'): Promise<unknown> => {
    const answer = once(child, 'message');
    child.send(word);
    return ((await answer) as unknown[])[0];
  };
  return {
    address: () => address,
    async watch(work) {
      await ask('begin');
      const value = await work();
      return { value, pause: Told.parse(await ask('end')) };
    },
    async line() {
      const entered = await fetch(address, { redirect: 'manual' });
      const { origin, host } = new URL(address);
      const cookie = entered.headers.getSetCookie().map((entry) => entry.split(';')[0]);
      const socket = new WebSocket(`ws://${host}/rpc`, { origin, headers: { cookie: cookie.join('; ') } });
      await once(socket, 'open');
      lines.push(socket);
      return connect(webSocket(socket), product);
    },
    async close() {
      for (const socket of lines) socket.terminate();
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
