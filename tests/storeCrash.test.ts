import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { addInstance } from '#backend/db/addInstance.ts';
import { GENESIS } from '#backend/db/audit.ts';
import { addDraft, draftById, keepVersion, saveDraft } from '#backend/db/drafts.ts';
import { handleOf } from '#backend/db/handles.ts';
import { migrations } from '#backend/db/migrations/index.ts';
import { openDatabase, versionOf } from '#backend/db/open.ts';
import { addPerson } from '#backend/db/people.ts';
import {
  beginAmendment,
  release,
  releaseOf,
  releasesOf,
  saveAddendum,
  sha256Of,
  statusOf,
  textToSign,
} from '#backend/db/reports.ts';
import { openStore, type Store } from '#backend/db/store.ts';
import { verifyAudit } from '#backend/db/verifyAudit.ts';
import { writeAuditHead } from '#backend/files/auditHead.ts';
import { prepareDataFolder } from '#backend/files/dataFolder.ts';
import { openKeys } from '#backend/files/keys.ts';
import { newKdf } from '#backend/files/password.ts';
import { PersonId } from '#core/people/person.ts';
import { document, draftOfFilm, film, imported, optionsIn, random, storeIn, temporary } from './storeSamples.ts';

const draft = draftOfFilm().id;
const child = path.join(import.meta.dirname, 'storeChild.ts');

function begin(store: Store): void {
  store.write((write) => {
    addInstance(write, film(), imported);
    addDraft(write, { draft: { ...draftOfFilm(), analysis: null }, notUsed: [], replaces: null, actor: 'reader' });
  });
}

/** Starts a program that saves, kills it `after` ms from its first save, answers with the last revision it told. */
function killedWhileSaving(folder: string, after: number): Promise<number> {
  const program = spawn(process.execPath, [child, 'save', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  let timer: NodeJS.Timeout | undefined;
  program.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    timer ??= setTimeout(() => program.kill('SIGKILL'), after);
  });
  return new Promise((resolve) => {
    // A line that was cut by the kill tells nothing.
    program.on('close', () => resolve(Number(told.split('\n').at(-2) ?? 0)));
  });
}

describe('crashes', () => {
  test.each([0, 1])(
    '1.1 a program killed while saving, ten times: what it told as saved is there (folder %i)',
    { timeout: 60_000 },
    async (offset) => {
      const folder = temporary();
      const first = await openStore(optionsIn(folder));
      begin(first);
      await first.close();
      let last = 0;
      for (let kill = 0; kill < 10; kill++) {
        const told = await killedWhileSaving(folder, (kill * 2 + offset) * 3);
        const store = await openStore(optionsIn(folder));
        const stored = draftById(store.read, draft);
        expect(told).toBeGreaterThan(last);
        expect(stored?.revision).toBeGreaterThanOrEqual(told);
        expect(stored?.revision).toBeLessThanOrEqual(told + 1);
        expect(stored?.document.sections[0]?.paragraphs[0]?.[0]?.text).toMatch(`Text of revision ${stored?.revision}.`);
        expect((await store.audit.verify()).problem).toBe('');
        last = stored?.revision ?? 0;
        await store.close();
      }
    },
  );

  test('1.2 the write-ahead log cut at every frame, and inside it: whole commits, an intact chain', async () => {
    const { folder, copy, key } = await savedButNotCheckpointed();
    const wal = readFileSync(path.join(copy, 'raddraft.db-wal'));
    const frame = 24 + 4096;
    expect((wal.length - 32) % frame).toBe(0);
    const seen = new Set<number>();
    const cuts = Array.from({ length: (wal.length - 32) / frame + 1 }, (_, n) => 32 + n * frame);
    for (const cut of [0, 16, ...cuts.flatMap((at) => [at, at + 1000])].filter((at) => at <= wal.length)) {
      const place = path.join(folder, `cut-${cut}`);
      mkdirSync(place);
      copyFileSync(path.join(copy, 'raddraft.db'), path.join(place, 'raddraft.db'));
      writeFileSync(path.join(place, 'raddraft.db-wal'), wal.subarray(0, cut));
      seen.add(await revisionIn(place, key));
    }
    expect([...seen]).toEqual([-1, 0, 1, 2, 3, 4, 5, 6]);
  });

  test('1.3 a checkpoint cut after every page, the log still there: everything is there', async () => {
    const { folder, copy, key } = await savedButNotCheckpointed();
    const done = path.join(folder, 'done');
    execFileSync('cp', ['-r', copy, done]);
    openDatabase(path.join(done, 'raddraft.db'), key).close();
    const [before, after] = [copy, done].map((place) => readFileSync(path.join(place, 'raddraft.db')));
    const pages = (after?.length ?? 0) / 4096;
    expect(pages).toBeGreaterThan(20);
    for (let page = 0; page <= pages; page++) {
      const place = path.join(folder, `page-${page}`);
      mkdirSync(place);
      copyFileSync(path.join(copy, 'raddraft.db-wal'), path.join(place, 'raddraft.db-wal'));
      const file = path.join(place, 'raddraft.db');
      writeFileSync(file, before ?? '');
      writeFileSync(file, after?.subarray(0, page * 4096) ?? '', { flag: 'r+' });
      if (page === pages) truncateSync(file, page * 4096);
      expect(await revisionIn(place, key)).toBe(6);
    }
  });

  test('1.5 the write-ahead log of signatures cut at every frame, and inside it: each signed version whole or not there', async () => {
    const { folder, copy, key, expected } = await signedButNotCheckpointed();
    const wal = readFileSync(path.join(copy, 'raddraft.db-wal'));
    const frame = 24 + 4096;
    const seen = new Set<number>();
    for (let at = 32; at <= wal.length; at += frame)
      for (const cut of [at, at + 1000].filter((one) => one <= wal.length)) {
        const place = path.join(folder, `cut-${cut}`);
        mkdirSync(place);
        copyFileSync(path.join(copy, 'raddraft.db'), path.join(place, 'raddraft.db'));
        writeFileSync(path.join(place, 'raddraft.db-wal'), wal.subarray(0, cut));
        const database = openDatabase(path.join(place, 'raddraft.db'), key);
        expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
        if (versionOf(database) === migrations.length) {
          const read = handleOf(database);
          expect((await verifyAudit(read, GENESIS)).problem).toBe('');
          const kept = draftById(read, draft) ? releasesOf(read, draft) : [];
          expect(kept.map(({ sha256 }) => sha256)).toEqual(expected.slice(0, kept.length));
          for (const { number, sha256 } of kept) expect(sha256Of(releaseOf(read, draft, number).text)).toBe(sha256);
          const rows = read.all(z.object({ n: z.int() }), `SELECT 1 AS n FROM audit WHERE event = 'report.signed'`);
          expect(rows).toHaveLength(kept.length);
          if (kept.length > 0)
            expect(statusOf(read, draft).stage).toBe(['final', 'addendum', 'corrected'][kept.length - 1]);
          seen.add(kept.length);
        }
        database.close();
      }
    expect([...seen]).toEqual([0, 1, 2, 3]);
  });

  test.each([0, 1, 2])('1.4 a first start that was cut off after step %i begins again', async (steps) => {
    const folder = temporary();
    const options = optionsIn(folder);
    const layout = prepareDataFolder(options.dataFolder);
    if (steps > 0) {
      const keys = openKeys(layout.keys, options.machineSecret, random, true);
      if (steps > 1) writeAuditHead(layout.auditHead, keys.auditHead, GENESIS);
    }
    const store = await storeIn(folder);
    begin(store);
    expect((await store.audit.verify()).problem).toBe('');
  });
});

