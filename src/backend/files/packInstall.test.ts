import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Pack } from '#core/pack/pack.ts';
import { copyIdentity, type PackCopy } from '../../../tests/packCopy.ts';
import { zipFile } from '../../../tests/zipFile.ts';
import { forkEngine } from '../engine/start.ts';
import { installedPlace, installPack, removePack } from './packInstall.ts';
import { packSource, packSourceOf } from './packSource.ts';
import { openPackStore } from './packs.ts';
import { addTrust, allowUnsigned, DEVELOPMENT_KEY, signatureFile, signerOf } from './packTrust.ts';

const pem = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const site = pem();
const keyOf = (secret: string): string => /"key": "([^"]+)"/.exec(signatureFile(new Uint8Array(), secret))?.[1] ?? '';

let copy: PackCopy;
let data: string;
beforeEach(async () => {
  copy = await copyIdentity();
  data = await mkdtemp(path.join(tmpdir(), 'raddraft-install-'));
});
afterEach(async () => {
  await copy.remove();
  await rm(data, { recursive: true, force: true });
});

const packs = () => path.join(data, 'packs');
const sign = async (secret = site) => {
  const description = await readFile(path.join(copy.folder, 'pack.json'));
  await writeFile(path.join(copy.folder, 'SIGNATURE'), signatureFile(description, secret));
};
const listAndSign = async (change?: (pack: Pack) => Pack) => {
  await copy.describe(change);
  await sign();
};
const install = async (at = copy.folder) =>
  await installPack(await packSource(at), { ...installedPlace(data, false), startEngine: forkEngine, choice: 'cpu' });
const listed = async () => (await openPackStore([installedPlace(data, false)])).list();

