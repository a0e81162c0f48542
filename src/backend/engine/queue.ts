/** First in, first out, one at a time. A task that is cancelled while it waits leaves without disturbing the rest. */
import { AppError } from '#contract/errors.ts';

export interface Queue {
  /** The task is not begun when `signal` is aborted before its turn: `cancelled`. */
  add<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Waiting tasks fail with `closed`; the running one is left to whoever runs it. */
  close(): void;
}

interface Waiting {
  begin: () => Promise<void>;
  leave: (error: AppError) => void;
}

export function createQueue(): Queue {
  const waiting: Waiting[] = [];
  let busy = false;
  let closed = false;

  async function next(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) await entry.begin();
    busy = false;
  }

  return {
    add<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
      return new Promise((resolve, reject) => {
        if (closed) return reject(new AppError('closed', 'the engine was closed'));
        if (signal?.aborted) return reject(new AppError('cancelled', 'cancelled before it began'));
        const leave = (error: AppError) => {
          signal?.removeEventListener('abort', abandon);
          const at = waiting.indexOf(entry);
          if (at >= 0) waiting.splice(at, 1);
          reject(error);
        };
        const abandon = () => leave(new AppError('cancelled', 'cancelled before it began'));
        const begin = () => {
          signal?.removeEventListener('abort', abandon);
          return task().then(resolve, reject);
        };
        const entry = { begin, leave };
        signal?.addEventListener('abort', abandon, { once: true });
        waiting.push(entry);
        void next();
      });
    },
    close() {
      closed = true;
      for (const entry of [...waiting]) entry.leave(new AppError('closed', 'the engine was closed'));
    },
  };
}