/** Six saves that are only in the write-ahead log: a copy of the folder as it is then, and the database's key. */
async function savedButNotCheckpointed() {
  const folder = temporary();
  const store = await storeIn(folder);
  begin(store);
  for (let revision = 0; revision < 6; revision++) {
    const text = `Text of revision ${revision + 1}.`;
    const save = { draft, revision, document: document(text), savedAt: revision, actor: 'reader' };
    store.write((write) => saveDraft(write, save));
    if (revision === 3)
      store.write((write) => keepVersion(write, { draft, kind: 'saved', createdAt: revision, actor: 'reader' }));
  }
  const copy = path.join(folder, 'copy');
  // By another process: closing a handle of the database here would drop SQLite's locks.
  execFileSync('cp', ['-r', store.folder.root, copy]);
  const keys = openKeys(store.folder.keys, optionsIn(folder).machineSecret, random, false);
  return { folder, copy, key: keys.database };
}

/** A report signed, with an addendum, corrected: only in the write-ahead log. `expected`: the hashes in their order. */
async function signedButNotCheckpointed() {
  const folder = temporary();
  const store = await storeIn(folder);
  begin(store);
  const id = PersonId.parse('p1');
  const person = { id, login: 'reader', name: 'Doctor Reader' };
  const password = { kdf: newKdf({ N: 2, r: 1, p: 1 }, random), proof: random(32) };
  const by = { at: 1, actor: 'reader' };
  store.write((write) => addPerson(write, { ...person, ...by, roles: ['radiologist'], password, mustChange: false }));
  const revision = () => statusOf(store.read, draft).revision;
  const sign = () => {
    const { sha256 } = textToSign(store.read, draft);
    const signature = { sha256, act: 'sign' as const, person, checks: [], overrides: [], notLookedAt: 0 };
    store.write((write) => release(write, { draft, revision: revision(), ...by, ...signature }));
    return sha256;
  };
  const save = (text: string) =>
    store.write((write) =>
      saveDraft(write, { draft, revision: revision(), document: document(text), savedAt: 1, actor: 'reader' }),
    );
  save('Signed text.');
  const expected = [sign()];
  store.write((write) => beginAmendment(write, { draft, revision: revision(), ...by }, 'addendum', ''));
  store.write((write) => saveAddendum(write, { draft, revision: revision(), ...by }, 'One thing more.'));
  expected.push(sign());
  store.write((write) => beginAmendment(write, { draft, revision: revision(), ...by }, 'correction', 'a typing error'));
  save('Corrected text.');
  expected.push(sign());
  const copy = path.join(folder, 'copy');
  execFileSync('cp', ['-r', store.folder.root, copy]);
  const keys = openKeys(store.folder.keys, optionsIn(folder).machineSecret, random, false);
  return { folder, copy, key: keys.database, expected };
}

/** Opens what a crash left; checks pages, chain and text; answers with the draft's revision, -1 before there is one. */
async function revisionIn(place: string, key: Uint8Array): Promise<number> {
  const database = openDatabase(path.join(place, 'raddraft.db'), key);
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    if (versionOf(database) === 0) return -1;
    const read = handleOf(database);
    expect((await verifyAudit(read, GENESIS)).problem).toBe('');
    const stored = draftById(read, draft);
    if (!stored) return -1;
    const saves = read.all(z.object({ n: z.int() }), `SELECT 1 AS n FROM audit WHERE event = 'draft.saved'`);
    expect(saves).toHaveLength(stored.revision);
    if (stored.revision > 0) expect(stored.document).toEqual(document(`Text of revision ${stored.revision}.`));
    return stored.revision;
  } finally {
    database.close();
  }
}
