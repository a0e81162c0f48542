/** The backend's process, however it is run. */
import type { MessagePortMain } from 'electron';
import type { Clock, RunEvents, Running } from '#contract/keepRunning.ts';
import type { BackendInit } from '#contract/shell.ts';

export interface BackendProcess extends Running {
  /** Gives a window's end of a channel to the backend. */
  join(port: MessagePortMain): void;
}
export type StartBackend = (init: BackendInit, events: RunEvents) => BackendProcess;

export const clock: Clock = { now: () => Date.now(), after: (ms, run) => void setTimeout(run, ms).unref() };
