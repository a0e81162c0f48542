/** Wrong passwords that no database counts, by the name that was typed; forgotten when the program ends. */
import { lockOutMs } from '#core/people/password.ts';

export interface Guesses {
  /** When the next one may be tried, in milliseconds since 1970, UTC; 0: now. */
  until(login: string): number;
  /** `before`: failures that are known of from elsewhere. */
  count(login: string, before: number): void;
  forget(login: string): void;
}

/** Names that are kept: who types more of them than this has the oldest forgotten, and learns nothing by it. */
const MOST = 10_000;

export function createGuesses(now: () => number): Guesses {
  const known = new Map<string, { failures: number; until: number }>();
  return {
    until: (login) => known.get(login)?.until ?? 0,
    count(login, before) {
      const failures = Math.max(before, known.get(login)?.failures ?? 0) + 1;
      const wait = lockOutMs(failures);
      known.delete(login);
      known.set(login, { failures, until: wait > 0 ? now() + wait : 0 });
      const [oldest] = known.keys();
      if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    },
    forget: (login) => void known.delete(login),
  };
}
