/** Who makes the call that is being answered: known everywhere inside it, however long it takes. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { PersonId, Role } from '#core/people/person.ts';
import { AppError } from '#contract/errors.ts';
import type { Seat } from './sessions.ts';

export interface Caller {
  /** Stands in the log: the person's login, or the operating system's user while there are no people. */
  actor: string;
  /** null while there are no people, and before sign-in. */
  person: { id: PersonId; login: string; name: string; roles: readonly Role[] } | null;
  seat: Seat;
}

/** The actor of a call that comes from nobody, where there are people. */
export const NOBODY = 'nobody';

const calling = new AsyncLocalStorage<Caller>();

export const callAs = <T>(caller: Caller, run: () => T): T => calling.run(caller, run);

/** null outside a call. */
export const caller = (): Caller | null => calling.getStore() ?? null;

/** AppError `signed-out` where the call is no person's. */
export function callingPerson(): NonNullable<Caller['person']> {
  const person = caller()?.person;
  if (person) return person;
  throw new AppError('signed-out', 'Expected somebody who is signed in, found nobody. Sign in first.');
}

export function callingSeat(): Seat {
  const seat = caller()?.seat;
  if (seat) return seat;
  throw new AppError('internal', 'a call without a window');
}