describe('1 installed', () => {
  test('1.1 a folder signed by a trusted key: tested, put in place, listed with who signed it; taken out again', async () => {
    addTrust(packs(), 'Radiology', keyOf(site));
    await sign();
    expect(await install()).toMatchObject({ id: 'identity', state: 'ready', signature: 'site', signedBy: 'Radiology' });
    expect(await listed()).toMatchObject([
      { id: 'identity', installed: true, signedBy: 'Radiology', state: 'unchecked' },
    ]);
    expect(readdirSync(packs()).sort()).toEqual(['identity', 'trust.json']);
    removePack(packs(), 'identity');
    expect(await listed()).toEqual([]);
    expect(() => removePack(packs(), 'identity')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => removePack(packs(), '../packs')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  test('1.2 a newer version as a .radpack, with or without a folder inside, replaces the older one', async () => {
    addTrust(packs(), 'Radiology', keyOf(site));
    await sign();
    await install();
    const zipped = async (version: string, inside: string) => {
      await listAndSign((pack) => ({ ...pack, version }));
      const names = readdirSync(copy.folder, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      const files = names.map((entry) => path.relative(copy.folder, path.join(entry.parentPath, entry.name)));
      return zipFile(
        await Promise.all(
          files.map(async (name) => ({
            name: inside + name,
            method: 0,
            bytes: await readFile(path.join(copy.folder, name)),
          })),
        ),
      );
    };
    const file = path.join(copy.parent, 'identity.radpack');
    await writeFile(file, await zipped('1.1.0', ''));
    expect(await install(file)).toMatchObject({ version: '1.1.0', state: 'ready' });
    const handedOver = await packSourceOf(new Uint8Array(await zipped('1.2.0', 'identity/')));
    await installPack(handedOver, { ...installedPlace(data, false), startEngine: forkEngine, choice: 'cpu' });
    expect(await listed()).toMatchObject([{ version: '1.2.0' }]);
  });

  test('1.3 an unsigned one only where the administrator allows it, and it says so', async () => {
    await expect(install()).rejects.toMatchObject({ code: 'refused', message: /expected a signature, found none/ });
    allowUnsigned(packs(), true);
    expect(await install()).toMatchObject({ state: 'ready', signature: 'none' });
    allowUnsigned(packs(), false);
    expect(await listed()).toMatchObject([{ state: 'failed', reason: expect.stringMatching(/found none/) as string }]);
  });

  test('1.4 an installation that was cut off between two steps leaves the pack that was there', async () => {
    allowUnsigned(packs(), true);
    await install();
    renameSync(path.join(packs(), 'identity'), path.join(packs(), '.old-identity'));
    mkdirSync(path.join(packs(), '.incoming-1'));
    expect(await listed()).toMatchObject([{ id: 'identity', state: 'unchecked' }]);
    expect(existsSync(path.join(packs(), '.incoming-1'))).toBe(false);
  });
});

describe('2 refused with its reason; what was installed stays', () => {
  beforeEach(async () => {
    addTrust(packs(), 'Radiology', keyOf(site));
    await sign();
    await cp(copy.folder, path.join(packs(), 'identity'), { recursive: true });
  });
  const stillThere = async () => {
    expect(await listed()).toMatchObject([{ id: 'identity', version: '1.0.0', state: 'unchecked' }]);
    expect(readdirSync(packs()).sort()).toEqual(['identity', 'trust.json']);
  };
  const refused = async (reason: RegExp) => {
    await expect(install()).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(reason) as string,
    });
    await stillThere();
  };

  test('2.1 signed by a key that nobody trusts, which is named', async () => {
    const stranger = pem();
    await sign(stranger);
    await refused(/found one by .{44}\. The administrator can trust it with: raddraft packs trust/);
  });

  test('2.2 changed after it was signed: its description, or a file', async () => {
    await listAndSign((pack) => ({ ...pack, version: '1.1.0' }));
    const description = path.join(copy.folder, 'pack.json');
    await writeFile(description, (await readFile(description, 'utf8')).replace('1.1.0', '1.1.1'));
    await refused(/the signature is not of this pack\.json/);
    await listAndSign((pack) => ({ ...pack, version: '1.1.0' }));
    const weights = path.join(copy.folder, 'weights/identity.onnx');
    const bytes = await readFile(weights);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(weights, bytes);
    await refused(/the contents of weights\/identity\.onnx are not the ones/);
  });

  test('2.3 a signature that is none', async () => {
    await writeFile(path.join(copy.folder, 'SIGNATURE'), 'signed, honestly');
    await refused(/expected a signature as JSON/);
  });

  test('2.4 made for a newer program', async () => {
    const description = path.join(copy.folder, 'pack.json');
    await writeFile(description, (await readFile(description, 'utf8')).replace('"schema": 1', '"schema": 2'));
    await sign();
    await refused(/found form 2: it was made for a newer RadDraft\. Update the program/);
  });

  test('2.5 golden outputs that the model does not give', async () => {
    await listAndSign((pack) => ({ ...pack, golden: pack.golden.map((golden) => ({ ...golden, logits: [99] })) }));
    await refused(/the self-test failed on golden\/film-1\.png/);
  });

  test('2.6 operators that are not of ONNX itself, and a second graph', async () => {
    const weights = path.join(copy.folder, 'weights/identity.onnx');
    const whole = await readFile(weights);
    const domain = Buffer.from('com.evil');
    await appendFile(weights, Buffer.from([0x42, domain.length + 4, 0x0a, domain.length, ...domain, 0x10, 1]));
    await listAndSign();
    await refused(/expected only operators of ONNX itself, found the domain com\.evil/);
    await writeFile(weights, Buffer.concat([whole, Buffer.from([0x3a, 0])]));
    await listAndSign();
    await refused(/expected an ONNX model with one graph, found 2/);
  });

  test('2.7 a file that is missing, no pack at all, nothing there', async () => {
    await rm(path.join(copy.folder, 'CARD.md'));
    await refused(/CARD\.md is missing/);
    await expect(install(copy.parent + '-nowhere')).rejects.toMatchObject({ code: 'not-found' });
    await expect(install(path.join(copy.folder, 'weights'))).rejects.toMatchObject({ code: 'refused' });
    await expect(install(path.join(copy.folder, 'pack.json'))).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('3 the development key', () => {
  test('3.1 counts in a run from source alone', async () => {
    const place = (development: boolean) => installedPlace(data, development).trust.development;
    expect([place(true), place(false)]).toEqual([true, false]);
    expect(DEVELOPMENT_KEY).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });

  test.each(['chest-findings', 'chest-anatomy', 'chest-gate'])('3.2 signed %s, as it ships', async (name) => {
    const folder = path.join(import.meta.dirname, '../../../models', name);
    const [description, signature] = await Promise.all(
      ['pack.json', 'SIGNATURE'].map((file) => readFile(path.join(folder, file))),
    );
    if (!description || !signature) throw new Error('expected both files');
    const trust = { keys: [], allowUnsigned: false, development: true };
    expect(signerOf(description, signature, trust)).toEqual({ kind: 'development', name: 'development key' });
    expect(() => signerOf(Buffer.concat([description, Buffer.from(' ')]), signature, trust)).toThrow('not of this');
  });
});
