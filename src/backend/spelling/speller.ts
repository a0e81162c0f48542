/** The backend's side of the speller's thread: started with the first question, ended when it was idle for long. */
import { Worker } from 'node:worker_threads';
import { AppError } from '#contract/errors.ts';
import { workerFile } from '../files/workerFile.ts';
import { Answer, type Ask } from './protocol.ts';

export interface Speller {
  /** Those that are not known. AppError `internal` where the thread ended. */
  unknown(words: readonly string[]): Promise<string[]>;
  /** `more`: words that a person added. */
  suggest(word: string, more: readonly string[]): Promise<string[]>;
  close(): Promise<void>;
}

interface Running {
  worker: Worker;
  waiting: Map<number, { resolve: (words: string[]) => void; reject: (error: AppError) => void }>;
}

const IDLE_MS = 15 * 60_000;
const MEMORY_MB = 256;

export function startSpeller(idleMs = IDLE_MS): Speller {
  let running: Running | null = null;
  let last = 0;
  let idle: NodeJS.Timeout | undefined;

  function start(): Running {
    const worker = new Worker(workerFile('spelling', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      execArgv: [],
    });
    const started: Running = { worker, waiting: new Map() };
    const end = () => {
      if (running === started) running = null;
      for (const { reject } of started.waiting.values())
        reject(new AppError('internal', 'The spelling check stopped. It starts again with the next question.'));
      started.waiting.clear();
    };
    worker.on('message', (said: unknown) => {
      const { id, words } = Answer.parse(said);
      started.waiting.get(id)?.resolve(words);
      started.waiting.delete(id);
      if (started.waiting.size > 0) return;
      worker.unref();
      idle = setTimeout(() => void close(), idleMs);
      idle.unref();
    });
    worker.on('error', end);
    worker.on('exit', end);
    return started;
  }

  function ask(question: Ask): Promise<string[]> {
    running ??= start();
    const { worker, waiting } = running;
    const id = ++last;
    worker.ref();
    clearTimeout(idle);
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, ask: question });
    });
  }

  async function close(): Promise<void> {
    clearTimeout(idle);
    await running?.worker.terminate();
  }

  return {
    unknown: (words) => (words.length === 0 ? Promise.resolve([]) : ask({ kind: 'check', words: [...words] })),
    suggest: (word, more) => ask({ kind: 'suggest', word, more: [...more] }),
    close,
  };
}
