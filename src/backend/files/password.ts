/** A password stretched by scrypt (RFC 7914) into two secrets: one that proves it, one that wraps the data key. */
import { hkdfSync, scrypt } from 'node:crypto';
import * as z from 'zod';
import { normalPassword } from '#core/people/password.ts';
import type { Random } from './wrap.ts';

export const PasswordCost = z.object({ N: z.int().min(2), r: z.int().min(1), p: z.int().min(1) });
export type PasswordCost = z.infer<typeof PasswordCost>;

/** 128 MB and about 0.4 s on one core of 2026: OWASP's recommendation for scrypt. */
export const PASSWORD_COST: PasswordCost = { N: 2 ** 17, r: 8, p: 1 };

/** Stored with each person, so that a later cost leaves older passwords alone. */
export const Kdf = PasswordCost.extend({ name: z.literal('scrypt'), salt: z.string().regex(/^[0-9a-f]{32}$/) });
export type Kdf = z.infer<typeof Kdf>;

export interface Stretched {
  /** Kept in the database and compared. */
  proof: Uint8Array;
  /** Never kept: wraps the person's copy of the data key. */
  wrapping: Uint8Array;
}

export const newKdf = (cost: PasswordCost, random: Random): Kdf => ({
  name: 'scrypt',
  ...cost,
  salt: Buffer.from(random(16)).toString('hex'),
});

let last: Promise<unknown> = Promise.resolve();

/** One at a time: each needs its memory, and who guesses in parallel must not take all of it. */
export function stretch(password: string, kdf: Kdf): Promise<Stretched> {
  const next = last.then(() => stretchNow(password, kdf));
  last = next.catch(() => undefined);
  return next;
}

function stretchNow(password: string, { N, r, p, salt }: Kdf): Promise<Stretched> {
  const options = { N, r, p, maxmem: 256 * N * r + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(normalPassword(password), Buffer.from(salt, 'hex'), 32, options, (error, key) => {
      if (error) return reject(error);
      const part = (info: string) => new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), info, 32));
      resolve({ proof: part('raddraft password proof 1'), wrapping: part('raddraft password wrap 1') });
    });
  });
}
