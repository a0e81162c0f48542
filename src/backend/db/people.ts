/** People: rows that are never deleted, their passwords' proofs, their failures. */
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { lockOutMs } from '#core/people/password.ts';
import { PersonId, Role, type Person } from '#core/people/person.ts';
import { toJson } from '../files/json.ts';
import { Kdf } from '../files/password.ts';
import { append } from './audit.ts';
import type { Read, Write } from './handles.ts';
import { Count, Flag, Json } from './rows.ts';

const PersonRow = z.object({
  id: PersonId,
  login: z.string(),
  name: z.string(),
  roles: Json(z.array(Role)),
  createdAt: z.number(),
  disabled: Flag,
  kdf: Json(Kdf),
  proof: z.instanceof(Uint8Array),
  mustChangePassword: Flag,
  failures: z.int(),
  lockedUntil: z.number().nullable(),
});
/** A person with what proves the password: it stays in the backend. */
export type StoredPerson = z.infer<typeof PersonRow>;

const columns = `id, login, name, roles, created_at AS createdAt, disabled, kdf, proof,
  must_change AS mustChangePassword, failures, locked_until AS lockedUntil`;

export const countPeople = (read: Read): number => read.get(Count, 'SELECT count(*) AS n FROM people')?.n ?? 0;

/** In order of name. */
export const listPeople = (read: Read): StoredPerson[] =>
  read.all(PersonRow, `SELECT ${columns} FROM people ORDER BY name, login`);

export const personByLogin = (read: Read, login: string): StoredPerson | null =>
  read.get(PersonRow, `SELECT ${columns} FROM people WHERE login = ?`, login);

export const findPerson = (read: Read, id: PersonId): StoredPerson | null =>
  read.get(PersonRow, `SELECT ${columns} FROM people WHERE id = ?`, id);

/** AppError `not-found`. */
export function personById(read: Read, id: PersonId): StoredPerson {
  const found = findPerson(read, id);
  if (!found) throw new AppError('not-found', 'Expected a person of this workstation, found none under this id.');
  return found;
}

/** What the window may know. */
export function publicPerson({ kdf: _kdf, proof: _proof, failures: _failures, ...person }: StoredPerson): Person {
  return person;
}

export interface Password {
  kdf: Kdf;
  proof: Uint8Array;
}

interface By {
  at: number;
  /** The login of who does it. */
  actor: string;
}

export interface NewPerson extends By {
  id: PersonId;
  login: string;
  name: string;
  roles: readonly Role[];
  password: Password;
  mustChange: boolean;
}

/** AppError `conflict` where the login was ever given before. */
export function addPerson(write: Write, person: NewPerson): StoredPerson {
  if (personByLogin(write, person.login))
    throw new AppError(
      'conflict',
      `Expected a new login, found that "${person.login}" was given before. Take another.`,
    );
  const { id, login, name, roles, password, mustChange, at, actor } = person;
  write.run(
    `INSERT INTO people (id, login, name, roles, created_at, kdf, proof, must_change) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[id, login, name, toJson(roles), at, toJson(password.kdf), password.proof, mustChange ? 1 : 0],
  );
  append(write, { at, actor, event: 'person.created', subject: login, detail: { roles: roles.join(' ') } });
  return personById(write, id);
}

/** AppError `refused` where no administrator would be left. */
export function changePerson(
  write: Write,
  id: PersonId,
  to: { name: string; roles: readonly Role[] } & By,
): StoredPerson {
  const before = personById(write, id);
  write.run('UPDATE people SET name = ?, roles = ? WHERE id = ?', to.name, toJson(to.roles), id);
  requireAdministrator(write);
  const detail = { before: before.roles.join(' '), roles: to.roles.join(' '), renamed: before.name !== to.name };
  append(write, { at: to.at, actor: to.actor, event: 'person.changed', subject: before.login, detail });
  return personById(write, id);
}

export function disablePerson(write: Write, id: PersonId, to: { disabled: boolean } & By): StoredPerson {
  write.run('UPDATE people SET disabled = ? WHERE id = ?', to.disabled ? 1 : 0, id);
  requireAdministrator(write);
  const person = personById(write, id);
  const event = to.disabled ? 'person.disabled' : 'person.enabled';
  append(write, { at: to.at, actor: to.actor, event, subject: person.login });
  return person;
}

function requireAdministrator(read: Read): void {
  if (listPeople(read).some(({ roles, disabled }) => roles.includes('administrator') && !disabled)) return;
  throw new AppError('refused', 'Expected at least one administrator to be left, found none. Make another one first.');
}

/** `mustChange`: an administrator set it. Failures are forgotten. */
export function setPassword(write: Write, id: PersonId, to: { password: Password; mustChange: boolean } & By): void {
  const { kdf, proof } = to.password;
  write.run(
    'UPDATE people SET kdf = ?, proof = ?, must_change = ?, failures = 0, locked_until = NULL WHERE id = ?',
    ...[toJson(kdf), proof, to.mustChange ? 1 : 0, id],
  );
  const event = to.mustChange ? 'person.password-reset' : 'person.password-changed';
  append(write, { at: to.at, actor: to.actor, event, subject: personById(write, id).login });
}

/** Counted in the database: a lock-out survives the program. `what`: `session.signIn`, `report.sign` … */
export function noteFailure(write: Write, person: StoredPerson, { at, what }: { at: number; what: string }): void {
  const { failures } = personById(write, person.id);
  const wait = lockOutMs(failures + 1);
  write.run(
    'UPDATE people SET failures = ?, locked_until = ? WHERE id = ?',
    ...[failures + 1, wait > 0 ? at + wait : null, person.id],
  );
  const detail = { what, failures: failures + 1, waitSeconds: Math.round(wait / 1000) };
  append(write, { at, actor: person.login, event: 'session.failed', subject: person.login, detail });
}

/** Without a row in the log of its own: what the password was given for has one. */
export function forgetFailures(write: Write, id: PersonId): void {
  write.run('UPDATE people SET failures = 0, locked_until = NULL WHERE id = ? AND failures > 0', id);
}
