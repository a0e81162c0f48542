/** Who sits before which window: sign-in, lock and end, asked before every call. */
import type { SessionState } from '#contract/records.ts';
import { AppError } from '#contract/errors.ts';
import type { PersonId } from '#core/people/person.ts';
import type { DraftId } from '#core/study/ids.ts';
import { countPeople, findPerson, type StoredPerson } from '../db/people.ts';
import { securityPolicy, weakStoreConsent } from '../db/policies.ts';
import type { Store } from '../db/store.ts';
import type { Journal } from './journal.ts';
import { noLooking, type Looking } from './viewing.ts';

export interface Session {
  token: string;
  person: PersonId;
  login: string;
  /** The password's salt at sign-in: another password ends the session. */
  salt: string;
  endsAt: number;
  lastTouch: number;
  locked: boolean;
  /** Reports that this window has open: their text is saved even while it is locked. */
  drafts: Set<DraftId>;
  /** When its window went away; null while it has one. */
  leftAt: number | null;
  /** Lets a second window in, once and for a moment; null while nobody asked. */
  pass: { token: string; until: number } | null;
}

/** A window's place: it may change hands, and a session may move to another one. Two windows may share a session. */
export interface Seat {
  session: Session | null;
  /** What its window was last told. */
  known: SessionState['kind'] | null;
  /** Why nobody is signed in, where somebody was. */
  reason: string;
  /** What it looks at: for the audit log. */
  looking: Looking;
  tell(state: SessionState): void;
}

export interface Look {
  state: SessionState;
  /** null: nobody, or there are no people yet. */
  person: StoredPerson | null;
}

export interface Sessions {
  seat(tell: (state: SessionState) => void): Seat;
  /** The window has gone; its session may be taken up for a while by another one of the same page. */
  leave(seat: Seat): void;
  /** Ends what has come to its end, locks what is idle, and answers with who sits there now. */
  look(seat: Seat): Look;
  state(seat: Seat): SessionState;
  /** AppError `refused` while the machine keeps the data key weakly and no administrator has accepted that. */
  requireConsent(person: StoredPerson): void;
  begin(seat: Seat, person: StoredPerson): Session;
  resume(seat: Seat, token: string): void;
  /** A token by which one more window joins this seat's session. */
  share(seat: Seat): string;
  /** AppError `not-found`: the token is not, was used, or is too old. */
  join(seat: Seat, token: string): StoredPerson;
  lock(seat: Seat): void;
  /** The person leaves, with all windows that share the seat's session: who calls this writes that into the log. */
  signOut(seat: Seat): void;
  /** Of this person's windows: every one but `except`. */
  endAll(person: PersonId | null, end: End, except?: Seat): void;
  /** Locks and ends what is due, and tells the windows. */
  tick(): void;
  /** Tells every window who sits there: the first person was made, or the data was replaced. */
  announce(): void;
  /** The program ends, and every session with it. */
  close(): void;
}

/** Why a session ends that nobody signed out of. */
export interface End {
  /** For the log. */
  cause: EndCause;
  /** For the person. */
  reason: string;
}
export type EndCause =
  | 'time'
  | 'account-disabled'
  | 'password-changed'
  | 'roles-changed'
  | 'data-replaced'
  | 'window-closed'
  | 'other-sign-in'
  | 'program-closed';

/** The window that a person opens beside the first one asks at once. */
const MAY_JOIN_MS = 10_000;

/** A page that is loaded again, or a line that broke, comes back within this time. */
const MAY_COME_BACK_MS = 60_000;

