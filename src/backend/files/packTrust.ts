/** Whose packs are taken: Ed25519 signatures over `pack.json`, and the keys that this machine trusts. */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { PackSignature, PublicKey, TrustList } from '#core/pack/signature.ts';
import { writeAtomic } from './atomic.ts';

/** Of the makers' development builds: programs that are released do not take its packs unless told to. */
export const DEVELOPMENT_KEY = '1Qaas9kf76GBmcHmQxomIer3/+bxAA4J96l+hQEbAFo=';

export interface Trust extends TrustList {
  /** Whether the development key counts. */
  development: boolean;
}

export type Signer =
  { kind: 'site'; name: string } | { kind: 'development'; name: string } | { kind: 'none'; name: string };

const NAME = 'trust.json';

/** Of the folder that installed packs lie in; nothing is trusted where no list is. AppError `refused`: not readable. */
export function readTrust(folder: string, development: boolean): Trust {
  const file = path.join(folder, NAME);
  if (!existsSync(file)) return { ...TrustList.parse({}), development };
  try {
    return { ...TrustList.parse(JSON.parse(readFileSync(file, 'utf8'))), development };
  } catch (cause) {
    throw new AppError(
      'refused',
      'Expected a list of trusted keys (packs/trust.json), found one that cannot be read.',
      {
        cause,
      },
    );
  }
}

/** AppError `invalid-input` for what is no key. */
export function addTrust(folder: string, name: string, key: string): TrustList {
  if (!PublicKey.safeParse(key).success)
    throw new AppError('invalid-input', 'Expected an Ed25519 public key (32 bytes in base64), found something else.');
  const { keys, allowUnsigned } = readTrust(folder, false);
  return writeTrust(folder, { keys: [...keys.filter((known) => known.key !== key), { name, key }], allowUnsigned });
}

export function allowUnsigned(folder: string, allowed: boolean): TrustList {
  const { keys } = readTrust(folder, false);
  return writeTrust(folder, { keys, allowUnsigned: allowed });
}

function writeTrust(folder: string, list: TrustList): TrustList {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeAtomic(path.join(folder, NAME), Buffer.from(JSON.stringify(list, null, 2) + '\n'));
  return list;
}

/** Who signed these bytes. AppError `refused`: nobody, somebody unknown, or not these bytes. */
export function signerOf(description: Uint8Array, signature: Uint8Array | null, trust: Trust): Signer {
  if (!signature) {
    if (trust.allowUnsigned) return { kind: 'none', name: '' };
    throw new AppError(
      'refused',
      'expected a signature, found none. Ask for a signed pack, or let the administrator allow unsigned ones',
    );
  }
  const { key, signature: value } = parsed(signature);
  if (!verify(null, description, publicKey(key), Buffer.from(value, 'base64')))
    throw new AppError('refused', 'the signature is not of this pack.json');
  const known = trust.keys.find((trusted) => trusted.key === key);
  if (known) return { kind: 'site', name: known.name };
  if (key === DEVELOPMENT_KEY && trust.development) return { kind: 'development', name: 'development key' };
  const whose = key === DEVELOPMENT_KEY ? 'the development key, which released programs do not trust' : key;
  throw new AppError(
    'refused',
    `expected a signature by a trusted key, found one by ${whose}. The administrator can trust it with: raddraft packs trust ${key}`,
  );
}

function parsed(signature: Uint8Array): PackSignature {
  try {
    return PackSignature.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(signature)));
  } catch (error) {
    if (!(error instanceof z.ZodError) && !(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
    throw new AppError('refused', 'expected a signature as JSON (algorithm, key, signature), found something else');
  }
}

/** The file `SIGNATURE` for these bytes. `pem` is an Ed25519 private key (PKCS #8). */
export function signatureFile(description: Uint8Array, pem: string): string {
  const secret = privateKey(pem);
  const content: PackSignature = {
    algorithm: 'ed25519',
    key: publicPart(secret),
    signature: sign(null, description, secret).toString('base64'),
  };
  return JSON.stringify(content, null, 2) + '\n';
}

function privateKey(pem: string): KeyObject {
  const wrong = (cause?: unknown) =>
    new AppError('invalid-input', 'Expected an Ed25519 private key in PEM, found something else.', { cause });
  let secret: KeyObject;
  try {
    secret = createPrivateKey(pem);
  } catch (cause) {
    throw wrong(cause);
  }
  if (secret.asymmetricKeyType !== 'ed25519') throw wrong();
  return secret;
}

/** The last 32 bytes of its SubjectPublicKeyInfo (RFC 8410). */
const publicPart = (secret: KeyObject): string =>
  createPublicKey(secret).export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');

const publicKey = (key: string): KeyObject =>
  createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key, 'base64').toString('base64url') },
    format: 'jwk',
  });
