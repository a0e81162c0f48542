/** People's copies of the data key: each wrapped by what scrypt makes of the person's password. */
import { AppError } from '#contract/errors.ts';
import { dataKeyOf, type MachineSecret } from './keys.ts';
import { openCopy, purposeOf, readKeys, writeKeys } from './keysFile.ts';
import type { KeysFile, PersonCopy } from './keysFile.ts';
import { stretch, type Kdf } from './password.ts';
import { fingerprintOf, seal, type Random } from './wrap.ts';

export interface PersonSecret {
  /** The person's id. */
  holder: string;
  kdf: Kdf;
  wrapping: Uint8Array;
}

/** `file` with one more copy, beside one that the same person may have under another password. */
export function withPerson(file: KeysFile, dataKey: Uint8Array, person: PersonSecret, random: Random): KeysFile {
  const { holder, kdf, wrapping } = person;
  const copy: PersonCopy = {
    holder,
    kind: 'password',
    fingerprint: fingerprintOf(wrapping),
    kdf,
    ...seal(dataKey, wrapping, purposeOf({ holder, kind: 'password' }), random),
  };
  return { ...file, schema: 2, copies: [...file.copies.filter((other) => !isSalt(other, kdf.salt)), copy] };
}

/** Before the database learns of the password: a copy that nobody knows of does no harm, a missing one would. */
export function addPersonCopy(keysFile: string, machine: MachineSecret, person: PersonSecret, random: Random): void {
  const file = readKeys(keysFile);
  if (file.copies.some((copy) => isSalt(copy, person.kdf.salt))) return;
  writeKeys(keysFile, withPerson(file, dataKeyOf(file, machine), person, random));
}

/** Keeps only the copies of passwords that are in force, known by their salts. */
export function keepPersonCopies(keysFile: string, salts: ReadonlySet<string>): void {
  const file = readKeys(keysFile);
  const copies = file.copies.filter((copy) => copy.kind !== 'password' || salts.has(copy.kdf.salt));
  if (copies.length < file.copies.length) writeKeys(keysFile, { ...file, copies });
}

export const personCopiesOf = (keysFile: string): PersonCopy[] =>
  readKeys(keysFile).copies.flatMap((copy) => (copy.kind === 'password' ? [copy] : []));

/** The data key by anybody's password: every copy is tried. AppError `refused` when it is nobody's. */
export async function dataKeyByPassword(file: KeysFile, password: string): Promise<Uint8Array> {
  for (const copy of file.copies) {
    if (copy.kind !== 'password') continue;
    const { wrapping } = await stretch(password, copy.kdf);
    if (fingerprintOf(wrapping) === copy.fingerprint) return openCopy(copy, wrapping);
  }
  throw new AppError('refused', 'Expected the password of one of the people of this data, found another one.');
}

const isSalt = (copy: KeysFile['copies'][number], salt: string): boolean =>
  copy.kind === 'password' && copy.kdf.salt === salt;
