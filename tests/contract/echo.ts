/** A small contract that has one call for each thing that may happen to a call, and its handlers. */
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import type { Handlers, Port } from '#contract/protocol.ts';
import { serve, type Served } from '#contract/rpc.ts';

export const echo = {
  calls: {
    'echo.add': { input: z.object({ a: z.int(), b: z.int().default(100) }), output: z.int() },
    'echo.back': { input: z.object({ value: z.unknown() }), output: z.object({ value: z.unknown() }) },
    'echo.reverse': {
      input: z.object({ bytes: z.instanceof(Uint8Array) }),
      output: z.object({ bytes: z.instanceof(Uint8Array) }),
    },
    'echo.count': { input: z.object({ to: z.int() }), output: z.int() },
    'echo.later': { input: z.object({ ms: z.int(), name: z.string() }), output: z.string() },
    'echo.wait': { input: z.object({}), output: z.null() },
    'echo.fail': { input: z.object({ how: z.enum(['known', 'unknown', 'wrong answer']) }), output: z.object({}) },
  },
  events: { 'echo.counted': z.object({ n: z.int() }), 'echo.waiting': z.object({}) },
} as const;
export type Echo = typeof echo;

/** What a stack, a path or a name would be in a true failure: it must never cross. */
export const SECRET = 'the secret inside an unknown throw';

/** `aborted` is told when the call `echo.wait` was cancelled or left alone. */
export function serveEcho(port: Port, aborted: () => void = () => undefined): Served<Echo> {
  const handlers: Handlers<Echo> = {
    'echo.add': async ({ a, b }) => a + b,
    'echo.back': async ({ value }) => ({ value }),
    'echo.reverse': async ({ bytes }) => ({ bytes: bytes.slice().reverse() }),
    async 'echo.count'({ to }, { emit }) {
      for (let n = 1; n <= to; n++) emit('echo.counted', { n });
      return to;
    },
    'echo.later': ({ ms, name }) => new Promise((resolve) => setTimeout(() => resolve(name), ms)),
    'echo.wait': (_input, { signal, emit }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted();
          reject(new Error(SECRET));
        });
        emit('echo.waiting', {});
      }),
    async 'echo.fail'({ how }) {
      if (how === 'known') throw new AppError('refused', 'expected a chest film, found a hand; open another');
      if (how === 'unknown') throw new TypeError(SECRET);
      return [SECRET] as never;
    },
  };
  return serve(port, echo, handlers, { onInternal: () => 'log-17' });
}
