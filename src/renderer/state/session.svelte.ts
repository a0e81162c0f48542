/** Who sits before this window: signed in, locked, or nobody yet. The token that keeps a session stays in memory. */
import type { Role } from '#core/people/person.ts';
import type { SessionState } from '#contract/records.ts';
import { access, type Access } from '#contract/roles.ts';
import type { Link } from '../link/link.ts';
import { wordsOf } from './words.ts';

/** The backend is told at most this often that somebody is there. */
const TOUCH_MS = 5000;

export type Session = ReturnType<typeof createSession>;

export function createSession(link: Link) {
  const { api } = link;
  let state = $state.raw<SessionState | null>(null);
  let error = $state('');
  let token: string | null = null;
  let touched = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let listeners: readonly ((now: SessionState, before: SessionState | null) => void)[] = [];

  function take(next: SessionState): void {
    const before = state;
    state = next;
    error = '';
    if (next.kind === 'signed-out') token = null;
    watch();
    for (const listener of listeners) listener(next, before);
  }

  /** When the window should have been locked by now, who sits here is asked: no study stays open unasked. */
  function watch(): void {
    clearTimeout(idle);
    if (state?.kind === 'signed-in') idle = setTimeout(() => void ask(), state.idleMinutes * 60_000 + 1000);
  }
  async function ask(): Promise<void> {
    const now = await api['session.state']({}).catch(() => null);
    if (now) take(now);
  }

  async function load(): Promise<void> {
    try {
      take(token === null ? await api['session.state']({}) : await api['session.resume']({ token }));
    } catch (thrown) {
      // The session did not live on: who sits here is asked anew.
      token = null;
      try {
        take(await api['session.state']({}));
      } catch {
        error = wordsOf(thrown);
      }
    }
  }

  link.on('session.changed', take);
  link.onState((to) => {
    // Before the first answer `start` asks; when that failed, nobody else would.
    if (to === 'open' && (state || error)) void load();
  });

  const enter = (answer: { state: SessionState; token: string }) => {
    token = answer.token;
    take(answer.state);
  };

  return {
    get state() {
      return state;
    },
    /** Why nobody can be asked; empty when all is well. */
    get error() {
      return error;
    },
    /** Signed in with a password of one's own, or working without people. */
    get inside(): boolean {
      return state?.kind === 'evaluation' || (state?.kind === 'signed-in' && !state.mustChangePassword);
    },
    /** Whether the person may do what `role` does; without people everybody may do everything but sign. */
    may(role: Role): boolean {
      return state?.kind === 'evaluation' || (state?.kind === 'signed-in' && state.roles.includes(role));
    },
    /** Whether the backend would answer this call to who sits here. Without people signing is offered: it begins with an account. */
    mayCall(name: keyof typeof access): boolean {
      if (state?.kind === 'evaluation') return true;
      if (state?.kind !== 'signed-in') return false;
      const rule: Access = access[name];
      const { roles } = state;
      return typeof rule.for === 'string' || rule.for.some((role) => roles.includes(role));
    },
    /** Studies may be opened. */
    get reads(): boolean {
      return this.may('radiologist') || this.may('auditor');
    },
    load,
    onChange(listener: (now: SessionState, before: SessionState | null) => void): void {
      listeners = [...listeners, listener];
    },
    async signIn(login: string, password: string): Promise<void> {
      enter(await api['session.signIn']({ login, password }));
    },
    async first(person: {
      login: string;
      name: string;
      password: string;
      radiologist: boolean;
      acceptWeakKeyStore: boolean;
    }): Promise<void> {
      enter(await api['people.first'](person));
    },
    /** For a second window of the same person; null when nobody is signed in here. */
    async share(): Promise<string | null> {
      if (state?.kind !== 'signed-in') return null;
      return (await api['session.share']({}).catch(() => null))?.token ?? null;
    },
    /** Takes a seat beside the other window; where that is refused, this one signs in for itself. */
    async join(token: string): Promise<void> {
      if (state?.kind !== 'signed-out') return;
      const now = await api['session.join']({ token }).catch(() => null);
      if (now) take(now);
    },
    async signOut(): Promise<void> {
      take(await api['session.signOut']({}));
    },
    async lock(): Promise<void> {
      take(await api['session.lock']({}));
    },
    async unlock(password: string): Promise<void> {
      take(await api['session.unlock']({ password }));
    },
    async changePassword(old: string, next: string): Promise<void> {
      take(await api['people.changePassword']({ old, next }));
    },
    /** A key, the mouse: the idle lock waits. */
    touch(): void {
      if (state?.kind !== 'signed-in' || Date.now() - touched < TOUCH_MS) return;
      touched = Date.now();
      watch();
      // Refused: the window is locked or the session has ended, and nobody said so.
      void api['session.touch']({}).catch(() => void ask());
    },
  };
}
