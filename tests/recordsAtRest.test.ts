/** At rest: people's copies of the data key, its change, backups while everything runs, restoring here and elsewhere. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { append } from '#backend/db/audit.ts';
import { checkBackup } from '#backend/db/backup.ts';
import { openDatabase } from '#backend/db/open.ts';
import { openStore } from '#backend/db/store.ts';
import { layoutOf } from '#backend/files/dataFolder.ts';
import { openKeys } from '#backend/files/keys.ts';
import { readKeys } from '#backend/files/keysFile.ts';
import { dataKeyByPassword } from '#backend/files/personKeys.ts';
import { random } from './storeSamples.ts';
import {
  ADMINISTRATOR,
  draftId,
  goodReport,
  IMAGE,
  inStore,
  openStation,
  passwordOf,
  peopledStation,
  signedIn,
  signNow,
  stationFolder,
  storeOptions,
  type Station,
} from './recordsStation.ts';

const code = (wanted: string, words = /./) =>
  expect.objectContaining({ code: wanted, message: expect.stringMatching(words) as string }) as unknown;
const thrown = (promise: Promise<unknown>) => promise.then(() => null).catch((error: unknown) => error);
const dataOf = (folder: string) => layoutOf(path.join(folder, 'data'));
const raddraft = (folder: string, args: string[], input = '') =>
  spawnSync(process.execPath, [path.resolve('src/cli/main.ts'), ...args], {
    encoding: 'utf8',
    input,
    env: { ...process.env, RADDRAFT_KEY: path.join(folder, 'config', 'machine.key') },
  });

/** A station with a signed report and an image among its objects. */
async function signedStation(): Promise<{ station: Station; sha256: string; text: string }> {
  const station = await peopledStation();
  const { api } = await signedIn(station, 'reader');
  const { revision } = await api['report.status']({ draft: draftId });
  await api['draft.save']({ draft: draftId, revision, document: goodReport() });
  const number = (await signNow(api, 'reader')).inForce?.number ?? 0;
  const { text } = await api['report.version']({ draft: draftId, number });
  await station.close();
  const sha256 = createHash('sha256').update(IMAGE).digest('hex');
  return { station: await station.again(), sha256, text };
}

async function expectWhole(folder: string, text: string, sha256: string): Promise<void> {
  await inStore(folder, async (store) => {
    expect((await store.audit.verify()).problem).toBe('');
    expect((await store.objects.get(sha256)).length).toBe(IMAGE.length);
    const kept = store.read.plain('SELECT text FROM releases');
    expect(kept.map(([one]) => one)).toContain(text);
  });
}

describe('1 people and the data key', () => {
  test('1.1 each person’s password opens it, no other does, and what one wrote another reads', async () => {
    const { station, text } = await signedStation();
    await station.close();
    const file = readKeys(dataOf(station.folder).keys);
    const keys = await Promise.all(
      [ADMINISTRATOR, 'reader', 'auditor'].map((who) => dataKeyByPassword(file, passwordOf(who))),
    );
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect(await thrown(dataKeyByPassword(file, 'no lamp at all'))).toEqual(code('refused'));
    const auditor = await signedIn(await station.again(), 'auditor');
    const [version] = await auditor.api['report.versions']({ draft: draftId });
    expect((await auditor.api['report.version']({ draft: draftId, number: version?.number ?? 0 })).text).toBe(text);
    const plain = readFileSync(dataOf(station.folder).keys, 'utf8');
    for (const key of keys) expect(plain).not.toContain(Buffer.from(key).toString('hex'));
  });
});

