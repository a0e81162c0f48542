/** Foreign templates are read in a thread of their own, with little memory and little time. */
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { ReadTemplate } from '#core/mrrt/template.ts';
import { workerFile } from '../files/workerFile.ts';

const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('read'), template: ReadTemplate }),
  z.object({ kind: z.literal('refused'), words: z.string() }),
]);
export type Answer = z.infer<typeof Answer>;

const TIME_MS = 10_000;
const MEMORY_MB = 128;

/** AppError `refused`: expected, found, what to do. */
export function readTemplateFile(bytes: Uint8Array, timeoutMs = TIME_MS): Promise<ReadTemplate> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile('templates', import.meta.url), {
      workerData: { bytes },
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      execArgv: [],
    });
    const settle = (answer: Answer): void => {
      clearTimeout(timer);
      void worker.terminate();
      if (answer.kind === 'read') resolve(answer.template);
      else reject(new AppError('refused', answer.words));
    };
    const refuse = (found: string) =>
      settle({
        kind: 'refused',
        words: `Expected a template of a few pages, found ${found}. Nothing was read; the program goes on.`,
      });
    const timer = setTimeout(() => refuse(`one that takes longer than ${timeoutMs / 1000} s to read`), timeoutMs);
    worker.once('message', (said: unknown) => settle(Answer.parse(said)));
    worker.once('error', () => refuse('one that its reader could not bear'));
    worker.once('exit', () => refuse('one that ended its reader'));
  });
}
