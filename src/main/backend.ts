/** The backend's process, however it is run. */
import type { MessagePortMain } from 'electron';
import type { Clock, RunEvents, Running } from '#contract/keepRunning.ts';
import { BackendReady, type BackendInit } from '#contract/shell.ts';

export interface BackendProcess extends Running {
  /** Gives a window's end of a channel to the backend. */
  join(port: MessagePortMain): void;
}
export type StartBackend = (init: BackendInit, events: RunEvents) => BackendProcess;

export const clock: Clock = { now: () => Date.now(), after: (ms, run) => void setTimeout(run, ms).unref() };

/** Hears of all that the backend says only that it cannot start. */
export const whenFailed =
  (onFailed: RunEvents['onFailed']) =>
  (message: unknown): void => {
    const ready = BackendReady.safeParse(message);
    if (ready.success && ready.data.t === 'failed') onFailed(ready.data.message);
  };