describe('2 another data key', () => {
  test('2.1 everything is there under the new one, nothing opens with the old one, people get their copies at sign-in', async () => {
    const { station, sha256, text } = await signedStation();
    const layout = dataOf(station.folder);
    const before = openKeys(layout.keys, storeOptions(station.folder).machineSecret, random, false);
    const chief = await signedIn(station, ADMINISTRATOR);
    const reader = await signedIn(station, 'reader');
    expect(await thrown(chief.api['key.change']({ password: 'not it at all' }))).toEqual(code('refused'));
    const state = await chief.api['key.change']({ password: passwordOf(ADMINISTRATOR) });
    expect(state).toMatchObject({ people: 1, changedAt: expect.any(Number) as number });
    const [version] = await reader.api['report.versions']({ draft: draftId });
    expect((await reader.api['report.version']({ draft: draftId, number: version?.number ?? 0 })).text).toBe(text);
    await signedIn(station, 'auditor');
    expect((await chief.api['key.state']({})).people).toBe(2);
    await station.close();
    expect(() => openDatabase(layout.database, before.database, { readonly: true })).toThrow(/its key does not open/);
    const after = openKeys(layout.keys, storeOptions(station.folder).machineSecret, random, false);
    expect(after.database).not.toEqual(before.database);
    expect(after.objects).toEqual(before.objects);
    await expectWhole(station.folder, text, sha256);
    expect(readdirSync(layout.root).filter((name) => name.includes('.next'))).toEqual([]);
  });

  test.each([
    ['before the new keys are written', ['database'], 'old'],
    ['before the database takes its place', ['database', 'keys'], 'old'],
    ['before the keys take theirs', ['keys'], 'new'],
  ] as const)('2.2 a change that is cut off %s leaves one of the two, whole', async (_when, there, expected) => {
    const { station, sha256, text } = await signedStation();
    const layout = dataOf(station.folder);
    await station.close();
    const old = path.join(station.folder, 'old');
    cpSync(layout.root, old, { recursive: true });
    const again = await station.again();
    const chief = await signedIn(again, ADMINISTRATOR);
    await chief.api['key.change']({ password: passwordOf(ADMINISTRATOR) });
    await again.close();
    // What a crash leaves: the old files, and of the new ones those that were there by then.
    const made = path.join(station.folder, 'made');
    renameSync(layout.root, made);
    cpSync(old, layout.root, { recursive: true });
    const from = layoutOf(made);
    if (expected === 'new') cpSync(from.database, layout.database);
    else cpSync(from.database, layout.next.database);
    if ((there as readonly string[]).includes('keys')) cpSync(from.keys, layout.next.keys);
    if (expected === 'new') cpSync(from.auditHead, layout.auditHead);
    await expectWhole(station.folder, text, sha256);
    expect(readKeys(layout.keys).changedAt === undefined).toBe(expected === 'old');
    expect(readdirSync(layout.root).filter((name) => name.includes('.next'))).toEqual([]);
  });
});