export function createSessions(options: {
  store: Store;
  journal: Journal;
  now: () => number;
  newToken: () => string;
  /** The operating system's user. */
  localUser: string;
}): Sessions {
  const { store, journal, now, newToken, localUser } = options;
  const seats = new Set<Seat>();
  const sharing = (session: Session): Seat[] => [...seats].filter((seat) => seat.session === session);
  const left = new Set<Session>();

  const overOf = (session: Session, person: StoredPerson | null): End | null => {
    if (now() >= session.endsAt) return { cause: 'time', reason: 'The session has come to its end. Sign in again.' };
    if (!person || person.disabled) return { cause: 'account-disabled', reason: 'The account is disabled.' };
    if (person.kdf.salt !== session.salt)
      return { cause: 'password-changed', reason: 'The password was changed. Sign in again.' };
    return null;
  };

  /** PS3.15 A.5: a logout, and why, of a session that nobody signed out of. */
  function noteEnd({ login }: Session, cause: EndCause): void {
    journal.note({ at: now(), actor: login, event: 'session.ended', subject: login, detail: { cause } });
  }

  function lock(seat: Seat): void {
    const { session } = seat;
    const person = session && findPerson(store.read, session.person);
    if (!session || session.locked || !person) return;
    session.locked = true;
    journal.note({ at: now(), actor: person.login, event: 'session.locked', subject: person.login });
  }

  function signOut(seat: Seat, reason = ''): void {
    const { session } = seat;
    vacate(seat, reason);
    if (!session) return;
    left.delete(session);
    session.pass = null;
    for (const other of sharing(session)) {
      vacate(other, reason);
      other.tell(state(other));
    }
  }

  function end(seat: Seat, { cause, reason }: End): void {
    if (seat.session) noteEnd(seat.session, cause);
    signOut(seat, reason);
  }

  /** Another session takes the seat: the one before ends where no other window has it. */
  function take(seat: Seat, session: Session): void {
    const before = seat.session;
    seat.session = session;
    seat.looking = noLooking();
    seat.reason = '';
    if (before && before !== session && sharing(before).length === 0 && !left.has(before))
      noteEnd(before, 'other-sign-in');
  }

  function vacate(seat: Seat, reason: string): void {
    seat.session = null;
    seat.looking = noLooking();
    seat.reason = reason;
  }

  function look(seat: Seat): Look {
    const { session } = seat;
    // Before the first person the question is asked of the database; after that there is somebody or nobody here.
    if (!session && countPeople(store.read) === 0) {
      const weakKeyStore = store.keyStoreWeak;
      const state = { kind: 'evaluation', actor: localUser, weakKeyStore, keyStore: store.keyStoreName } as const;
      return { state, person: null };
    }
    const person = session && findPerson(store.read, session.person);
    const over = session ? overOf(session, person) : null;
    if (over) end(seat, over);
    if (!session || !person || over) return { state: { kind: 'signed-out', reason: seat.reason }, person: null };
    const { idleMinutes } = securityPolicy(store.read);
    if (now() - session.lastTouch >= idleMinutes * 60_000) lock(seat);
    const { id, login, name, roles, mustChangePassword } = person;
    if (session.locked) return { state: { kind: 'locked', login, name }, person };
    const { endsAt } = session;
    const state = {
      kind: 'signed-in',
      person: id,
      login,
      name,
      roles,
      mustChangePassword,
      idleMinutes,
      endsAt,
    } as const;
    return { state, person };
  }

  /** Ends the sessions whose window went away and did not come back. */
  function forget(): void {
    for (const session of left) {
      if (now() - (session.leftAt ?? 0) <= MAY_COME_BACK_MS) continue;
      left.delete(session);
      if (sharing(session).length === 0) noteEnd(session, 'window-closed');
    }
  }

  /** For the window: it is told. */
  function state(seat: Seat): SessionState {
    const { state: now } = look(seat);
    seat.known = now.kind;
    return now;
  }

  return {
    seat(tell) {
      const seat: Seat = { session: null, known: null, reason: '', looking: noLooking(), tell };
      seats.add(seat);
      return seat;
    },
    leave(seat) {
      seats.delete(seat);
      if (!seat.session) return;
      seat.session.leftAt = now();
      left.add(seat.session);
    },
    look,
    state,
    requireConsent(person) {
      if (store.keyStoreWeak && !weakStoreConsent(store.read, store) && !person.roles.includes('administrator'))
        throw new AppError(
          'refused',
          `The data key is kept weakly on this machine (${store.keyStoreName}), and no administrator has accepted that yet. Ask one.`,
        );
    },
    begin(seat, person) {
      const hours = securityPolicy(store.read).sessionHours;
      const session: Session = {
        token: newToken(),
        person: person.id,
        login: person.login,
        salt: person.kdf.salt,
        endsAt: now() + hours * 3_600_000,
        lastTouch: now(),
        locked: false,
        drafts: new Set(),
        leftAt: null,
        pass: null,
      };
      take(seat, session);
      return session;
    },
    resume(seat, token) {
      forget();
      const found = [...left].find((session) => session.token === token);
      if (!found) throw new AppError('not-found', 'The session has ended. Sign in again.');
      left.delete(found);
      found.leftAt = null;
      take(seat, found);
    },
    share(seat) {
      const { session } = seat;
      if (!session) throw new AppError('signed-out', 'Nobody is signed in at this window. Sign in first.');
      session.pass = { token: newToken(), until: now() + MAY_JOIN_MS };
      return session.pass.token;
    },
    join(seat, token) {
      const one = [...seats].find(({ session }) => session?.pass?.token === token);
      const session = one?.session;
      const pass = session?.pass;
      if (session) session.pass = null;
      const person = session && pass && now() < pass.until ? look(one).person : null;
      // Asked for again: looking may have locked or ended it.
      if (!person || !session || one.session !== session || session.locked)
        throw new AppError('not-found', 'The other window has no session to join. Sign in here.');
      take(seat, session);
      return person;
    },
    lock,
    signOut: (seat) => signOut(seat),
    endAll(person, { cause, reason }, except) {
      const of = (session: Session): boolean => person === null || session.person === person;
      const ending = new Set([...left].filter(of));
      for (const seat of seats) {
        if (!seat.session || seat === except || !of(seat.session)) continue;
        ending.add(seat.session);
        vacate(seat, reason);
        seat.tell(state(seat));
      }
      for (const session of ending) {
        left.delete(session);
        if (sharing(session).length === 0) noteEnd(session, cause);
      }
    },
    announce() {
      for (const seat of seats) seat.tell(state(seat));
    },
    close() {
      const open = new Set([...seats].flatMap(({ session }) => (session ? [session] : [])));
      for (const session of new Set([...open, ...left])) noteEnd(session, 'program-closed');
    },
    tick() {
      forget();
      for (const seat of seats) {
        const { session, known } = seat;
        if (!session) continue;
        const now = state(seat);
        if (seat.known !== known) seat.tell(now);
      }
    },
  };
}
