/** Keeps one process running: one that ends is started again, ever later, a few times. Time comes in as `clock`. */

export interface Running {
  /** Ends it politely, and after a few seconds at once. */
  stop(): Promise<void>;
}

export interface RunEvents {
  /** It cannot start, and says why; it is not tried again. */
  onFailed(message: string): void;
  onExit(): void;
}

export interface Clock {
  now(): number;
  after(ms: number, run: () => void): void;
}

const FIRST_WAIT = 250; // ms
const LONGEST_WAIT = 4000;
const STEADY = 60_000;

export function keepRunning<R extends Running>(
  start: (events: RunEvents) => R,
  clock: Clock,
  on: { restarted(): void; failed(message: string): void },
): { now(): R; stop(): Promise<void> } {
  let wait = FIRST_WAIT;
  let ended = false;
  let running = begin();

  function begin(): R {
    const began = clock.now();
    return start({
      onFailed(message) {
        if (ended) return;
        ended = true;
        on.failed(message);
      },
      onExit() {
        if (ended) return;
        if (clock.now() - began > STEADY) wait = FIRST_WAIT;
        if (wait > LONGEST_WAIT) return on.failed('Its background program ends again and again. Copy what you typed.');
        clock.after(wait, () => {
          if (ended) return;
          running = begin();
          on.restarted();
        });
        wait *= 2;
      },
    });
  }

  return {
    now: () => running,
    async stop() {
      ended = true;
      await running.stop();
    },
  };
}

const PATIENCE = 4000; // ms

/** Ends a process: asked first, killed when it does not listen. */
export async function stopping(gone: Promise<void>, clock: Clock, end: (hard: boolean) => void): Promise<void> {
  let over = false;
  end(false);
  clock.after(PATIENCE, () => {
    if (!over) end(true);
  });
  await gone;
  over = true;
}