describe('3 backups', () => {
  test('3.1 is consistent while others save, opens with the machine’s key and with a password, and is listed', async () => {
    const { station, text } = await signedStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const reader = await signedIn(station, 'reader');
    let saves = 0;
    let done = false;
    const saving = (async () => {
      while (!done) {
        await reader.api['settings.set']({ theme: saves++ % 2 === 0 ? 'light' : 'dark' });
      }
    })();
    const elsewhere = path.join(station.folder, 'stick');
    mkdirSync(elsewhere);
    const backup = await chief.api['backup.make']({ to: elsewhere });
    done = true;
    await saving;
    expect(backup).toMatchObject({ images: 1 });
    const folder = path.join(elsewhere, backup.name);
    const { machineSecret } = storeOptions(station.folder);
    const sound = await checkBackup(folder, { machine: machineSecret, password: null, random, images: null });
    expect(sound.head).toEqual(backup.head);
    expect(execFileSync('cat', [path.join(folder, 'backup.json')], { encoding: 'utf8' })).not.toContain(
      text.slice(0, 40),
    );
    await chief.api['backup.make']({ to: null });
    expect(await chief.api['backup.list']({})).toHaveLength(1);
    const auditor = await signedIn(station, 'auditor');
    expect(await auditor.api['audit.list']({ event: 'backup.made' })).toHaveLength(2);
  });

  test('3.2 a damaged byte, a missing file, a missing image, an edited list: refused, each by its name', async () => {
    const { station } = await signedStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const { name } = await chief.api['backup.make']({ to: null });
    const folder = path.join(dataOf(station.folder).backups, name);
    const { machineSecret } = storeOptions(station.folder);
    const check = () => thrown(checkBackup(folder, { machine: machineSecret, password: null, random, images: null }));
    expect(await check()).toBeNull();
    const database = path.join(folder, 'raddraft.db');
    const good = readFileSync(database);
    const bad = Buffer.from(good);
    bad[5000] = (bad[5000] ?? 0) ^ 1;
    writeFileSync(database, bad);
    expect(await check()).toEqual(code('refused', /raddraft\.db .* damaged/));
    writeFileSync(database, good);
    const list = JSON.parse(readFileSync(path.join(folder, 'backup.json'), 'utf8')) as { files: { name: string }[] };
    const image = list.files.find((file) => file.name.startsWith('objects/'))?.name ?? '';
    renameSync(path.join(folder, image), path.join(folder, 'away'));
    expect(await check()).toEqual(code('refused', /Expected objects\//));
    list.files = list.files.filter((file) => file.name !== image);
    writeFileSync(path.join(folder, 'backup.json'), JSON.stringify(list));
    expect(await check()).toEqual(code('refused', /lacks an image/));
  });

  test('3.3 restored in the running program: everybody signs in again, the log says so, what was there is kept', async () => {
    const { station, sha256, text } = await signedStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const { name } = await chief.api['backup.make']({ to: null });
    const reader = await signedIn(station, 'reader');
    const { revision } = await reader.api['report.status']({ draft: draftId });
    await reader.api['report.addendum']({ draft: draftId, revision });
    const head = await chief.api['audit.head']({});
    expect(await thrown(chief.api['backup.restore']({ name, password: 'not it at all' }))).toEqual(code('refused'));
    await chief.api['backup.restore']({ name, password: passwordOf(ADMINISTRATOR) });
    expect(await thrown(reader.api['study.list']({}))).toEqual(code('signed-out', /backup was put/));
    const again = await signedIn(station, 'reader');
    expect(await again.api['report.status']({ draft: draftId })).toMatchObject({ stage: 'final', amending: null });
    const after = await signedIn(station, ADMINISTRATOR);
    const [row] = await after.api['audit.list']({ event: 'backup.restored' });
    expect(row?.actor).toBe(ADMINISTRATOR);
    expect((await after.api['audit.verify']({})).problem).toBe('');
    // The head that somebody kept tells that rows are gone.
    expect(await after.api['audit.verify']({ head: { seq: head.seq, hash: head.hash } })).toMatchObject({
      intact: false,
    });
    const kept = (await after.api['backup.list']({})).find((one) => one.name.startsWith('replaced-'));
    expect(kept?.images).toBe(0);
    await after.api['backup.restore']({ name: kept?.name ?? '', password: passwordOf(ADMINISTRATOR) });
    const last = await signedIn(station, 'reader');
    expect(await last.api['report.status']({ draft: draftId })).toMatchObject({ amending: 'addendum' });
    await station.close();
    await expectWhole(station.folder, text, sha256);
  });

  test('3.4 on another machine, by a person’s password: restored, and a whole data folder taken along', async () => {
    const { station, sha256, text } = await signedStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const { name } = await chief.api['backup.make']({ to: null });
    await station.close();
    const backup = path.join(dataOf(station.folder).backups, name);
    const other = path.join(station.folder, 'other');
    mkdirSync(path.join(other, 'config'), { recursive: true });
    const data = path.join(other, 'data');
    expect(raddraft(other, ['backup', 'restore', backup, '--data', data]).stderr).toMatch(/machine key/);
    const wrong = raddraft(other, ['backup', 'restore', backup, '--data', data, '--password'], 'no lamp at all\n');
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringMatching(/password of one of the people/)]);
    const right = raddraft(
      other,
      ['backup', 'restore', backup, '--data', data, '--password'],
      `${passwordOf('reader')}\n`,
    );
    expect([right.stderr, right.status]).toEqual(['', 0]);
    await expectWhole(other, text, sha256);
    await inStore(other, (store) => {
      const [row] = store.audit.list({ limit: 1 });
      expect(row).toMatchObject({ event: 'backup.restored', subject: name });
    });

    const moved = path.join(station.folder, 'moved');
    mkdirSync(path.join(moved, 'config'), { recursive: true });
    cpSync(dataOf(station.folder).root, path.join(moved, 'data'), { recursive: true });
    await expect(openStore(storeOptions(moved))).rejects.toThrow(/machine key/);
    const adopted = raddraft(
      moved,
      ['keys', 'adopt', '--data', path.join(moved, 'data')],
      `${passwordOf('auditor')}\n`,
    );
    expect([adopted.stderr, adopted.status]).toEqual(['', 0]);
    await expectWhole(moved, text, sha256);
  });

  test('3.5 the command line makes and checks one; a window in a browser may not name a folder', async () => {
    const { station } = await signedStation();
    await station.close();
    const stick = path.join(station.folder, 'stick');
    mkdirSync(stick);
    const data = dataOf(station.folder).root;
    const made = raddraft(station.folder, ['backup', 'make', stick, '--data', data]);
    expect([made.stderr, made.status]).toEqual(['', 0]);
    const [folder = ''] = readdirSync(stick);
    expect(raddraft(station.folder, ['backup', 'verify', path.join(stick, folder)]).stdout).toMatch(/whole and opens/);
    expect(existsSync(`${path.join(stick, folder)}.partial`)).toBe(false);
    rmSync(stick, { recursive: true });
    const missing = raddraft(station.folder, [
      'backup',
      'make',
      path.join(station.folder, 'config', 'machine.key', 'x'),
      '--data',
      data,
    ]);
    expect(missing.stderr).toMatch(/folder that can be written/);
  });

  test('3.6 what a crash left of another staged database never gets into the one that is restored', async () => {
    const { station, sha256, text } = await signedStation();
    const layout = dataOf(station.folder);
    const chief = await signedIn(station, ADMINISTRATOR);
    const older = await chief.api['backup.make']({ to: null });
    const { database: key } = openKeys(layout.keys, storeOptions(station.folder).machineSecret, random, false);
    // A kill in the middle of a write to the staged copy of the older backup: its rollback journal stays.
    cpSync(path.join(layout.backups, older.name, 'raddraft.db'), layout.next.database);
    const staged = openDatabase(layout.next.database, key, { journal: 'DELETE' });
    staged.pragma('cache_size = 2');
    staged.exec('BEGIN; CREATE TABLE filler (bytes BLOB)');
    staged.exec('INSERT INTO filler SELECT randomblob(3000) FROM audit, audit AS more');
    staged.exec(`UPDATE settings SET value = value`);
    const journal = `${layout.next.database}-journal`;
    const left = readFileSync(journal);
    staged.close();
    const reader = await signedIn(station, 'reader');
    for (let n = 0; n < 40; n++) await reader.api['settings.set']({ reportWidth: 420 + n });
    const newer = await chief.api['backup.make']({ to: null });
    rmSync(layout.next.database, { force: true });
    writeFileSync(journal, left);
    await chief.api['backup.restore']({ name: newer.name, password: passwordOf(ADMINISTRATOR) });
    await station.close();
    await expectWhole(station.folder, text, sha256);
    await inStore(station.folder, (store) => {
      expect(store.audit.head().seq).toBeGreaterThan(newer.head.seq);
      expect(store.settings.get().reportWidth).toBe(459);
    });
    expect(readdirSync(layout.root).filter((name) => name.includes('.next'))).toEqual([]);
  });

  test('3.7 making, restoring and changing the key tell how far they are; stopped, each leaves everything as it was', async () => {
    const signed = await signedStation();
    const { sha256, text } = signed;
    await signed.station.close();
    // A log so long that every step can be stopped on its way.
    await inStore(signed.station.folder, (store) =>
      store.write((write) => {
        for (let n = 0; n < 20_000; n++) append(write, { at: n, actor: 'a', event: 'draft.saved', subject: `s${n}` });
      }),
    );
    const station = await signed.station.again();
    const layout = dataOf(station.folder);
    const chief = await signedIn(station, ADMINISTRATOR);
    const heard: { step: string; done: number; total: number }[] = [];
    chief.on('backup.progress', (now) => heard.push(now));
    const password = passwordOf(ADMINISTRATOR);
    const { name } = await chief.api['backup.make']({ to: null });
    await chief.api['key.change']({ password });
    const acts: [string, (signal: AbortSignal) => Promise<unknown>][] = [
      ['copying the database', (signal) => chief.api['backup.make']({ to: null }, signal)],
      ['checking the database', (signal) => chief.api['key.change']({ password }, signal)],
      ['checking every file', (signal) => chief.api['backup.restore']({ name, password }, signal)],
      ['checking the database', (signal) => chief.api['backup.restore']({ name, password }, signal)],
    ];
    const before = readKeys(layout.keys).changedAt;
    const { seq } = await chief.api['audit.head']({});
    for (const [at, act] of acts) {
      const stop = new AbortController();
      const off = chief.on('backup.progress', ({ step }) => step === at && stop.abort());
      // The first of a copy of a database this small may be its end.
      if (at === 'copying the database') setTimeout(() => stop.abort(), 5);
      expect(await thrown(act(stop.signal))).toEqual(code('cancelled'));
      off();
      await expect.poll(() => readdirSync(layout.root).filter((one) => one.includes('.next'))).toEqual([]);
      await expect
        .poll(async () => thrown(chief.api['backup.restore']({ name: 'none', password })), { timeout: 5000 })
        .toEqual(code('not-found'));
    }
    expect(readdirSync(layout.backups).filter((one) => one !== name)).toEqual([]);
    expect(readKeys(layout.keys).changedAt).toBe(before);
    expect((await chief.api['audit.head']({})).seq).toBe(seq);
    const steps = new Set(heard.map(({ step }) => step));
    for (const step of ['copying images', 'hashing every file', 'checking every file', 'checking the database'])
      expect([...steps]).toContain(step);
    expect(heard.every(({ done, total }) => done >= 0 && done <= total)).toBe(true);
    await chief.api['backup.restore']({ name, password });
    await station.close();
    await expectWhole(station.folder, text, sha256);
  });

  test('3.8 while the key is changed everybody reads; what is saved is there afterwards or was refused', async () => {
    const { station } = await signedStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const reader = await signedIn(station, 'reader');
    let changing = true;
    const kept: number[] = [];
    let refused = 0;
    let read = 0;
    const saving = (async () => {
      for (let width = 420; changing; width = width === 640 ? 420 : width + 1) {
        // What is as it was is no change and leaves no row.
        if (width === kept.at(-1)) continue;
        const set = await thrown(reader.api['settings.set']({ reportWidth: width }));
        if (set === null) kept.push(width);
        else {
          expect(set).toEqual(code('busy', /what you typed is kept/));
          refused++;
        }
        read += (await reader.api['study.list']({})).total;
      }
    })();
    await chief.api['key.change']({ password: passwordOf(ADMINISTRATOR) });
    changing = false;
    await saving;
    expect(refused).toBeGreaterThan(0);
    expect(read).toBeGreaterThanOrEqual(refused);
    expect((await reader.api['settings.get']({})).reportWidth).toBe(kept.at(-1) ?? 480);
    const rows = await chief.api['audit.list']({ event: 'settings.changed', limit: 1000 });
    expect(rows).toHaveLength(kept.length);
  });

  test('3.9 from another folder: found by its own path or its parent’s, in a browser too; else told what is there instead', async () => {
    const { station, sha256, text } = await signedStation();
    const stick = path.join(station.folder, 'stick');
    mkdirSync(stick);
    const first = await signedIn(station, ADMINISTRATOR);
    const { name } = await first.api['backup.make']({ to: stick });
    await first.api['security.set']({ idleMinutes: 7, sessionHours: 9 });
    await station.close();
    const browser = await openStation(station.folder, { allowsPaths: false });
    const chief = await signedIn(browser, ADMINISTRATOR);
    const look = (folder: string) => chief.api['backup.list']({ folder });
    const expected = [expect.objectContaining({ name, folder: stick, problem: '' }) as unknown];
    for (const place of [stick, `${stick}/`, path.join(stick, name), path.join(stick, name, 'backup.json')])
      expect(await look(place)).toEqual(expected);
    expect(await thrown(look('stick'))).toEqual(code('invalid-input', /full path/));
    expect(await thrown(look(path.join(stick, 'nothing')))).toEqual(code('not-found', /disk is connected/));
    expect(await thrown(look(path.join(stick, name, 'keys.json')))).toEqual(code('refused', /found a file/));
    expect(await thrown(look(station.folder))).toEqual(code('refused', /found none/));
    const auditor = await signedIn(browser, 'auditor');
    expect(await thrown(auditor.api['backup.list']({ folder: stick }))).toEqual(code('forbidden'));
    const password = passwordOf(ADMINISTRATOR);
    const restore = (folder: string, which: string) => chief.api['backup.restore']({ name: which, folder, password });
    expect(await thrown(restore(stick, '../data'))).toEqual(code('not-found'));
    await restore(stick, name);
    const again = await signedIn(browser, ADMINISTRATOR);
    expect(await again.api['security.get']({})).toEqual({ idleMinutes: 10, sessionHours: 12 });
    const [row] = await again.api['audit.list']({ event: 'backup.restored' });
    expect(row).toMatchObject({ actor: ADMINISTRATOR, subject: name });
    await browser.close();
    await expectWhole(station.folder, text, sha256);
  });

  test('3.10 of another machine, in the window: by the password of anybody who had an account in it', async () => {
    const { station, sha256, text } = await signedStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const stick = path.join(station.folder, 'stick');
    mkdirSync(stick);
    const { name } = await chief.api['backup.make']({ to: stick });
    await station.close();
    const here = await openStation(stationFolder());
    const { api } = here.window();
    const password = 'a row of other lamps';
    const person = { login: 'other', name: 'Other One', password, radiologist: false, acceptWeakKeyStore: true };
    await api['people.first'](person);
    const from = { name, folder: stick, password };
    expect(await thrown(api['backup.restore'](from))).toEqual(code('refused', /password of one of the people/));
    await api['backup.restore']({ ...from, itsPassword: passwordOf('reader') });
    // That another machine's key file was accepted there says nothing of this one's.
    expect(await thrown(signedIn(here, 'reader'))).toEqual(code('refused', /kept weakly/));
    const accepts = await signedIn(here, ADMINISTRATOR);
    expect(await accepts.api['key.state']({})).toMatchObject({ weak: true, consent: null });
    await accepts.api['key.consent']({});
    const reader = await signedIn(here, 'reader');
    expect((await reader.api['study.list']({})).total).toBe(1);
    await here.close();
    await expectWhole(here.folder, text, sha256);
  });

  test('3.11 one whose list is damaged hides no other; what a kill left of one is gone at the next start', async () => {
    const { station } = await signedStation();
    const { backups } = dataOf(station.folder);
    const chief = await signedIn(station, ADMINISTRATOR);
    const [one, two] = [await chief.api['backup.make']({ to: null }), await chief.api['backup.make']({ to: null })];
    writeFileSync(path.join(backups, two.name, 'backup.json'), '{"schema":1');
    const listed = await chief.api['backup.list']({});
    expect(listed.find(({ name }) => name === one.name)?.problem).toBe('');
    expect(listed.find(({ name }) => name === two.name)?.problem).toMatch(/without a readable list/);
    cpSync(path.join(backups, one.name), path.join(backups, 'raddraft-backup-cut-off.partial'), { recursive: true });
    await station.close();
    await station.again();
    expect(readdirSync(backups).sort()).toEqual([one.name, two.name].sort());
  });
});
