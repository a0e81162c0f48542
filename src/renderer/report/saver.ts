/**
 * Saves what is typed: `REST_MS` after the last keystroke and at least every `LONGEST_MS` while typing, one save at a
 * time, each on the revision before. What could not be saved is kept and tried again. Time comes in as `clock`.
 */
import { AppError } from '#contract/errors.ts';

export const REST_MS = 400;
export const LONGEST_MS = 800;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5000;

export interface Clock {
  now(): number;
  /** Answers with the function that calls it off. */
  after(ms: number, run: () => void): () => void;
}

export type SaveState =
  | { kind: 'saved'; at: number }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  /** `paused`: the data is being worked on as a whole and takes nothing for a while; whoever types then should wait. */
  | { kind: 'failed'; message: string; paused: boolean }
  /** Somebody else saved first; nothing more is written until the person has chosen. */
  | { kind: 'conflict' };

export interface SaverOptions<T> {
  save: (content: T, revision: number) => Promise<{ revision: number; savedAt: number }>;
  /** What is stored now: asked when an answer may have been lost on the way. */
  stored: () => Promise<{ content: T; revision: number; savedAt: number }>;
  same: (a: T, b: T) => boolean;
  clock: Clock;
  onState: (state: SaveState) => void;
  revision: number;
  savedAt: number;
}

export interface Saver<T> {
  edited(content: T): void;
  /** Saves now what is not saved; settles when nothing is left to save or it failed. */
  flush(): Promise<void>;
  /** The line is back: try at once. */
  retry(): void;
  /** The stored text was replaced or adopted: go on from there, with nothing to save. */
  adopt(revision: number, savedAt: number): void;
  revision(): number;
  state(): SaveState;
  /** What is not stored yet; null when all is. */
  pending(): T | null;
}

export function createSaver<T>(options: SaverOptions<T>): Saver<T> {
  const { clock } = options;
  let state: SaveState = { kind: 'saved', at: options.savedAt };
  let revision = options.revision;
  let pending: { content: T; since: number } | null = null;
  /** Sent, but the answer never came: it may be stored or not. */
  let unanswered: T | null = null;
  let running: Promise<void> | null = null;
  let callOff = () => {};
  let retryMs = FIRST_RETRY_MS;

  const change = (to: SaveState) => {
    state = to;
    options.onState(to);
  };
  const plan = (ms: number) => {
    callOff();
    callOff = clock.after(Math.max(0, ms), () => void flush());
  };

  function edited(content: T): void {
    const now = clock.now();
    pending = { content, since: pending?.since ?? now };
    if (state.kind === 'conflict') return;
    if (state.kind === 'saved') change({ kind: 'unsaved' });
    if (!running && state.kind !== 'failed') plan(Math.min(REST_MS, pending.since + LONGEST_MS - now));
  }

  function flush(): Promise<void> {
    callOff();
    if (running)
      return running.then(() =>
        pending && state.kind !== 'failed' && state.kind !== 'conflict' ? flush() : undefined,
      );
    if (!pending || state.kind === 'conflict') return Promise.resolve();
    running = once(pending.content).finally(() => {
      running = null;
      if (!pending || state.kind === 'conflict') return;
      if (state.kind === 'failed') {
        plan(retryMs);
        retryMs = state.paused ? FIRST_RETRY_MS : Math.min(retryMs * 2, LONGEST_RETRY_MS);
      } else plan(Math.min(REST_MS, pending.since + LONGEST_MS - clock.now()));
    });
    return running;
  }

  async function once(content: T): Promise<void> {
    const typed = pending;
    pending = null;
    change({ kind: 'saving' });
    try {
      stored(await options.save(content, revision));
    } catch (error) {
      pending = { content: latest(content), since: typed?.since ?? clock.now() };
      await failed(error, content);
    }
  }

  /** What was typed while the save was under way, else what was sent. */
  const latest = (sent: T): T => pending?.content ?? sent;

  function stored(answer: { revision: number; savedAt: number }): void {
    revision = answer.revision;
    unanswered = null;
    retryMs = FIRST_RETRY_MS;
    change(pending ? { kind: 'unsaved' } : { kind: 'saved', at: answer.savedAt });
  }

  async function failed(error: unknown, content: T): Promise<void> {
    const code = error instanceof AppError ? error.code : 'internal';
    if (code === 'conflict' && (await wasOurs())) return;
    if (code === 'conflict') return change({ kind: 'conflict' });
    if (code === 'closed' || code === 'timed-out') unanswered = content;
    const message = error instanceof Error ? error.message : String(error);
    change({ kind: 'failed', message, paused: code === 'busy' });
  }

  /** A conflict with a save of our own whose answer was lost: take over its revision and go on. */
  async function wasOurs(): Promise<boolean> {
    if (unanswered === null) return false;
    const now = await options.stored().catch(() => null);
    if (!now || !options.same(now.content, unanswered)) return false;
    revision = now.revision;
    unanswered = null;
    if (pending && options.same(pending.content, now.content)) pending = null;
    change(pending ? { kind: 'unsaved' } : { kind: 'saved', at: now.savedAt });
    return true;
  }

  return {
    edited,
    flush,
    retry: () => {
      if (pending && state.kind === 'failed') void flush();
    },
    adopt(to, savedAt) {
      callOff();
      pending = null;
      unanswered = null;
      revision = to;
      change({ kind: 'saved', at: savedAt });
    },
    revision: () => revision,
    state: () => state,
    pending: () => pending?.content ?? null,
  };
}
