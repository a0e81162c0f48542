/** A small protocol that exercises everything a transport must carry, and its handlers. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { AppError, ErrorCode } from '#contract/errors.ts';
import type { Handlers, Port } from '#contract/protocol.ts';
import { serve, type Served } from '#contract/rpc.ts';

export const trial = {
  calls: {
    add: { input: z.object({ a: z.number(), b: z.number().default(1) }), output: z.object({ sum: z.number() }) },
    /** Answers with the bytes backwards and their hash as this side saw them. */
    turn: {
      input: z.object({ bytes: z.instanceof(Uint8Array), also: z.object({ deep: z.array(z.instanceof(Uint8Array)) }) }),
      output: z.object({
        bytes: z.instanceof(Uint8Array),
        sha256: z.string(),
        deep: z.array(z.instanceof(Uint8Array)),
      }),
    },
    /** Counts with events until it is cancelled or done. */
    count: { input: z.object({ job: z.string(), to: z.int() }), output: z.object({ counted: z.int() }) },
    fail: { input: z.object({ code: ErrorCode.nullable() }), output: z.object({}) },
    /** Answers in a form that its own schema refuses. */
    lie: { input: z.object({}), output: z.object({ n: z.int() }) },
    never: { input: z.object({}), output: z.object({}) },
    /** Whether the handler of `never` was told that its caller has gone or given up. */
    aborted: { input: z.object({}), output: z.object({ times: z.int() }) },
  },
  events: { counted: z.object({ job: z.string(), n: z.int() }) },
} as const;
export type Trial = typeof trial;

export const SECRET = 'a path and a patient that nobody may see';

export function trialHandlers(): Handlers<Trial> {
  let aborted = 0;
  return {
    add: async ({ a, b }) => ({ sum: a + b }),
    turn: async ({ bytes, also }) => ({
      bytes: bytes.slice().reverse(),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      deep: also.deep,
    }),
    count: async ({ job, to }, { signal, emit }) => {
      for (let n = 1; n <= to; n++) {
        signal.throwIfAborted();
        emit('counted', { job, n });
        await sleep(1);
      }
      return { counted: to };
    },
    fail: async ({ code }) => {
      throw code ? new AppError(code, `said with ${code}`) : new Error(SECRET);
    },
    lie: async () => ({ n: 0.5 }),
    never: (_input, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted++;
          reject(new AppError('cancelled', 'given up'));
        });
      }),
    aborted: async () => ({ times: aborted }),
  };
}

export const serveTrial = (port: Port, handlers = trialHandlers()): Served<Trial> =>
  serve(port, trial, handlers, { onInternal: () => 'log-17' });
