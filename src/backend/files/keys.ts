/** The data key: 32 random bytes, wrapped for each holder; every purpose gets its own key from it. */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { writeAtomic } from './atomic.ts';
import { readMachineKey } from './machineKey.ts';

/**
 * `file`: a 0600 file outside the data folder. `os`: a secret that the operating system's key store keeps; `name` is
 * that store's, and `keyFile` opens a folder that was made with the key file, which then gets a second copy.
 */
export type MachineSecret =
  { kind: 'file'; path: string } | { kind: 'os'; secret: Uint8Array; name: string; keyFile?: string };

export type Random = (bytes: number) => Uint8Array;

const Hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const Wrapped = z.object({
  /** Who can unwrap it: `machine` now, each person later. */
  holder: z.string(),
  kind: z.enum(['file', 'os']),
  /** Of the holder's secret, so that a wrong one is told from a damaged copy. */
  fingerprint: Hex(8),
  nonce: Hex(12),
  key: Hex(32),
  tag: Hex(16),
});
type Wrapped = z.infer<typeof Wrapped>;
const KeysFile = z.object({ schema: z.literal(1), copies: z.array(Wrapped).min(1) });
type KeysFile = z.infer<typeof KeysFile>;

export interface Keys {
  database: Uint8Array;
  objects: Uint8Array;
  objectNames: Uint8Array;
  auditHead: Uint8Array;
  /** For people: how the data key is kept on this machine. */
  storeName: string;
}

export const FILE_STORE = 'key file, readable by this user only';

/** Unwraps the data key, or makes one for a data folder that holds no data yet (`fresh`). */
export function openKeys(keysFile: string, machine: MachineSecret, random: Random, fresh: boolean): Keys {
  const outside = machine.kind === 'file' ? machine.path : machine.keyFile;
  if (outside && !path.relative(path.dirname(keysFile), outside).startsWith('..'))
    throw new AppError('refused', 'Expected the machine key file outside the data folder. Name another place for it.');
  if (!existsSync(keysFile)) {
    if (!fresh)
      throw new AppError(
        'not-found',
        'Expected keys.json in the data folder, found none, and the data is encrypted. Restore keys.json from a backup.',
      );
    const secret = machine.kind === 'os' ? machine.secret : readMachineKey(machine.path, random);
    const dataKey = random(32);
    write(keysFile, { schema: 1, copies: [wrap(dataKey, secret, machine.kind, random)] });
    return derive(dataKey, storeNameOf(machine));
  }
  const file = read(keysFile);
  const own = file.copies.find((copy) => copy.kind === machine.kind);
  if (own) return derive(unwrap(own, secretFor(machine)), storeNameOf(machine));
  if (machine.kind === 'file')
    throw new AppError(
      'refused',
      "The data folder's key is kept by the operating system's key store. Open it with the desktop program.",
    );
  if (!machine.keyFile)
    throw new AppError(
      'refused',
      `The data folder's key is kept in a key file, not in ${machine.name}. Open it with the key file.`,
    );
  addMachineCopy(keysFile, { kind: 'file', path: machine.keyFile }, machine, random);
  return openKeys(keysFile, machine, random, fresh);
}

/** Adds a copy of the data key for another kind of machine secret. `from` must be able to unwrap it. */
export function addMachineCopy(keysFile: string, from: MachineSecret, to: MachineSecret, random: Random): void {
  const file = read(keysFile);
  const copy = file.copies.find(({ kind }) => kind === from.kind);
  if (!copy) throw new AppError('not-found', `Expected a copy of the data key of kind ${from.kind}, found none.`);
  const dataKey = unwrap(copy, secretFor(from));
  const secret = to.kind === 'os' ? to.secret : readMachineKey(to.path, random);
  const copies = [...file.copies.filter(({ kind }) => kind !== to.kind), wrap(dataKey, secret, to.kind, random)];
  write(keysFile, { schema: 1, copies });
}

function storeNameOf(machine: MachineSecret): string {
  return machine.kind === 'os' ? machine.name : FILE_STORE;
}

function secretFor(machine: MachineSecret): Uint8Array {
  return machine.kind === 'os' ? machine.secret : readMachineKey(machine.path, null);
}

function derive(dataKey: Uint8Array, storeName: string): Keys {
  const purpose = (name: string) => hkdf(dataKey, `raddraft ${name} 1`);
  return {
    database: purpose('database'),
    objects: purpose('objects'),
    objectNames: purpose('object names'),
    auditHead: purpose('audit head'),
    storeName,
  };
}

/** HKDF-SHA-256 (RFC 5869) with an empty salt: the input is already uniformly random. */
function hkdf(secret: Uint8Array, info: string, bytes = 32): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), info, bytes));
}

const aad = (kind: string) => Buffer.from(`raddraft keys 1 machine ${kind}`);
const fingerprintOf = (secret: Uint8Array) => Buffer.from(hkdf(secret, 'raddraft fingerprint 1', 8)).toString('hex');

function wrap(dataKey: Uint8Array, secret: Uint8Array, kind: 'file' | 'os', random: Random): Wrapped {
  const nonce = random(12);
  const cipher = createCipheriv('aes-256-gcm', hkdf(secret, 'raddraft wrap 1'), nonce).setAAD(aad(kind));
  const key = Buffer.concat([cipher.update(dataKey), cipher.final()]);
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  return {
    holder: 'machine',
    kind,
    fingerprint: fingerprintOf(secret),
    nonce: hex(nonce),
    key: hex(key),
    tag: hex(cipher.getAuthTag()),
  };
}

function unwrap(copy: Wrapped, secret: Uint8Array): Uint8Array {
  if (copy.fingerprint !== fingerprintOf(secret))
    throw new AppError(
      'refused',
      "Expected the machine key that this data folder was made with, found another one. Bring back that machine's key.",
    );
  const key = hkdf(secret, 'raddraft wrap 1');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(copy.nonce, 'hex')).setAAD(aad(copy.kind));
  decipher.setAuthTag(Buffer.from(copy.tag, 'hex'));
  try {
    return Buffer.concat([decipher.update(Buffer.from(copy.key, 'hex')), decipher.final()]);
  } catch (error) {
    throw damaged(error);
  }
}

function read(file: string): KeysFile {
  try {
    return KeysFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw damaged(error);
  }
}

function write(file: string, keys: KeysFile): void {
  writeAtomic(file, Buffer.from(`${JSON.stringify(keys, null, 2)}\n`));
}

function damaged(cause: unknown): AppError {
  return new AppError(
    'refused',
    'Expected the wrapped data key in keys.json, found a damaged file. Restore keys.json from a backup.',
    { cause },
  );
}
