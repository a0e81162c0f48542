/** Wrapping keys by keys: HKDF-SHA-256 and AES-256-GCM. */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import * as z from 'zod';

export type Random = (bytes: number) => Uint8Array;

export const Hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));

export const Sealed = z.object({ nonce: Hex(12), key: z.string().regex(/^([0-9a-f]{2})+$/), tag: Hex(16) });
export type Sealed = z.infer<typeof Sealed>;

/** HKDF-SHA-256 (RFC 5869) with an empty salt: the input is already uniformly random. */
export function hkdf(secret: Uint8Array, info: string, bytes = 32): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), info, bytes));
}

/** Of a secret, so that a wrong one is told from a damaged copy. */
export const fingerprintOf = (secret: Uint8Array): string => hex(hkdf(secret, 'raddraft fingerprint 1', 8));

/** `purpose` is authenticated along: what was sealed for one purpose does not open for another. */
export function seal(plain: Uint8Array, secret: Uint8Array, purpose: string, random: Random): Sealed {
  const nonce = random(12);
  const cipher = createCipheriv('aes-256-gcm', hkdf(secret, 'raddraft wrap 1'), nonce).setAAD(Buffer.from(purpose));
  const key = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { nonce: hex(nonce), key: hex(key), tag: hex(cipher.getAuthTag()) };
}

/** Throws where secret, purpose or bytes are not those of the sealing. */
export function unseal({ nonce, key, tag }: Sealed, secret: Uint8Array, purpose: string): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', hkdf(secret, 'raddraft wrap 1'), Buffer.from(nonce, 'hex'));
  decipher.setAAD(Buffer.from(purpose)).setAuthTag(Buffer.from(tag, 'hex'));
  return new Uint8Array(Buffer.concat([decipher.update(Buffer.from(key, 'hex')), decipher.final()]));
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
