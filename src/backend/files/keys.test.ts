import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { random, temporary } from '../../../tests/storeSamples.ts';
import { addMachineCopy, FILE_STORE, openKeys, type MachineSecret } from './keys.ts';
import { defaultMachineKey } from './machineKey.ts';

function places() {
  const folder = temporary();
  mkdirSync(path.join(folder, 'data'));
  const file: MachineSecret = { kind: 'file', path: path.join(folder, 'config', 'machine.key') };
  return { keys: path.join(folder, 'data', 'keys.json'), file };
}
const os = (name = 'the key ring'): MachineSecret => ({ kind: 'os', secret: random(32), name });

describe('the data key', () => {
  test('1.1 is made once and unwrapped ever after, another key for each purpose', () => {
    const { keys, file } = places();
    const made = openKeys(keys, file, random, true);
    expect(openKeys(keys, file, random, false)).toEqual(made);
    expect(made.storeName).toBe(FILE_STORE);
    const purposes = [made.database, made.objects, made.objectNames, made.auditHead];
    expect(new Set(purposes.map((key) => Buffer.from(key).toString('hex'))).size).toBe(4);
    expect(purposes.map((key) => key.length)).toEqual([32, 32, 32, 32]);
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    const text = readFileSync(keys, 'utf8');
    for (const key of purposes) expect(text).not.toContain(Buffer.from(key).toString('hex'));
    expect(text).not.toContain(readFileSync(file.path, 'utf8').trim());
  });

  test('1.2 HKDF-SHA-256 as RFC 5869 has it: a known machine key and random source give known bytes', () => {
    const { keys, file } = places();
    const counted = (bytes: number) => new Uint8Array(bytes).fill(bytes);
    const made = openKeys(keys, file, counted, true);
    // Python: HMAC(HMAC(32 zero bytes, 32 × 0x20), b'raddraft database 1\x01')
    expect(Buffer.from(made.database).toString('hex')).toBe(
      'a960b2cd9267fabb24034b50d7c122989e9582aa96242c8992da22227977ee95',
    );
  });

  test('1.3 another machine key, a missing one, one open to others and a damaged one are told apart', () => {
    const { keys, file } = places();
    openKeys(keys, file, random, true);
    const open = () => openKeys(keys, file, random, false);
    const good = readFileSync(file.path);
    writeFileSync(file.path, `${'ab'.repeat(32)}\n`);
    expect(open).toThrow(/found another one/);
    writeFileSync(file.path, 'short');
    expect(open).toThrow(/64 hexadecimal digits/);
    writeFileSync(file.path, good);
    chmodSync(file.path, 0o644);
    expect(open).toThrow(/mode to 600/);
    rmSync(file.path);
    expect(open).toThrow(
      expect.objectContaining({ code: 'not-found', message: expect.stringMatching(/backup/) as string }),
    );
  });

  test('1.4 a damaged or missing keys.json says so, and no new key is made over data', () => {
    const { keys, file } = places();
    openKeys(keys, file, random, true);
    const good = readFileSync(keys, 'utf8');
    for (const bad of ['', '{}', good.slice(0, -20), good.replace(/"tag": "../, '"tag": "zz')]) {
      writeFileSync(keys, bad);
      expect(() => openKeys(keys, file, random, false)).toThrow(/damaged/);
    }
    const flipped = good.replace(/"key": "(.)/, (_, digit: string) => `"key": "${digit === '0' ? '1' : '0'}`);
    writeFileSync(keys, flipped);
    expect(() => openKeys(keys, file, random, false)).toThrow(/damaged/);
    rmSync(keys);
    expect(() => openKeys(keys, file, random, false)).toThrow(/Restore keys.json/);
  });

  test('1.5 a copy for the operating system’s key store opens the same data', () => {
    const { keys, file } = places();
    const made = openKeys(keys, file, random, true);
    const ring = os();
    addMachineCopy(keys, file, ring, random);
    expect(openKeys(keys, ring, random, false)).toEqual({ ...made, storeName: 'the key ring' });
    expect(openKeys(keys, file, random, false)).toEqual(made);
    expect(() => openKeys(keys, os(), random, false)).toThrow(/found another one/);
  });

  test('1.6 the desktop takes over a folder of the key file; the key file does not open one of the key store', () => {
    const one = places();
    const made = openKeys(one.keys, one.file, random, true);
    expect(() => openKeys(one.keys, os(), random, false)).toThrow(/kept in a key file/);
    const ring = { ...os(), keyFile: one.file.path };
    expect(openKeys(one.keys, ring, random, false).database).toEqual(made.database);
    expect(JSON.parse(readFileSync(one.keys, 'utf8'))).toMatchObject({ copies: [{ kind: 'file' }, { kind: 'os' }] });

    const two = places();
    openKeys(two.keys, os(), random, true);
    expect(() => openKeys(two.keys, two.file, random, false)).toThrow(/desktop program/);
  });

  test('1.7 a machine key inside the data folder is refused', () => {
    const { keys } = places();
    const inside: MachineSecret = { kind: 'file', path: path.join(path.dirname(keys), 'machine.key') };
    expect(() => openKeys(keys, inside, random, true)).toThrow(/outside the data folder/);
  });

  test('1.8 the machine key’s place by platform', () => {
    expect(defaultMachineKey({ RADDRAFT_KEY: '/k/machine.key' }, 'linux', '/home/a')).toBe('/k/machine.key');
    expect(defaultMachineKey({ XDG_CONFIG_HOME: '/c' }, 'linux', '/home/a')).toBe('/c/raddraft/machine.key');
    expect(defaultMachineKey({ XDG_CONFIG_HOME: 'c' }, 'linux', '/home/a')).toBe(
      '/home/a/.config/raddraft/machine.key',
    );
  });
});
