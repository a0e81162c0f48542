import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { film, imported, optionsIn, random, temporary } from '../../../tests/storeSamples.ts';
import { addInstance } from './addInstance.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase, versionOf } from './open.ts';
import { openStore } from './store.ts';
import { listStudies } from './studies.ts';
import { layoutOf } from '../files/dataFolder.ts';
import { openKeys } from '../files/keys.ts';

async function closedStore() {
  const folder = temporary();
  const options = optionsIn(folder);
  const store = await openStore(options);
  for (let n = 0; n < 40; n++)
    store.write((write) => addInstance(write, film({ study: `1.${n}`, instance: `1.${n}.1` }), imported));
  await store.close();
  const layout = layoutOf(options.dataFolder);
  return { folder, options, layout, key: openKeys(layout.keys, options.machineSecret, random, false).database };
}

describe('opening the database', () => {
  test('1.1 writes through WAL with FULL, checks foreign keys, wipes what is deleted', () => {
    const database = openDatabase(path.join(temporary(), 'x.db'), random(32));
    const pragma = (name: string) => database.pragma(name, { simple: true });
    expect(['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete', 'temp_store'].map(pragma)).toEqual([
      'wal',
      2,
      1,
      1,
      2,
    ]);
    database.close();
  });

  test('1.2 another key, an unencrypted database, another program’s and rubbish are refused in words', async () => {
    const { layout, key } = await closedStore();
    expect(() => openDatabase(layout.database, random(32))).toThrow(/its key does not open/);

    const plain = path.join(temporary(), 'plain.db');
    new Database(plain).exec('CREATE TABLE t (a)').close();
    expect(() => openDatabase(plain, key)).toThrow(/not encrypted/);

    const foreign = path.join(temporary(), 'foreign.db');
    openDatabase(foreign, key).exec('CREATE TABLE t (a)').close();
    expect(() => openDatabase(foreign, key)).toThrow(/another program/);

    const rubbish = path.join(temporary(), 'rubbish.db');
    writeFileSync(rubbish, 'no database at all '.repeat(1000));
    expect(() => openDatabase(rubbish, key)).toThrow(/damaged/);
  });

  test('1.3 a changed byte in any page is an error that says so, never another value', async () => {
    const { options, layout } = await closedStore();
    const good = readFileSync(layout.database);
    const pages = good.length / 4096;
    let refused = 0;
    for (let page = 0; page < pages; page++) {
      const bad = Buffer.from(good);
      const at = page * 4096 + 2000;
      bad[at] = (bad[at] ?? 0) ^ 1;
      writeFileSync(layout.database, bad);
      const error = await openStore(options)
        .then(async (store) => {
          try {
            const { studies } = listStudies(store.read, { text: 'quixano', limit: 100, offset: 0 });
            expect(studies.map(({ patient }) => patient.name.alphabetic)).toEqual(Array(40).fill('Quixano^Alonso'));
            return null;
          } finally {
            await store.close();
          }
        })
        .catch((thrown: unknown) => thrown);
      if (error === null) continue;
      expect(error).toMatchObject({ code: 'refused', message: expect.stringMatching(/damaged/) as string });
      refused++;
    }
    expect(refused).toBeGreaterThan(5);
  });

  test('1.4 a database that is gone, though there was one, is not begun anew', async () => {
    const { options, layout } = await closedStore();
    rmSync(layout.database);
    await expect(openStore(options)).rejects.toThrow(/Restore raddraft.db/);
  });
});

