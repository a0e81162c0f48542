import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { random, temporary } from '../../../tests/storeSamples.ts';
import { openObjects, sha256Of } from './objects.ts';

const keys = { objects: random(32), objectNames: random(32) };
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function shelf() {
  const folder = temporary();
  const files = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(folder, name))
      .filter((file) => statSync(file).isFile());
  return { folder, files, objects: openObjects(folder, keys, random) };
}

describe('objects', () => {
  test.each([0, 1, 1024 * 1024 - 1, 1024 * 1024, 3 * 1024 * 1024 + 7])(
    '1.1 %i bytes come back as they were',
    async (size) => {
      const { objects } = shelf();
      const bytes = random(size);
      expect(await objects.put(bytes)).toEqual({ sha256: hashOf(bytes), stored: 'new' });
      expect(Buffer.compare(await objects.get(hashOf(bytes)), bytes)).toBe(0);
      expect(await sha256Of(bytes)).toBe(hashOf(bytes));
    },
  );

  test('1.2 the same content is kept once, also when it comes twice at the same time', async () => {
    const { objects, files } = shelf();
    const bytes = random(5000);
    await Promise.all([objects.put(bytes), objects.put(bytes)]);
    expect((await objects.put(bytes)).stored).toBe('there');
    expect(files()).toHaveLength(1);
    expect(objects.has(hashOf(bytes))).toBe(true);
    expect(objects.has(hashOf(random(9)))).toBe(false);
  });

  test('1.3 neither name nor content reveals what it is; another key names it otherwise', async () => {
    const { objects, files } = shelf();
    const bytes = Buffer.from('DICM Quixano^Alonso '.repeat(1000));
    await objects.put(bytes);
    const [file = ''] = files();
    expect(path.basename(path.dirname(file)) + path.basename(file)).not.toContain(hashOf(bytes).slice(0, 8));
    expect(readFileSync(file).includes('Quixano')).toBe(false);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const other = shelf();
    await openObjects(other.folder, { ...keys, objectNames: random(32) }, random).put(bytes);
    expect(path.basename(other.files()[0] ?? '')).not.toBe(path.basename(file));
  });

  test('1.4 a changed byte anywhere, a cut, another content under the name and a missing file are refused', async () => {
    const { objects, files } = shelf();
    const bytes = random(300);
    const { sha256 } = await objects.put(bytes);
    const [file = ''] = files();
    const good = readFileSync(file);
    for (let at = 0; at < good.length; at += 5) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0x80;
      writeFileSync(file, bad);
      await expect(objects.get(sha256)).rejects.toMatchObject({ code: 'refused' });
    }
    writeFileSync(file, good);
    truncateSync(file, 10);
    await expect(objects.get(sha256)).rejects.toThrow(/damaged/);

    rmSync(file);
    await expect(objects.get(sha256)).rejects.toMatchObject({ code: 'not-found' });
    await objects.put(random(300));
    renameSync(files()[0] ?? '', file);
    await expect(objects.get(sha256)).rejects.toThrow(/damaged/);
    await expect(objects.get('../../etc/passwd')).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('1.5 importing again heals a damaged object', async () => {
    const { objects, files } = shelf();
    const bytes = random(300);
    const { sha256 } = await objects.put(bytes);
    truncateSync(files()[0] ?? '', 100);
    expect((await objects.put(bytes)).stored).toBe('new');
    expect(Buffer.compare(await objects.get(sha256), bytes)).toBe(0);
  });

  test('1.6 what a crash left half written is swept away on opening', async () => {
    const { folder, files } = shelf();
    writeFileSync(path.join(folder, 'new', 'half'), 'x');
    openObjects(folder, keys, random);
    expect(files()).toEqual([]);
  });

  test('1.7 the loop turns while a large film is kept and read', async () => {
    const { objects } = shelf();
    const bytes = random(8 * 1024 * 1024);
    let turns = 0;
    let busy = true;
    const turn = () => {
      turns++;
      if (busy) setImmediate(turn);
    };
    setImmediate(turn);
    const { sha256 } = await objects.put(bytes);
    await objects.get(sha256);
    busy = false;
    // Eight pieces hashed, eight enciphered, eight deciphered: a pause after each.
    expect(turns).toBeGreaterThanOrEqual(24);
  });
});
