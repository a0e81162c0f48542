/** Long work on a database file, each in a thread of its own: copied, encrypted anew, read through; measured, and stopped. */
import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { AppError, ErrorCode } from '#contract/errors.ts';
import { workerFile } from '../files/workerFile.ts';
import { Told, type Task } from './worker.ts';

export interface Watch {
  signal?: AbortSignal | undefined;
  /** Bytes, or tables, done of all. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

const EVERY_MS = 100;

/** A copy of `from` as it is now, under the same key, while others read and write it. Stopped, it leaves part of `to`. */
export async function copyDatabase(from: string, key: Uint8Array, to: string, watch: Watch = {}): Promise<void> {
  await run({ kind: 'copy', from, key, to }, watch, [to]);
}

/** Nobody else has `file` open. Its journal holds what is done: every page as it was. */
export async function rekeyDatabase(file: string, from: Uint8Array, to: Uint8Array, watch: Watch = {}): Promise<void> {
  await run({ kind: 'rekey', file, from, to }, watch, [`${file}-journal`]);
}

/** Whether every table and index of it can be read and agree. */
export async function isSound(file: string, key: Uint8Array, watch: Watch = {}): Promise<boolean> {
  return (await run({ kind: 'check', file, key }, watch, [])) === 'ok';
}

/** `grows`: files whose size says how far it is. AppError `cancelled`; else what the work failed with. */
async function run(task: Task, { signal, onProgress }: Watch, grows: readonly string[]): Promise<string> {
  if (signal?.aborted) throw new AppError('cancelled', 'cancelled before it began');
  const worker = new Worker(workerFile('database', import.meta.url), { workerData: task, execArgv: [] });
  let measure = 0;
  const look = () => measure > 0 && onProgress?.(Math.min(measure, sum(grows.map(sizeOf))), measure);
  const clock = setInterval(look, EVERY_MS);
  // What runs in SQLite is not broken off: the thread ends when its present step does.
  const cancel = () => void worker.terminate();
  signal?.addEventListener('abort', cancel, { once: true });
  let end: Told | null = null;
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: unknown) => {
        const told = Told.parse(message);
        if ('measure' in told) ({ measure } = told);
        else if ('total' in told) onProgress?.(told.done, told.total);
        else end = told;
      });
      worker.once('error', reject);
      worker.once('exit', () => resolve());
    });
  } finally {
    clearInterval(clock);
    signal?.removeEventListener('abort', cancel);
  }
  if (signal?.aborted) throw new AppError('cancelled', 'It was stopped; nothing was changed.');
  return answerOf(end);
}

function answerOf(end: Told | null): string {
  if (end && 'answer' in end) return end.answer;
  if (!end || !('code' in end)) throw new AppError('internal', 'the thread that worked on a database ended too soon');
  const code = ErrorCode.safeParse(end.code);
  throw end.ours && code.success
    ? new AppError(code.data, end.message)
    : Object.assign(new Error(end.message), { code: end.code });
}

const sum = (sizes: readonly number[]): number => sizes.reduce((all, one) => all + one, 0);
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