describe('migrations', () => {
  const next = [...migrations, 'ALTER TABLE studies ADD COLUMN seen INTEGER NOT NULL DEFAULT 0'];

  test('2.1 a database from the future is refused and left as it is', async () => {
    const { options, layout, key } = await closedStore();
    const database = openDatabase(layout.database, key);
    database.pragma(`user_version = ${migrations.length + 1}`);
    database.close();
    const before = readFileSync(layout.database);
    await expect(openStore(options)).rejects.toThrow(/newer RadDraft/);
    expect(Buffer.compare(readFileSync(layout.database), before)).toBe(0);
  });

  test('2.2 a migration keeps an encrypted copy first, which opens under the same key at the old version', async () => {
    const { layout, key } = await closedStore();
    const database = openDatabase(layout.database, key);
    expect(migrate(database, next, { folder: layout.backups, key })).toEqual({
      from: migrations.length,
      to: next.length,
    });
    expect(versionOf(database)).toBe(next.length);
    database.close();
    const name = `before-version-${next.length}.db`;
    expect(readdirSync(layout.backups)).toEqual([name]);
    expect(readFileSync(path.join(layout.backups, name)).includes('Quixano')).toBe(false);
    const copy = openDatabase(path.join(layout.backups, name), key, { readonly: true });
    expect(versionOf(copy)).toBe(migrations.length);
    expect(copy.prepare('SELECT count(*) FROM studies').pluck().get()).toBe(40);
    copy.close();
  });

  test('2.3 a step that fails leaves the version before it, whole', async () => {
    const { layout, key } = await closedStore();
    const database = openDatabase(layout.database, key);
    const broken = [...next, 'CREATE TABLE half (a) STRICT; SELECT nothing FROM nowhere'];
    expect(() => migrate(database, broken, { folder: layout.backups, key })).toThrow();
    expect(versionOf(database)).toBe(next.length);
    expect(database.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'half'`).pluck().get()).toBe(0);
    database.close();
  });

  test('2.4 what is written with the last step is there with it, and not without it', async () => {
    const { layout, key } = await closedStore();
    const database = openDatabase(layout.database, key);
    const rows = () => database.prepare('SELECT count(*) FROM audit').pluck().get();
    const before = rows();
    const told: unknown[] = [];
    const backup = { folder: layout.backups, key };
    const cut = () => {
      throw new Error('cut off');
    };
    expect(() => migrate(database, next, backup, cut)).toThrow('cut off');
    expect([versionOf(database), rows()]).toEqual([migrations.length, before]);
    migrate(database, next, backup, (versions) => told.push(versions));
    migrate(database, next, backup, (versions) => told.push(versions));
    expect(told).toEqual([{ from: migrations.length, to: next.length }]);
    database.close();
  });

  test.each(migrations.map((_, index) => index + 1))(
    '2.5 a database that version %i made, with data in it, opens in this version',
    (version) => {
      const key = random(32);
      const folder = temporary();
      const old = openDatabase(path.join(folder, 'old.db'), key);
      migrate(old, migrations.slice(0, version), { folder, key });
      for (const sql of dataOfVersion[version] ?? []) old.exec(sql);
      old.close();
      copyFileSync(path.join(folder, 'old.db'), path.join(folder, 'copy.db'));
      const database = openDatabase(path.join(folder, 'copy.db'), key);
      migrate(database, migrations, { folder, key });
      expect(versionOf(database)).toBe(migrations.length);
      expect(database.pragma('foreign_key_check')).toEqual([]);
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.prepare('SELECT accession FROM studies').pluck().all()).toEqual(['ACC-OLD']);
      database.close();
    },
  );
});

/** A patient and a study with so many images: the columns are the same in all versions. */
const studyOf = (images: number): string[] => [
  `INSERT INTO patients (id, issuer, only_study, first_seen) VALUES ('P', '', '', 1)`,
  `INSERT INTO studies (uid, patient, person, date, time, accession, description, referrer, modalities, body_part,
       instances, synthetic, imported_at, folded)
     VALUES ('1.2', 1, '{"id":"P","issuer":"","name":{"alphabetic":"A","ideographic":"","phonetic":""},"birthDate":"","sex":""}',
       '20260101', '', 'ACC-OLD', '', '', '["DX"]', 'CHEST', ${images}, 0, 1, 'a')`,
];
const openingOfVersion4 = [
  `INSERT INTO imports (key, id, name, root, started_at, counts) VALUES (1, 'i1', 'folder', '/folder', 1, '{}')`,
  `INSERT INTO import_entries (import, number, place, bytes, modified, name, outcome, reason, settled)
     VALUES (1, 0, '/folder/a', 1, 1, 'a', 'refused', 'no image', 1)`,
];

/** What each version wrote, in its own columns: a migration test must not use today's code to make yesterday's data. */
const dataOfVersion: Record<number, string[]> = {
  1: [...studyOf(0)],
  2: [
    ...studyOf(0),
    `INSERT INTO people (id, login, name, roles, created_at, kdf, proof, must_change)
     VALUES ('p1', 'old', 'Old', '["radiologist"]', 1, '{"name":"scrypt","N":2,"r":1,"p":1,"salt":"00"}', x'00', 0)`,
    `INSERT INTO drafts (id, study, sources, not_used, document, revision, created_at, saved_at, stage, known_images)
     VALUES ('d1', '1.2', '[]', '[]', '{"sections":[]}', 2, 1, 1, 'final', 1)`,
    `INSERT INTO draft_versions (draft, number, kind, created_at, actor, sha256, characters, document)
     VALUES ('d1', 1, 'final', 1, 'old', 'h', 0, '{"sections":[]}')`,
    `INSERT INTO releases (draft, number, kind, at, person, login, name, text, sha256, addendum, reason, checks,
       overrides, not_looked_at) VALUES ('d1', 1, 'final', 1, 'p1', 'old', 'Old', 't', 'h', '', '', '[]', '[]', 0)`,
  ],
  3: [
    ...studyOf(1),
    `INSERT INTO series (uid, study, modality, description, body_part) VALUES ('1.2.1', '1.2', 'DX', '', 'CHEST')`,
    `INSERT INTO instances (uid, series, sha256, header, imported_at) VALUES ('1.2.1.1', '1.2.1', 'x', '{}', 1)`,
    `INSERT INTO analyses (id, study, instance, frame, pack_id, pack_version, pack_sha256, pack_use, gate, engine,
       timings, created_at) VALUES ('a1', '1.2', '1.2.1.1', 0, 'p', '1', 'x', 'evaluation', '{}', '{}', '{}', 1)`,
    `INSERT INTO anatomies (analysis, pack_id, pack_version, pack_sha256, pack_use, measurements, note)
     VALUES ('a1', 'chest-anatomy', '0.1.0', 'x', 'research', '[]', '')`,
    `INSERT INTO masks (analysis, place, mask, name, region, rows, columns, grid, to_image)
     VALUES ('a1', 0, 'left-lung', 'Left lung', NULL, 1, 2, x'00ff', '{"a":1,"b":0,"c":0,"d":1,"e":0,"f":0}')`,
  ],
  4: [...studyOf(0), ...openingOfVersion4],
  5: [...studyOf(0), ...openingOfVersion4, `UPDATE studies SET folded = 'abc' WHERE uid = '1.2'`],
};
/** The tables of a signed report are those of version 2. */
dataOfVersion[6] = [
  ...(dataOfVersion[2] ?? []),
  `INSERT INTO review_samples (id, kind, seed, filter, candidates, login, at)
   VALUES ('s1', 'random', 'seed', '{}', 1, 'auditor', 1)`,
  `INSERT INTO review_items (sample, place, draft, version) VALUES ('s1', 0, 'd1', 1)`,
  `INSERT INTO reviews (draft, version, sample, reader, reviewer, score, matters, comment, at)
   VALUES ('d1', 1, 's1', 'old', 'auditor', 2, 0, '', 1)`,
  `INSERT INTO review_answers (review, login, answer, at) VALUES (1, 'old', '', 1)`,
];
dataOfVersion[7] = [
  ...(dataOfVersion[6] ?? []),
  `INSERT INTO critical_results (id, study, finding, urgency, found_at, login, at)
   VALUES ('c1', '1.2', 'pneumothorax', 'now', 1, 'old', 1)`,
  `INSERT INTO critical_steps (critical, kind, told_by, told_to, how, read_back, note, happened_at, login, at)
   VALUES ('c1', 'told', 'Old', 'Ward', 'telephone', 1, '', 2, 'old', 2)`,
];
dataOfVersion[8] = [
  ...(dataOfVersion[7] ?? []),
  `INSERT INTO phrases (id, shortcut, name, text, fits, login, at) VALUES ('p1', 'n', 'Normal', 'x', '{}', 'old', 1)`,
];
dataOfVersion[9] = [
  ...(dataOfVersion[7] ?? []),
  `INSERT INTO phrases (id, shortcut, name, text, fits, login, at, template)
   VALUES ('p1', 'n', 'Normal', 'x', '{}', 'old', 1, NULL)`,
  `INSERT INTO words (login, word, at) VALUES ('old', 'hepatisation', 1)`,
];
dataOfVersion[10] = [
  ...(dataOfVersion[9] ?? []),
  `INSERT INTO draft_undo (draft, login, undo) VALUES ('d1', 'old', '{}')`,
];
dataOfVersion[11] = [
  ...(dataOfVersion[10] ?? []),
  ...(dataOfVersion[3] ?? []).filter((sql) => /INTO (series|instances|analyses)/.test(sql)),
  `INSERT INTO findings (analysis, place, label, name, probability, threshold, positive, region)
   VALUES ('a1', 0, 'effusion', 'Effusion', 0.5, 0.4, 1, NULL)`,
  `INSERT INTO finding_verdicts (analysis, label, verdict, note, login, at, stated)
   VALUES ('a1', 'effusion', 'modified', '', 'old', 1, 'Small pleural effusion on the right.')`,
];
dataOfVersion[12] = [
  ...(dataOfVersion[11] ?? []),
  `INSERT INTO key_images (id, study, draft, width, height, caption, overlay, plain, marked, login, at)
   VALUES ('k1', '1.2', 'd1', 8, 6, 'CR PA', '', x'89504e47', NULL, 'old', 1)`,
];

test('3.1 every version has data in the harness', () => {
  expect(Object.keys(dataOfVersion).map(Number)).toEqual(migrations.map((_, index) => index + 1));
});
