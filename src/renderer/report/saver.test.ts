/** When what is typed is written: a clock of our own, and a store that can be slow, away, or somebody else's. */
import { describe, expect, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { createSaver, LONGEST_MS, REST_MS, type Clock, type SaveState } from './saver.ts';

/** Time that stands still until it is moved. */
function handClock() {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
  };
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    clock,
    settle,
    async move(ms: number) {
      const to = now + ms;
      for (;;) {
        const due = timers.filter((timer) => timer.at <= to).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers = timers.filter((timer) => timer !== due);
        now = due.at;
        due.run();
        await settle();
      }
      now = to;
      await settle();
    },
  };
}

/** A store as the backend is: a revision that a save must be based on. */
function shelf() {
  const store = { content: '', revision: 0, saves: [] as { at: number; content: string }[] };
  return {
    store,
    /** `away`: nothing arrives. `busy`: nothing is taken. `deaf`: it is stored, but the answer is lost. */
    mode: 'well' as 'well' | 'away' | 'busy' | 'deaf' | 'slow',
    release: () => {},
    async save(content: string, revision: number, at: number) {
      if (this.mode === 'away') throw new AppError('closed', 'gone');
      if (this.mode === 'busy') throw new AppError('busy', 'the key is being changed');
      if (this.mode === 'slow') await new Promise<void>((resolve) => (this.release = resolve));
      if (revision !== store.revision) throw new AppError('conflict', 'stale');
      store.content = content;
      store.revision++;
      store.saves.push({ at, content });
      if (this.mode === 'deaf') throw new AppError('closed', 'gone');
      return { revision: store.revision, savedAt: at };
    },
  };
}

function desk() {
  const time = handClock();
  const server = shelf();
  const states: SaveState[] = [];
  const saver = createSaver<string>({
    save: (content, revision) => server.save(content, revision, time.clock.now()),
    stored: async () => ({ content: server.store.content, revision: server.store.revision, savedAt: time.clock.now() }),
    same: (a, b) => a === b,
    clock: time.clock,
    onState: (state) => states.push(state),
    revision: 0,
    savedAt: 0,
  });
  return { ...time, server, saver, states };
}

describe('1 when it saves', () => {
  test('1.1 a pause after the last keystroke', async () => {
    const { saver, server, move } = desk();
    saver.edited('a');
    await move(REST_MS - 1);
    expect(server.store.saves).toEqual([]);
    await move(1);
    expect(server.store.saves).toEqual([{ at: REST_MS, content: 'a' }]);
    expect(saver.state()).toEqual({ kind: 'saved', at: REST_MS });
  });

  test('1.2 while typing never pauses, no letter waits longer than the limit', async () => {
    const { saver, server, move, clock } = desk();
    const typed: { at: number; content: string }[] = [];
    for (let i = 1; i <= 100; i++) {
      typed.push({ at: clock.now(), content: 'x'.repeat(i) });
      saver.edited('x'.repeat(i));
      await move(50);
    }
    await move(LONGEST_MS);
    for (const { at, content } of typed) {
      const saved = server.store.saves.find((save) => save.content.length >= content.length);
      expect((saved?.at ?? Infinity) - at).toBeLessThanOrEqual(LONGEST_MS);
    }
    expect(server.store.saves.length).toBeLessThan(20);
  });

  test('1.3 one save at a time; what was typed meanwhile follows on the new revision', async () => {
    const { saver, server, move, settle } = desk();
    server.mode = 'slow';
    saver.edited('a');
    await move(REST_MS);
    saver.edited('ab');
    await move(REST_MS * 3);
    expect(server.store.saves).toEqual([]);
    server.mode = 'well';
    server.release();
    await settle();
    await move(REST_MS);
    expect(server.store.saves.map(({ content }) => content)).toEqual(['a', 'ab']);
    expect(saver.revision()).toBe(2);
  });

  test('1.4 flush writes at once and waits for it', async () => {
    const { saver, server } = desk();
    saver.edited('a');
    await saver.flush();
    expect(server.store.content).toBe('a');
    expect(saver.pending()).toBeNull();
  });
});

describe('2 when it cannot', () => {
  test('2.1 the line is gone: the text is kept, said, and written when it is back', async () => {
    const { saver, server, move } = desk();
    server.mode = 'away';
    saver.edited('a');
    await move(REST_MS);
    expect(saver.state().kind).toBe('failed');
    saver.edited('ab');
    expect(saver.pending()).toBe('ab');
    server.mode = 'well';
    saver.retry();
    await move(0);
    expect(server.store.content).toBe('ab');
    expect(saver.state().kind).toBe('saved');
  });

  test('2.2 it tries again by itself', async () => {
    const { saver, server, move } = desk();
    server.mode = 'away';
    saver.edited('a');
    await move(10_000);
    server.mode = 'well';
    await move(10_000);
    expect(server.store.content).toBe('a');
  });

  test('2.2b while the data takes nothing it says so, and asks again twice a second', async () => {
    const { saver, server, move } = desk();
    server.mode = 'busy';
    saver.edited('a');
    await move(20_000);
    expect(saver.state()).toMatchObject({ kind: 'failed', paused: true });
    server.mode = 'well';
    await move(500);
    expect(server.store.content).toBe('a');
    expect(saver.state().kind).toBe('saved');
    server.mode = 'away';
    saver.edited('ab');
    await move(REST_MS);
    expect(saver.state()).toMatchObject({ kind: 'failed', paused: false });
  });

  test('2.3 a save whose answer was lost is not taken for somebody else’s', async () => {
    const { saver, server, move } = desk();
    server.mode = 'deaf';
    saver.edited('a');
    await move(REST_MS);
    expect(server.store.revision).toBe(1);
    saver.edited('ab');
    server.mode = 'well';
    await move(10_000);
    expect(server.store.content).toBe('ab');
    expect(saver.state().kind).toBe('saved');
  });

  test('2.4 somebody else saved first: nothing is overwritten, and nothing of ours is lost', async () => {
    const { saver, server, move } = desk();
    server.store.content = 'theirs';
    server.store.revision = 7;
    saver.edited('mine');
    await move(REST_MS);
    expect(saver.state()).toEqual({ kind: 'conflict' });
    saver.edited('mine too');
    await move(60_000);
    expect(server.store.content).toBe('theirs');
    expect(saver.pending()).toBe('mine too');
    saver.adopt(7, 0);
    saver.edited('settled');
    await move(REST_MS);
    expect(server.store).toMatchObject({ content: 'settled', revision: 8 });
  });
});
