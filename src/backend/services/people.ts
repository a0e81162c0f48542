/** `session.*`, `people.*`, `security.*`: who may sit here, and their passwords. */
import { timingSafeEqual } from 'node:crypto';
import { AppError } from '#contract/errors.ts';
import { passwordProblem } from '#core/people/password.ts';
import { PersonId, type Role } from '#core/people/person.ts';
import { append } from '../db/audit.ts';
import * as db from '../db/people.ts';
import { consentToWeakStore, securityPolicy, setSecurityPolicy } from '../db/policies.ts';
import { addPersonCopy, keepPersonCopies } from '../files/personKeys.ts';
import { newKdf, stretch, type PasswordCost, type Stretched } from '../files/password.ts';
import { callingPerson, callingSeat, NOBODY } from './calling.ts';
import type { Area, Services } from './context.ts';
import { createGuesses } from './guesses.ts';
import type { Sessions } from './sessions.ts';

type Calls = Area<
  | 'session.state'
  | 'session.signIn'
  | 'session.resume'
  | 'session.share'
  | 'session.join'
  | 'session.signOut'
  | 'session.lock'
  | 'session.unlock'
  | 'session.touch'
  | 'people.first'
  | 'people.list'
  | 'people.create'
  | 'people.change'
  | 'people.disable'
  | 'people.resetPassword'
  | 'people.changePassword'
  | 'security.get'
  | 'security.set'
>;

export interface People {
  calls: Calls;
  /**
   * The person, when `password` is theirs. AppError `refused` for a wrong one, which counts; `locked-out` while the
   * account waits. `what`: the call that asks.
   */
  prove(id: PersonId, password: string, what: string): Promise<{ person: db.StoredPerson; secret: Stretched }>;
}

