/** How long the backend's loop and the window's thread were held: by the clock, and of that by their own work. */
import type { Browser, Page } from 'playwright-core';
import * as z from 'zod';

/** Of the longest pauses, in ms. On a busy machine the clock also counts what other programs took. */
export interface Pause {
  wall: number;
  /** Processor time of that thread. */
  cpu: number;
}

export const NONE: Pause = { wall: 0, cpu: 0 };

export const longer = (a: Pause, b: Pause): Pause => ({ wall: Math.max(a.wall, b.wall), cpu: Math.max(a.cpu, b.cpu) });

const TICK = 1; // ms

/** Of this process's loop until the answer is asked for: what lies between two ticks of a timer. */
export function watchLoop(): () => Pause {
  let pause = NONE;
  let on = true;
  let at = NaN;
  let used = process.threadCpuUsage();
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(used);
    if (!Number.isNaN(at)) pause = longer(pause, { wall: performance.now() - at - TICK, cpu: (user + system) / 1000 });
    used = process.threadCpuUsage();
    at = performance.now();
  };
  const tick = (): void => {
    if (!on) return;
    look();
    setTimeout(tick, TICK);
  };
  setTimeout(tick, TICK);
  return () => {
    if (on) look();
    on = false;
    return pause;
  };
}

/** Of this process's loop while `work` runs. */
export async function longestPause<T>(work: () => Promise<T>): Promise<{ value: T; pause: Pause }> {
  const end = watchLoop();
  await new Promise((begun) => setTimeout(begun, 2 * TICK));
  try {
    const value = await work();
    return { value, pause: end() };
  } finally {
    end();
  }
}

const Trace = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.int(),
      tid: z.int(),
      /** Microseconds: by the clock, and of the thread. */
      dur: z.number().optional(),
      tdur: z.number().optional(),
      args: z.object({ name: z.string().optional() }).optional().catch(undefined),
    }),
  ),
});

/** Of the page's thread: its longest task in Chromium's own trace. */
export async function longestTask<T>(
  browser: Browser,
  page: Page,
  work: () => Promise<T>,
): Promise<{ value: T; pause: Pause }> {
  await browser.startTracing(page, { categories: ['toplevel'] });
  const value = await work();
  const { traceEvents } = Trace.parse(JSON.parse((await browser.stopTracing()).toString()));
  const threads = new Set(
    traceEvents.filter(({ args }) => args?.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`),
  );
  let pause = NONE;
  for (const { name, pid, tid, dur = 0, tdur = 0 } of traceEvents)
    if (name === 'ThreadControllerImpl::RunTask' && threads.has(`${pid} ${tid}`))
      pause = longer(pause, { wall: dur / 1000, cpu: tdur / 1000 });
  if (pause.cpu === 0) throw new Error('expected tasks of the page in the trace, found none');
  return { value, pause };
}
