/** A promise that may be given up: because of time or because somebody cancels. */
import { AppError } from '#contract/errors.ts';

/** How long the engine may take, in milliseconds, before it is ended and started anew. */
export interface EngineLimits {
  /** Starting, hashing, opening a session and the self-test; a first CUDA session alone may take a minute. */
  load: number;
  /** One film. */
  run: number;
}

export const usualLimits: EngineLimits = { load: 180_000, run: 60_000 };

/**
 * Settles as `work` does, unless the time is up or `signal` aborts first: then it fails with `timed-out` or
 * `cancelled` and `stop` is called, once, whatever `work` does later.
 */
export function bounded<T>(
  work: Promise<T>,
  ms: number,
  signal: AbortSignal | undefined,
  stop: () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      finish();
    };
    const giveUp = (reason: AppError) =>
      settle(() => {
        reject(reason);
        stop();
      });
    const abort = () => giveUp(new AppError('cancelled', 'cancelled'));
    const timer = setTimeout(
      () => giveUp(new AppError('timed-out', `The engine took longer than ${ms / 1000} s and was ended.`)),
      ms,
    );
    signal?.addEventListener('abort', abort, { once: true });
    work.then(
      (value) => settle(() => resolve(value)),
      (error: Error) => settle(() => reject(error)),
    );
    if (signal?.aborted) abort();
  });
}
