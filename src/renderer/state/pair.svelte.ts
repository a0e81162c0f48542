/**
 * Two windows on one study: the first shows the image, the second the report. The report is edited in one window only,
 * the one that holds a lock, which the browser takes away from a window that closes or crashes.
 */
import * as z from 'zod';
import { LabelId, StudyId } from '#core/study/ids.ts';

const LOCK = 'raddraft-report';
const CHANNEL = 'raddraft-windows';
const TRY_AGAIN = 500; // ms
const ANSWER_WITHIN = 5000; // ms

/** `whole`: image and report. `image`: another window has the report. `report`: the report alone. */
export type Part = 'whole' | 'image' | 'report';

/** What both windows show alike. */
const Shared = z.object({ study: StudyId.nullable(), selected: LabelId.nullable(), aiHidden: z.boolean() });
export type Shared = z.infer<typeof Shared>;

const Message = z.discriminatedUnion('t', [
  z.object({ t: z.literal('hello') }),
  /** The report's window has the lock. */
  z.object({ t: z.literal('here') }),
  z.object({ t: z.literal('shared'), shared: Shared }),
  z.object({ t: z.literal('command'), id: z.string() }),
]);
type Message = z.infer<typeof Message>;

export interface PairOptions {
  role: 'alone' | 'first' | 'report';
  shared: () => Shared;
  /** The other window shows something else now. */
  follow: (shared: Shared) => void;
  /** Stores what is typed, so that the other window may go on with it; false when it could not be stored. */
  store: () => Promise<boolean>;
}

export type Pair = ReturnType<typeof createPair>;

export function createPair({ role, shared, follow, store }: PairOptions) {
  let part = $state<Part>(role === 'report' ? 'report' : 'whole');
  let holds = $state(role !== 'report');
  let run: (id: string) => void = () => undefined;
  let known = '';
  let give: (() => void) | null = null;
  const channel = role === 'alone' ? null : new BroadcastChannel(CHANNEL);
  const say = (message: Message): void => channel?.postMessage(message);

  function share(): void {
    const now = shared();
    if (part === 'whole' || JSON.stringify(now) === known) return;
    known = JSON.stringify(now);
    say({ t: 'shared', shared: now });
  }

  /** The first window takes the report as soon as no other window has it. */
  function take(ifAvailable: boolean): void {
    void navigator.locks.request(LOCK, { ifAvailable }, (lock) => {
      if (lock) {
        part = 'whole';
        return new Promise<void>((done) => (give = done));
      }
      part = 'image';
      take(false);
      return undefined;
    });
  }

  async function handOver(): Promise<void> {
    if (part === 'whole') {
      while (!(await store())) await new Promise((next) => setTimeout(next, TRY_AGAIN));
      part = 'image';
      give?.();
      // A window that went away before it had the lock says nothing.
      setTimeout(() => part === 'image' && give !== null && take(true), ANSWER_WITHIN);
    }
    known = '';
    share();
  }

  channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = Message.safeParse(data).data;
    if (message?.t === 'command') run(message.id);
    if (message?.t === 'hello' && role === 'first') void handOver();
    if (message?.t === 'here' && role === 'first') {
      give = null;
      take(false);
    }
    if (message?.t === 'shared') {
      known = JSON.stringify(message.shared);
      follow(message.shared);
    }
  });
  if (role === 'first') take(true);
  if (role === 'report') {
    void navigator.locks.request(LOCK, () => {
      holds = true;
      say({ t: 'here' });
      return new Promise(() => undefined);
    });
    say({ t: 'hello' });
  }
  $effect.root(() => {
    $effect(share);
  });

  return {
    get part() {
      return part;
    },
    /** Whether this window has the report; one that was just opened waits until the other has stored its text. */
    get holds() {
      return holds;
    },
    /** The report's window asks what is shown. */
    ask: (): void => say({ t: 'hello' }),
    /** Runs a command in the other window. */
    send: (id: string): void => say({ t: 'command', id }),
    onCommand: (listener: (id: string) => void): void => void (run = listener),
  };
}
