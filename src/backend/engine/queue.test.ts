import { describe, expect, test } from 'vitest';
import { createQueue } from './queue.ts';

/** A task that ends when it is told to. */
function task(log: string[], name: string) {
  let end = () => {};
  let fail = () => {};
  const promise = new Promise<string>((resolve, reject) => {
    end = () => resolve(name);
    fail = () => reject(new Error(name));
  });
  const run = () => {
    log.push(name);
    return promise;
  };
  return { run, end, fail };
}

describe('1 queue', () => {
  test('1.1 one at a time, in order, past a task that fails', async () => {
    const log: string[] = [];
    const queue = createQueue();
    const [a, b, c] = [task(log, 'a'), task(log, 'b'), task(log, 'c')];
    const results = [queue.add(a.run), queue.add(b.run), queue.add(c.run)];
    expect(log).toEqual(['a']);
    b.fail();
    c.end();
    a.end();
    expect(await Promise.allSettled(results)).toMatchObject([
      { value: 'a' },
      { reason: new Error('b') },
      { value: 'c' },
    ]);
    expect(log).toEqual(['a', 'b', 'c']);
  });

  test('1.2 a cancelled task leaves the queue at once and is never begun', async () => {
    const log: string[] = [];
    const queue = createQueue();
    const [a, b, c] = [task(log, 'a'), task(log, 'b'), task(log, 'c')];
    const first = queue.add(a.run);
    const controller = new AbortController();
    const second = queue.add(b.run, controller.signal);
    const third = queue.add(c.run);
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    expect(log).toEqual(['a']);
    a.end();
    c.end();
    expect(await Promise.all([first, third])).toEqual(['a', 'c']);
    expect(log).toEqual(['a', 'c']);
  });

  test('1.3 closing refuses what waits and what comes', async () => {
    const log: string[] = [];
    const queue = createQueue();
    const a = task(log, 'a');
    const first = queue.add(a.run);
    const second = queue.add(task(log, 'b').run);
    queue.close();
    await expect(second).rejects.toMatchObject({ code: 'closed' });
    await expect(queue.add(task(log, 'c').run)).rejects.toMatchObject({ code: 'closed' });
    a.end();
    expect(await first).toBe('a');
    expect(log).toEqual(['a']);
  });
});
