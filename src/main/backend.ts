/** The backend's process, and one line to it for each window. */
import { MessageChannelMain, type MessagePortMain } from 'electron';
import type { BackendInit } from '#contract/shell.ts';

export interface BackendProcess {
  /** Gives a window's end of a channel to the backend. */
  join(port: MessagePortMain): void;
  /** Ends it politely, and after a few seconds at once. */
  stop(): Promise<void>;
}

interface BackendEvents {
  /** It cannot start, and says why; it will not be tried again. */
  onFailed(message: string): void;
  onExit(): void;
}
export type StartBackend = (init: BackendInit, events: BackendEvents) => BackendProcess;

export interface Keeper {
  /** A fresh line to the backend that runs now. */
  line(): MessagePortMain;
  stop(): Promise<void>;
}

const FIRST_WAIT = 250; // ms
const LONGEST_WAIT = 4000;
const STEADY = 60_000;

/** Keeps one backend running: a crashed one is started again, ever later, a few times; every window gets a new line. */
export function keepBackend(
  start: StartBackend,
  init: BackendInit,
  on: { restarted(): void; failed(message: string): void },
): Keeper {
  let wait = FIRST_WAIT;
  let ended = false;
  let options = init;
  let running = begin();

  function begin(): BackendProcess {
    const began = Date.now();
    return start(options, {
      onFailed(message) {
        if (ended) return;
        ended = true;
        on.failed(message);
      },
      onExit() {
        if (ended) return;
        if (Date.now() - began > STEADY) wait = FIRST_WAIT;
        if (wait > LONGEST_WAIT) return on.failed('Its background program ends again and again. Copy what you typed.');
        // What the command line named was opened the first time.
        options = { ...init, openAtStart: [] };
        setTimeout(() => {
          if (ended) return;
          running = begin();
          on.restarted();
        }, wait);
        wait *= 2;
      },
    });
  }

  return {
    line() {
      const { port1, port2 } = new MessageChannelMain();
      running.join(port1);
      return port2;
    },
    async stop() {
      ended = true;
      await running.stop();
    },
  };
}

const PATIENCE = 4000; // ms

/** Ends a process: asked first, killed when it does not listen. */
export async function stopping(gone: Promise<void>, end: (hard: boolean) => void): Promise<void> {
  end(false);
  const late = setTimeout(() => end(true), PATIENCE);
  await gone;
  clearTimeout(late);
}