export function createPeople(services: Services, sessions: Sessions, cost: PasswordCost): People {
  const { store, now, newId, journal } = services;
  const { vault, folder } = store;
  const by = () => ({ at: now(), actor: services.actor });

  /** One at a time, so that many guesses at once do not slip past the lock-out. */
  let turn: Promise<unknown> = Promise.resolve();
  function proveLogin(login: string, password: string, what: string) {
    const next = turn.then(() => proveNow(login, password, what));
    turn = next.catch(() => undefined);
    return next;
  }

  async function proveNow(login: string, password: string, what: string) {
    const person = db.personByLogin(store.read, login);
    const lockedUntil = Math.max(person?.lockedUntil ?? 0, guesses.until(login));
    if (lockedUntil > now()) {
      noteLockedOut(person?.login ?? '', what, lockedUntil);
      const seconds = Math.ceil((lockedUntil - now()) / 1000);
      throw new AppError('locked-out', `Too many wrong passwords. Wait ${seconds} seconds, then try again.`);
    }
    // Who guesses names must not learn from the time which ones there are.
    const secret = await stretch(password, person?.kdf ?? newKdf(cost, vault.random));
    if (person && !person.disabled && timingSafeEqual(secret.proof, person.proof)) {
      guesses.forget(login);
      return { person, secret };
    }
    failed(login, person, what);
    throw new AppError('refused', 'Expected the right name and password, found a wrong one. Mind the Caps Lock key.');
  }

  /** Those that the database does not count: for names that nobody has, and while its disk is full. */
  const guesses = createGuesses(now);
  function failed(login: string, person: db.StoredPerson | null, what: string): void {
    try {
      store.write((write) => {
        if (person) db.noteFailure(write, person, { at: now(), what });
        else append(write, { at: now(), actor: NOBODY, event: 'session.failed', subject: '', detail: { what } });
      });
      // As long as for a name that there is, or the waiting would tell which ones there are.
      if (!person) guesses.count(login, 0);
    } catch (error) {
      guesses.count(login, person?.failures ?? 0);
      throw error;
    }
  }

  /** Attempts while an account waits: the first of each wait is a row, so that nobody floods the log with them. */
  const told = new Map<string, number>();
  function noteLockedOut(login: string, what: string, lockedUntil: number): void {
    if (told.get(login) === lockedUntil) return;
    told.set(login, lockedUntil);
    const entry = { at: now(), actor: login || NOBODY, event: 'session.failed', subject: login };
    journal.note({ ...entry, detail: { what, cause: 'locked-out' } });
  }

  async function passwordFor(person: { login: string; name: string; id: PersonId }, password: string) {
    const problem = passwordProblem(password, person);
    if (problem !== '') throw new AppError('invalid-input', problem);
    const kdf = newKdf(cost, vault.random);
    const { proof, wrapping } = await stretch(password, kdf);
    addPersonCopy(folder.keys, vault.machineSecret, { holder: person.id, kdf, wrapping }, vault.random);
    return { kdf, proof };
  }

  /** After a change of people or passwords: copies of the data key for passwords that are no more go. */
  function prune(): void {
    const people = db.listPeople(store.read).filter(({ disabled }) => !disabled);
    keepPersonCopies(folder.keys, new Set(people.map(({ kdf }) => kdf.salt)));
  }

  /** Signs the calling window in. */
  function enter(person: db.StoredPerson, secret: Stretched) {
    const seat = callingSeat();
    const session = sessions.begin(seat, person);
    // After a change of the data key the person has no copy of it yet.
    const { kdf, id } = person;
    addPersonCopy(folder.keys, vault.machineSecret, { holder: id, kdf, wrapping: secret.wrapping }, vault.random);
    return { state: sessions.state(seat), token: session.token };
  }

  const calls: Calls = {
    'session.state': async () => sessions.state(callingSeat()),
    'session.signIn': async ({ login, password }) => {
      const { person, secret } = await proveLogin(login, password, 'session.signIn');
      try {
        sessions.requireConsent(person);
      } catch (error) {
        const entry = { at: now(), actor: person.login, event: 'session.failed', subject: person.login };
        journal.note({ ...entry, detail: { what: 'session.signIn', cause: 'weak-key-store' } });
        throw error;
      }
      store.write((write) => {
        db.forgetFailures(write, person.id);
        append(write, { at: now(), actor: person.login, event: 'session.signed-in', subject: person.login });
      });
      return enter(person, secret);
    },
    'session.resume': async ({ token }) => {
      sessions.resume(callingSeat(), token);
      return sessions.state(callingSeat());
    },
    'session.share': async () => ({ token: sessions.share(callingSeat()) }),
    'session.join': async ({ token }) => {
      const seat = callingSeat();
      if (seat.session) throw new AppError('conflict', 'Somebody is signed in at this window. Sign out first.');
      const { login } = sessions.join(seat, token);
      store.write((write) => append(write, { at: now(), actor: login, event: 'session.joined', subject: login }));
      return sessions.state(seat);
    },
    'session.signOut': async () => {
      const { login } = callingPerson();
      sessions.signOut(callingSeat());
      // Nobody is kept here by a full disk: the row is then written later.
      journal.note({ ...by(), event: 'session.signed-out', subject: login });
      journal.flush();
      return sessions.state(callingSeat());
    },
    'session.lock': async () => {
      sessions.lock(callingSeat());
      sessions.tick();
      return sessions.state(callingSeat());
    },
    'session.unlock': async ({ password }) => {
      const { login } = callingPerson();
      const { session } = callingSeat();
      const { person } = await proveLogin(login, password, 'session.unlock');
      // The other window of the session may have been faster: one lock is opened once.
      if (!session?.locked) return sessions.state(callingSeat());
      Object.assign(session, { locked: false, lastTouch: now() });
      const entry = { ...by(), event: 'session.unlocked', subject: login };
      try {
        store.write((write) => {
          db.forgetFailures(write, person.id);
          append(write, entry);
        });
      } catch {
        // A full disk: what was typed must be reached all the same, and the row is written later.
        journal.note(entry);
      }
      sessions.tick();
      return sessions.state(callingSeat());
    },
    'session.touch': async () => {
      const { session } = callingSeat();
      if (session) session.lastTouch = now();
      return {};
    },

    'people.first': async ({ login, name, password, radiologist, acceptWeakKeyStore }) => {
      if (store.keyStoreWeak && !acceptWeakKeyStore)
        throw new AppError(
          'refused',
          `This machine keeps the data key in a ${store.keyStoreName}: whoever can run programs as this user can read ` +
            'it. Accept that, or use the desktop program where the operating system has a key store.',
        );
      requireNobody();
      const id = PersonId.parse(newId());
      const secret = await passwordFor({ id, login, name }, password);
      const roles: Role[] = radiologist ? ['radiologist', 'administrator'] : ['administrator'];
      const person = store.write((write) => {
        requireNobody();
        const made = db.addPerson(write, { ...by(), id, login, name, roles, password: secret, mustChange: false });
        if (store.keyStoreWeak) consentToWeakStore(write, store, { at: now(), actor: login });
        append(write, { at: now(), actor: login, event: 'session.signed-in', subject: login });
        return made;
      });
      const session = sessions.begin(callingSeat(), person);
      sessions.announce();
      return { state: sessions.state(callingSeat()), token: session.token };
    },
    'people.list': async () => ({ people: db.listPeople(store.read).map(db.publicPerson) }),
    'people.create': async ({ login, name, roles, password }) => {
      if (db.personByLogin(store.read, login))
        throw new AppError('conflict', `Expected a new login, found that "${login}" was given before. Take another.`);
      const id = PersonId.parse(newId());
      const secret = await passwordFor({ id, login, name }, password);
      const person = store.write((write) =>
        db.addPerson(write, { ...by(), id, login, name, roles, password: secret, mustChange: true }),
      );
      return db.publicPerson(person);
    },
    'people.change': async ({ person, name, roles }) => {
      const changed = store.write((write) => db.changePerson(write, person, { ...by(), name, roles }));
      const end = { cause: 'roles-changed', reason: 'Your roles were changed. Sign in again.' } as const;
      sessions.endAll(person, end, callingSeat());
      return db.publicPerson(changed);
    },
    'people.disable': async ({ person, disabled }) => {
      const changed = store.write((write) => db.disablePerson(write, person, { ...by(), disabled }));
      prune();
      sessions.tick();
      return db.publicPerson(changed);
    },
    'people.resetPassword': async ({ person, password }) => {
      const stored = db.personById(store.read, person);
      const secret = await passwordFor(stored, password);
      store.write((write) => db.setPassword(write, person, { ...by(), password: secret, mustChange: true }));
      guesses.forget(stored.login);
      prune();
      sessions.tick();
      return db.publicPerson(db.personById(store.read, person));
    },
    'people.changePassword': async ({ old, next }) => {
      const { id, login } = callingPerson();
      const seat = callingSeat();
      const { person } = await proveLogin(login, old, 'people.changePassword');
      if (old === next) throw new AppError('invalid-input', 'Expected a new password, found the old one.');
      const secret = await passwordFor(person, next);
      store.write((write) => db.setPassword(write, id, { ...by(), password: secret, mustChange: false }));
      if (seat.session) seat.session.salt = secret.kdf.salt;
      prune();
      sessions.tick();
      return sessions.state(seat);
    },
    'security.get': async () => securityPolicy(store.read),
    'security.set': async (policy) => {
      store.write((write) => setSecurityPolicy(write, policy, by()));
      return securityPolicy(store.read);
    },
  };

  function requireNobody(): void {
    if (db.countPeople(store.read) === 0) return;
    throw new AppError(
      'conflict',
      'There are people at this workstation already. Ask an administrator for an account.',
    );
  }

  return {
    calls,
    prove: (id, password, what) => proveLogin(db.personById(store.read, id).login, password, what),
  };
}
