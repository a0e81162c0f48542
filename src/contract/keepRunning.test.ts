import { expect, test } from 'vitest';
import { keepRunning, stopping, type RunEvents } from './keepRunning.ts';

/** A clock that goes when it is told to. */
function clock() {
  let now = 0;
  const planned: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after: (ms: number, run: () => void) => void planned.push({ at: now + ms, run }),
    pass(ms: number) {
      now += ms;
      for (const one of planned.splice(0))
        if (one.at <= now) one.run();
        else planned.push(one);
    },
  };
}

function kept() {
  const time = clock();
  const started: RunEvents[] = [];
  const said: string[] = [];
  const keeper = keepRunning(
    (events) => {
      started.push(events);
      return { number: started.length, stop: async () => void said.push('stopped') };
    },
    time,
    { restarted: () => said.push('restarted'), failed: (message) => said.push(message) },
  );
  return { time, started, said, keeper };
}

test('1.1 what ends is started again, and everybody is told', () => {
  const { time, started, said, keeper } = kept();
  started[0]?.onExit();
  expect(keeper.now().number).toBe(1);
  time.pass(250);
  expect(keeper.now().number).toBe(2);
  expect(said).toEqual(['restarted']);
});

test('1.2 what ends again and again is given up, out loud', () => {
  const { time, started, said } = kept();
  for (let round = 0; round < 9; round++) {
    started.at(-1)?.onExit();
    time.pass(4000);
  }
  expect(started).toHaveLength(6);
  expect(said.at(-1)).toMatch(/again and again/);
});

test('1.3 a steady minute between two ends counts as a fresh beginning', () => {
  const { time, started } = kept();
  for (let round = 0; round < 20; round++) {
    time.pass(60_001);
    started.at(-1)?.onExit();
    time.pass(4000);
  }
  expect(started).toHaveLength(21);
});

test('1.4 what cannot start says why and is not tried again', () => {
  const { time, started, said } = kept();
  started[0]?.onFailed('The disk is full.');
  started[0]?.onExit();
  time.pass(10_000);
  expect(said).toEqual(['The disk is full.']);
  expect(started).toHaveLength(1);
});

test('1.5 stopped, it stays stopped', async () => {
  const { time, started, said, keeper } = kept();
  await keeper.stop();
  started[0]?.onExit();
  time.pass(10_000);
  expect(said).toEqual(['stopped']);
  expect(started).toHaveLength(1);
});

test('2.1 asked to end, then made to', async () => {
  const time = clock();
  const asked: boolean[] = [];
  let go = () => {};
  const gone = new Promise<void>((resolve) => (go = resolve));
  const done = stopping(gone, time, (hard) => {
    asked.push(hard);
    if (hard) go();
  });
  time.pass(4000);
  await done;
  expect(asked).toEqual([false, true]);
});
