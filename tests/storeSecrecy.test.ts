import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync, deflateSync, gzipSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { addInstance } from '#backend/db/addInstance.ts';
import { addDraft, keepVersion, markRefused, saveDraft } from '#backend/db/drafts.ts';
import { openStore } from '#backend/db/store.ts';
import { filesUnder, formsOf, foundUnder } from './search.ts';
import { document, draftOfFilm, film, imported, optionsIn, temporary } from './storeSamples.ts';

const secrets = ['Żółkiewska', 'GEHEIM-4711', '山田太郎', 'Windmill', 'ACC-SECRET-9', '19481130'];

const found = (folder: string): string[] => foundUnder(folder, secrets);

describe('nothing of a patient lies open in the data folder', () => {
  test('1.1 while it is open, in the log, and after closing', async () => {
    const folder = temporary();
    const store = await openStore(optionsIn(folder));
    const film1 = film({
      name: 'Żółkiewska^Anna',
      ideographic: '山田太郎',
      id: 'GEHEIM-4711',
      accession: 'ACC-SECRET-9',
      birthDate: '19481130',
    });
    const { sha256 } = await store.objects.put(Buffer.from(`DICM ${secrets.join(' ')} `.repeat(5000)));
    store.write((write) => addInstance(write, film1, { ...imported, sha256 }));
    store.write((write) => addInstance(write, film1, { ...imported, sha256: 'd'.repeat(64) }));
    store.write((write) => {
      markRefused(write, { study: film1.study.id, reason: 'no frontal film', at: 1, actor: 'reader' });
      addDraft(write, { draft: { ...draftOfFilm(), analysis: null }, notUsed: [], replaces: null, actor: 'reader' });
    });
    for (let revision = 0; revision < 40; revision++)
      store.write((write) =>
        saveDraft(write, {
          draft: draftOfFilm().id,
          revision,
          document: document(`Windmill ${revision}`),
          savedAt: 1,
          actor: 'reader',
        }),
      );
    store.write((write) =>
      keepVersion(write, { draft: draftOfFilm().id, kind: 'saved', createdAt: 1, actor: 'reader' }),
    );

    // By another process: closing a handle of the database here would drop SQLite's locks.
    const open = path.join(folder, 'open');
    execFileSync('cp', ['-r', store.folder.root, open]);
    const names = filesUnder(open).map((file) => path.basename(file));
    expect(names).toEqual(expect.arrayContaining(['raddraft.db', 'raddraft.db-wal', 'raddraft.db-shm']));
    expect(found(open)).toEqual([]);
    expect(filesUnder(open).some((file) => file.includes(sha256.slice(2)))).toBe(false);
    await store.close();
    expect(found(store.folder.root)).toEqual([]);

    // What is random does not shrink: nothing is merely packed.
    const database = readFileSync(store.folder.database);
    expect(new Set(database).size).toBe(256);
    expect(() => inflateSync(database)).toThrow();
  });

  test('1.2 the search finds a string in each of its forms', () => {
    for (const secret of secrets)
      for (const form of formsOf(secret)) expect(Buffer.concat([Buffer.from('..'), form]).includes(form)).toBe(true);
    const wrapped = Buffer.from(Buffer.from('a GEHEIM-4711 b').toString('base64'));
    expect(formsOf('GEHEIM-4711').some((form) => wrapped.includes(form))).toBe(true);
  });

  test('1.3 … and inside what is packed', () => {
    const folder = temporary();
    const plain = Buffer.from(`before GEHEIM-4711 after ${'x'.repeat(500)}`);
    const entry = Buffer.concat([
      Buffer.from('PK\u0003\u0004'),
      Buffer.alloc(22),
      Buffer.from([1, 0, 0, 0, 0x61]),
      deflateRawSync(plain),
    ]);
    const files = {
      zip: entry,
      gz: gzipSync(plain),
      z: deflateSync(plain),
      utf16: Buffer.from(plain.toString(), 'utf16le'),
    };
    for (const [name, bytes] of Object.entries(files))
      writeFileSync(path.join(folder, name), Buffer.concat([Buffer.alloc(100, 9), bytes]));
    expect(found(folder).sort()).toEqual(
      Object.keys(files)
        .map((name) => `GEHEIM-4711 in ${name}`)
        .sort(),
    );
  });

  test(
    '2.1 every feature worked through, then kill -9: not in the data, the temporary or the log folder',
    { timeout: 90_000 },
    async () => {
      const folder = temporary();
      const temp = path.join(folder, 'tmp');
      mkdirSync(temp);
      const program = spawn(
        process.execPath,
        [path.join(import.meta.dirname, 'recordsChild.ts'), folder, 'everything', 'Geheimrätin'],
        {
          env: { ...process.env, TMPDIR: temp, RADDRAFT_KEY: path.join(folder, 'config', 'machine.key') },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      let said = '';
      program.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const done = await new Promise<boolean>((resolve) => {
        program.stdout.setEncoding('utf8').on('data', (text: string) => text.includes('"done"') && resolve(true));
        program.once('exit', () => resolve(false));
      });
      expect([said, done]).toEqual(['', true]);
      const gone = new Promise((resolve) => program.once('exit', resolve));
      program.kill('SIGKILL');
      await gone;
      const files = filesUnder(folder).map((file) => path.relative(folder, file));
      expect(files).toEqual(
        expect.arrayContaining([path.join('data', 'raddraft.db'), path.join('data', 'raddraft.db-wal')]),
      );
      expect(files.filter((file) => file.includes(`${path.sep}backups${path.sep}`)).length).toBeGreaterThan(6);
      const words = [
        'Geheimrätin',
        'geheimrätin-4711',
        '山田太郎',
        '19481130',
        'typed at the last moment',
        'seven green lamps',
      ];
      expect(foundUnder(folder, words)).toEqual([]);
    },
  );
});
