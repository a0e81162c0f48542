/** The data key: 32 random bytes, wrapped for each holder; every purpose gets its own key from it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#contract/errors.ts';
import { damagedKeys, MACHINE, openCopy, purposeOf, readKeys, writeKeys } from './keysFile.ts';
import type { KeysFile, MachineCopy } from './keysFile.ts';
import { readMachineKey } from './machineKey.ts';
import { fingerprintOf, hkdf, seal, unseal, type Random } from './wrap.ts';

export type { Random } from './wrap.ts';

/**
 * `file`: a 0600 file outside the data folder. `os`: a secret that the operating system's key store keeps; `name` is
 * that store's, and `keyFile` opens a folder that was made with the key file, which then gets a second copy.
 */
export type MachineSecret =
  { kind: 'file'; path: string } | { kind: 'os'; secret: Uint8Array; name: string; keyFile?: string };

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
    const dataKey = random(32);
    writeKeys(keysFile, {
      schema: 1,
      copies: [machineCopy(dataKey, makeSecret(machine, random), machine.kind, random)],
    });
    return derive(dataKey, {}, storeNameOf(machine));
  }
  const file = readKeys(keysFile);
  if (machineCopyIn(file, machine.kind)) return derive(dataKeyOf(file, machine), file, storeNameOf(machine));
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
  const file = readKeys(keysFile);
  writeKeys(keysFile, withMachine(file, dataKeyOf(file, from), to, random));
}

/** `file` with a copy of `dataKey` for this machine, in the place of one of the same kind. */
export function withMachine(file: KeysFile, dataKey: Uint8Array, machine: MachineSecret, random: Random): KeysFile {
  const others = file.copies.filter((copy) => copy.kind !== machine.kind);
  return { ...file, copies: [...others, machineCopy(dataKey, makeSecret(machine, random), machine.kind, random)] };
}

/** The data key, by the machine's secret. AppError `not-found`, `refused`. */
export function dataKeyOf(file: KeysFile, machine: MachineSecret): Uint8Array {
  const copy = machineCopyIn(file, machine.kind);
  if (!copy) throw new AppError('not-found', `Expected a copy of the data key of kind ${machine.kind}, found none.`);
  return openCopy(copy, machine.kind === 'os' ? machine.secret : readMachineKey(machine.path, null));
}

/** Every purpose's key. Since a change of the data key, those of the images and of the log's head are wrapped, not derived. */
export function derive(dataKey: Uint8Array, file: Pick<KeysFile, 'lasting'>, storeName: string): Keys {
  const purpose = (name: string) => hkdf(dataKey, `raddraft ${name} 1`);
  const database = purpose('database');
  if (!file.lasting)
    return {
      database,
      objects: purpose('objects'),
      objectNames: purpose('object names'),
      auditHead: purpose('audit head'),
      storeName,
    };
  try {
    const lasting = unseal(file.lasting, dataKey, LASTING);
    const part = (index: number) => lasting.slice(index * 32, index * 32 + 32);
    return { database, objects: part(0), objectNames: part(1), auditHead: part(2), storeName };
  } catch (error) {
    throw damagedKeys(error);
  }
}

const LASTING = 'raddraft keys 2 lasting';

/**
 * A keys file for a new data key. The images' key stays, wrapped anew: encrypting every image again would take hours,
 * fill the disk twice and could be cut off in the middle. Of the people only who gives the password gets a copy now.
 */
export function changedKeys(
  keys: Keys,
  machine: MachineSecret,
  random: Random,
  at: number,
): { file: KeysFile; dataKey: Uint8Array; database: Uint8Array } {
  const dataKey = random(32);
  const lasting = seal(Buffer.concat([keys.objects, keys.objectNames, keys.auditHead]), dataKey, LASTING, random);
  const file = withMachine({ schema: 2, copies: [], lasting, changedAt: at }, dataKey, machine, random);
  return { file, dataKey, database: derive(dataKey, file, '').database };
}

const machineCopyIn = (file: KeysFile, kind: MachineCopy['kind']): MachineCopy | undefined =>
  file.copies.flatMap((copy) => (copy.kind === 'password' ? [] : [copy])).find((copy) => copy.kind === kind);

/** Tells this machine's secret from another's, without naming it; empty where it has no copy. */
export const machineMark = (keysFile: string, kind: MachineCopy['kind']): string =>
  machineCopyIn(readKeys(keysFile), kind)?.fingerprint ?? '';

function machineCopy(dataKey: Uint8Array, secret: Uint8Array, kind: 'file' | 'os', random: Random): MachineCopy {
  const holder = { holder: MACHINE, kind } as const;
  return { ...holder, fingerprint: fingerprintOf(secret), ...seal(dataKey, secret, purposeOf(holder), random) };
}

function makeSecret(machine: MachineSecret, random: Random): Uint8Array {
  return machine.kind === 'os' ? machine.secret : readMachineKey(machine.path, random);
}

export function storeNameOf(machine: MachineSecret): string {
  return machine.kind === 'os' ? machine.name : FILE_STORE;
}
