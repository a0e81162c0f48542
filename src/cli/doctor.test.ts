/** What the doctor says on this machine, and of what it must not like. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { doctorCommand } from './doctor.ts';
import { checkEngine } from './doctorEngine.ts';
import { checkFolder, checkKeyStore } from './doctorPlaces.ts';
import { samples } from './doctorSamples.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-doctor-test-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('1.1 a machine on which everything works: every codec, the cipher, what runs the packs, the exit code 0', async () => {
  const { text, code } = await doctorCommand({ data: path.join(home, 'data') });
  expect(text).not.toContain('FAIL');
  for (const { name } of samples) expect(text).toContain(`codec ${name}: decodes`);
  expect(text).toContain('encrypted database: written encrypted and read again');
  expect(text).toMatch(/pack chest-findings [\d.]+: runs on (cpu|cuda|dml), largest difference/);
  expect(text).toContain('loopback: 127.0.0.1 answers');
  expect(text).toMatch(/free disk: \d+ GB/);
  expect(text).toContain('To support: send this text.');
  expect(code).toBe(0);
});

test('1.2 the errors that were logged are named for support, by their place', async () => {
  const data = path.join(home, 'logged');
  mkdirSync(path.join(data, 'logs'), { recursive: true });
  writeFileSync(path.join(data, 'logs', 'errors.log'), '{}\n');
  const { text } = await doctorCommand({ data, 'key-store': 'Keychain' });
  expect(text).toContain(`${path.join(data, 'logs', 'errors.log')} (3 bytes)`);
  expect(text).toContain('ok    key store: Keychain');
});

test('2.1 a key file that others can read fails', () => {
  const file = path.join(home, 'machine.key');
  writeFileSync(file, 'x');
  chmodSync(file, 0o644);
  expect(checkKeyStore('', file)).toMatchObject({ state: 'failed' });
  chmodSync(file, 0o600);
  expect(checkKeyStore('', file)).toMatchObject({ state: 'note' });
});

test('2.2 without a pack there is nothing to run', async () => {
  const empty = path.join(home, 'empty');
  mkdirSync(empty);
  expect(await checkEngine([empty])).toEqual([{ what: 'model packs', state: 'failed', found: 'none is installed' }]);
});

test('2.3 a folder that is not there yet is judged by where it would be', () => {
  const findings = checkFolder(path.join(home, 'not', 'there', 'yet'));
  expect(findings.map(({ state }) => state)).not.toContain('failed');
  expect(findings[0]?.found).toContain('made at the first start');
});
