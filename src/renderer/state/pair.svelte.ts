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
  /** The report's window has nobody before it, and asks for a seat beside the first one. */
  z.object({ t: z.literal('seat-please') }),
  z.object({ t: z.literal('seat'), token: z.string() }),
  /** Somebody signed in at the first window. */
  z.object({ t: z.literal('seated') }),
]);
type Message = z.infer<typeof Message>;

export interface PairOptions {
  role: 'alone' | 'first' | 'report';
  shared: () => Shared;
  /** The other window shows something else now. */
  follow: (shared: Shared) => void;
  /** Stores what is typed, so that the other window may go on with it; false when it could not be stored. */
  store: () => Promise<boolean>;
  /** The session of the first window, which the second one joins: never where a browser might show the token to others. */
  seat: { share: () => Promise<string | null>; join: (token: string) => void; free: () => boolean };
}

export type Pair = ReturnType<typeof createPair>;

export function createPair({ role, shared, follow, store, seat }: PairOptions) {
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
    if (message?.t === 'seat-please' && role === 'first')
      void seat.share().then((token) => token !== null && say({ t: 'seat', token }));
    if (message?.t === 'seat' && role === 'report') seat.join(message.token);
    if (message?.t === 'seated' && role === 'report' && seat.free()) say({ t: 'seat-please' });
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
    /** Who sits here changed: the report's window asks for a seat, the first one says that it may. */
    seatChanged(): void {
      if (role === 'report' && seat.free()) say({ t: 'seat-please' });
      if (role === 'first') say({ t: 'seated' });
    },
    /** Runs a command in the other window. */
    send: (id: string): void => say({ t: 'command', id }),
    onCommand: (listener: (id: string) => void): void => void (run = listener),
  };
}
