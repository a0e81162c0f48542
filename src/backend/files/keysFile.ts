/** `keys.json`: the data key, wrapped for each holder. It opens nothing by itself. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { writeAtomic } from './atomic.ts';
import { Kdf } from './password.ts';
import { fingerprintOf, Hex, Sealed, unseal } from './wrap.ts';

export const MACHINE = 'machine';

export const MachineCopy = Sealed.extend({
  holder: z.literal(MACHINE),
  kind: z.enum(['file', 'os']),
  fingerprint: Hex(8),
});
export type MachineCopy = z.infer<typeof MachineCopy>;

/** Its salt says which password it belongs to: a person's row has the same one. */
export const PersonCopy = Sealed.extend({
  /** The person's id. */
  holder: z.string(),
  kind: z.literal('password'),
  fingerprint: Hex(8),
  kdf: Kdf,
});
export type PersonCopy = z.infer<typeof PersonCopy>;

export const KeysFile = z.object({
  schema: z.union([z.literal(1), z.literal(2)]),
  copies: z.array(z.union([PersonCopy, MachineCopy])).min(1),
  /** Since the data key was changed: the keys that stay, wrapped by the data key. */
  lasting: Sealed.optional(),
  /** When the data key was changed, in milliseconds since 1970, UTC. */
  changedAt: z.number().optional(),
});
export type KeysFile = z.infer<typeof KeysFile>;

export function readKeys(file: string): KeysFile {
  try {
    return KeysFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw damagedKeys(error);
  }
}

export function writeKeys(file: string, keys: KeysFile): void {
  writeAtomic(file, Buffer.from(`${JSON.stringify(keys, null, 2)}\n`));
}

export const purposeOf = (copy: { holder: string; kind: string }): string =>
  copy.holder === MACHINE ? `raddraft keys 1 machine ${copy.kind}` : `raddraft keys 1 person ${copy.holder}`;

/** AppError `refused`: another secret, or a damaged copy. */
export function openCopy(copy: MachineCopy | PersonCopy, secret: Uint8Array): Uint8Array {
  if (copy.fingerprint !== fingerprintOf(secret))
    throw new AppError(
      'refused',
      copy.kind === 'password'
        ? 'Expected the password of one of the people of this data, found another one.'
        : "Expected the machine key that this data folder was made with, found another one. Bring back that machine's key, or open the data with a person's password: raddraft keys adopt.",
    );
  try {
    return unseal(copy, secret, purposeOf(copy));
  } catch (error) {
    throw damagedKeys(error);
  }
}

export function damagedKeys(cause: unknown): AppError {
  return new AppError(
    'refused',
    'Expected the wrapped data key in keys.json, found a damaged file. Restore keys.json from a backup.',
    { cause },
  );
}
