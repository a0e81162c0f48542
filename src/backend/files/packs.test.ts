import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyIdentity, packsFolder, type PackCopy } from '../../../tests/packCopy.ts';
import { openPackStore } from './packs.ts';

let copy: PackCopy;
beforeEach(async () => {
  copy = await copyIdentity();
});
afterEach(() => copy.remove());

const reasonOf = async () => {
  const store = await openPackStore([copy.parent]);
  const [state] = store.list();
  expect(state).toMatchObject({ id: 'identity', state: 'failed' });
  expect(() => store.get('identity')).toThrow(expect.objectContaining({ code: 'refused', message: state?.reason }));
  return state?.reason ?? '';
};

describe('1 found', () => {
  test('1.1 a whole pack is listed, unchecked, with the hash of pack.json', async () => {
    const store = await openPackStore([packsFolder]);
    const description = await readFile(path.join(packsFolder, 'identity/pack.json'));
    const sha256 = createHash('sha256').update(description).digest('hex');
    expect(store.list()).toMatchObject([
      { id: 'identity', version: '1.0.0', use: 'test', state: 'unchecked', reason: '', sha256 },
    ]);
    expect(store.get('identity')).toMatchObject({ folder: path.join(packsFolder, 'identity'), sha256 });
    expect(await store.card('identity')).toMatch(/^# identity/);
  });

  test('1.2 folders without pack.json and folders that are not there are no packs', async () => {
    await mkdir(path.join(copy.parent, 'training'));
    const store = await openPackStore([path.join(copy.parent, 'nowhere'), copy.parent]);
    expect(store.list().map(({ id }) => id)).toEqual(['identity']);
    expect(() => store.get('other')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  test('1.3 of two packs with one id the earlier folder counts; files that are not listed do no harm', async () => {
    await writeFile(path.join(copy.folder, 'NOTES.txt'), 'unlisted');
    await copy.describe((pack) => ({ ...pack, version: '2.0.0' }));
    const store = await openPackStore([copy.parent, packsFolder]);
    expect(store.list()).toMatchObject([{ version: '2.0.0', state: 'unchecked' }]);
  });
});

describe('2 refused', () => {
  test('2.1 one changed byte, by the name of its file', async () => {
    const file = path.join(copy.folder, 'weights/identity.onnx');
    const bytes = await readFile(file);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(file, bytes);
    expect(await reasonOf()).toMatch(/^Identity: the contents of weights\/identity\.onnx are not the ones/);
  });

  test('2.2 another size, a missing file', async () => {
    await writeFile(path.join(copy.folder, 'CARD.md'), 'short');
    expect(await reasonOf()).toMatch(/expected CARD\.md with 213 bytes, found 5/);
    await rm(path.join(copy.folder, 'CARD.md'));
    expect(await reasonOf()).toMatch(/CARD\.md is missing/);
  });

  test.skipIf(process.platform === 'win32')('2.3 a link, to a file or on the way to it', async () => {
    const card = path.join(copy.folder, 'CARD.md');
    await rename(card, path.join(copy.parent, 'elsewhere.md'));
    await symlink(path.join(copy.parent, 'elsewhere.md'), card);
    expect(await reasonOf()).toMatch(/CARD\.md is a link/);
    await rm(card);
    await cp(path.join(copy.parent, 'elsewhere.md'), card);
    await rename(path.join(copy.folder, 'weights'), path.join(copy.parent, 'w'));
    await symlink(path.join(copy.parent, 'w'), path.join(copy.folder, 'weights'));
    expect(await reasonOf()).toMatch(/weights\/identity\.onnx is a link or lies behind one/);
  });

  test('2.4 a description that is no JSON, or not as expected, or breaks a rule', async () => {
    await copy.describe((pack) => ({ ...pack, graph: { ...pack.graph, opset: 21 } }));
    expect(await reasonOf()).toMatch(/expected operator set 20 or lower, found 21/);
    const description = path.join(copy.folder, 'pack.json');
    const text = await readFile(description, 'utf8');
    await writeFile(description, text.replace('"CARD.md"', '"../CARD.md"'));
    expect(await reasonOf()).toMatch(/pack\.json is not as expected/);
    await writeFile(description, text.slice(0, 100));
    expect(await reasonOf()).toMatch(/pack\.json is no valid JSON/);
  });

  test('2.5 a pack that breaks after it was found is seen when it is verified, and again when it is whole', async () => {
    const store = await openPackStore([copy.parent]);
    const card = path.join(copy.folder, 'CARD.md');
    const text = await readFile(card);
    await writeFile(card, 'x'.repeat(text.byteLength));
    expect(await store.verify('identity')).toMatchObject({ state: 'failed' });
    await writeFile(card, text);
    expect(await store.verify('identity')).toMatchObject({ state: 'unchecked', reason: '' });
  });
});
