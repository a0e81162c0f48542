/** The log against who would rather not be in it: every event once an act, ends of sessions, reading without a row. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { auditEvents } from '#core/audit/events.ts';
import { LabelId, StudyId } from '#core/study/ids.ts';
import { importPicture, pictureOf } from './recordsChild.ts';
import { analysisOfFilm } from './storeFilms.ts';
import {
  ADMINISTRATOR,
  draftId,
  goodReport,
  inStore,
  passwordOf,
  peopledStation,
  signedIn,
  signNow,
  type Api,
  type Station,
} from './recordsStation.ts';

const study = StudyId.parse('1.2.3');
const thrown = (promise: Promise<unknown>) => promise.then(() => null).catch((error: unknown) => error);

/** Rows of the closed station's log. */
const rowsIn = (station: Station, event: string) =>
  inStore(station.folder, (store) => store.audit.list({ limit: 1000, event }));
const eventsOf = async (api: Api, actor: string) =>
  (await api['audit.list']({ actor, limit: 1000 })).map(({ event }) => event).reverse();

describe('1 every end of a session is one row, with its cause', () => {
  test('1.1 by time, noticed by itself, and not a second time', async () => {
    const station = await peopledStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    await chief.api['security.set']({ idleMinutes: 5, sessionHours: 1 });
    await signedIn(station, 'reader');
    station.later(6 * 60_000);
    const auditor = await signedIn(station, 'auditor');
    const of = () => auditor.api['audit.list']({ event: 'session.', actor: 'reader', limit: 3 });
    await expect.poll(async () => (await of())[0]?.event, { timeout: 5000 }).toBe('session.locked');
    await auditor.api['session.touch']({});
    station.later(55 * 60_000);
    const again = await signedIn(station, 'auditor');
    const two = () => again.api['audit.list']({ event: 'session.', actor: 'reader', limit: 2 });
    await expect.poll(async () => (await two())[0]?.detail, { timeout: 5000 }).toBe('{"cause":"time"}');
    expect((await two()).map(({ event }) => event)).toEqual(['session.ended', 'session.locked']);
    await station.close();
    const ends = (await rowsIn(station, 'session.ended')).filter(({ actor }) => actor === 'reader');
    expect(ends.filter(({ detail }) => detail.includes('time'))).toHaveLength(1);
  });

  test('1.2 by another password, other roles, a disabled account, another sign-in, a closed window and the program', async () => {
    const station = await peopledStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const { people } = await chief.api['people.list']({});
    const idOf = (login: string) => people.find((one) => one.login === login)?.id ?? '';
    const [one, two] = [await signedIn(station, 'reader'), await signedIn(station, 'reader')];
    const next = 'another row of lamps';
    await one.api['people.changePassword']({ old: passwordOf('reader'), next });
    expect((await two.api['session.state']({})).kind).toBe('signed-out');
    await chief.api['people.change']({ person: idOf('reader'), name: 'Doctor reader', roles: ['radiologist'] });
    const third = station.window();
    await third.api['session.signIn']({ login: 'reader', password: next });
    await chief.api['people.disable']({ person: idOf('reader'), disabled: true });
    const fourth = await signedIn(station, 'auditor');
    await fourth.api['session.signIn']({ login: ADMINISTRATOR, password: passwordOf(ADMINISTRATOR) });
    const fifth = await signedIn(station, 'auditor');
    fifth.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    station.later(61_000);
    await chief.api['session.touch']({});
    const left = () => chief.api['audit.list']({ event: 'session.ended', limit: 1 });
    await expect.poll(async () => (await left())[0]?.detail, { timeout: 5000 }).toBe('{"cause":"window-closed"}');
    await fourth.api['session.signOut']({});
    await station.close();
    const ends = (await rowsIn(station, 'session.ended')).reverse();
    expect(ends.map(({ actor, detail }) => `${actor} ${detail}`)).toEqual([
      'reader {"cause":"password-changed"}',
      'reader {"cause":"roles-changed"}', // two: of the open window, and of the one where the first password was changed
      'reader {"cause":"roles-changed"}',
      'reader {"cause":"account-disabled"}',
      'auditor {"cause":"other-sign-in"}',
      'chief {"cause":"window-closed"}',
      'auditor {"cause":"window-closed"}',
      'auditor {"cause":"window-closed"}',
      'chief {"cause":"program-closed"}',
    ]);
  });

  test('1.3 a program that is closed while the key is changed keeps the old one, and the ends of its sessions', async () => {
    const station = await peopledStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const keys = path.join(station.folder, 'data', 'keys.json');
    const old = readFileSync(keys, 'utf8');
    const changing = thrown(chief.api['key.change']({ password: passwordOf(ADMINISTRATOR) }));
    for (let width = 420, busy = false; !busy; width++)
      busy = (await thrown(chief.api['settings.set']({ reportWidth: width }))) !== null;
    await station.close();
    expect(await changing).not.toBeNull();
    expect(readFileSync(keys, 'utf8')).toBe(old);
    const ends = await rowsIn(station, 'session.ended');
    expect(ends.filter(({ detail }) => detail.includes('program-closed')).length).toBeGreaterThan(0);
    expect(await rowsIn(station, 'key.changed')).toEqual([]);
  });

  test('1.4 a second window of one session ends with it: one row', async () => {
    const station = await peopledStation();
    const window = await signedIn(station, 'reader');
    const { token } = await window.api['session.share']({});
    const second = station.window();
    await second.api['session.join']({ token });
    second.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    station.later(61_000);
    const chief = await signedIn(station, ADMINISTRATOR);
    const ended = () => chief.api['audit.list']({ event: 'session.ended', actor: 'reader' });
    // That of the window where the first password was changed; the second window's is no end.
    await expect.poll(async () => (await ended()).length, { timeout: 5000 }).toBe(1);
    expect((await window.api['session.state']({})).kind).toBe('signed-in');
    await window.api['session.signOut']({});
    expect((await eventsOf(chief.api, 'reader')).filter((event) => event === 'session.signed-out')).toHaveLength(1);
    await station.close();
    const ends = (await rowsIn(station, 'session.ended')).filter(({ actor }) => actor === 'reader');
    expect(ends.map(({ detail }) => detail)).toEqual(['{"cause":"window-closed"}']);
  });
});

describe('2 nobody reads beside the log', () => {
  test('2.1 pixels alone are a look at the image; a version alone is a look at the report', async () => {
    const station = await peopledStation();
    const reader = await signedIn(station, 'reader');
    const { instance } = await importPicture(reader.api, pictureOf(1), { patientName: 'A', patientId: 'p' });
    if (!instance) throw new Error('no image');
    const { revision } = await reader.api['report.status']({ draft: draftId });
    await reader.api['draft.save']({ draft: draftId, revision, document: goodReport() });
    const number = (await signNow(reader.api, 'reader')).inForce?.number ?? 0;
    const ways: ((api: Api) => Promise<unknown>)[] = [
      (api) => api['image.pixels']({ instance, frame: 0, offset: 0 }),
      (api) => api['report.version']({ draft: draftId, number }),
      (api) => api['draft.version']({ draft: draftId, number: 1 }),
      (api) => api['report.review']({ draft: draftId }),
      (api) => api['desk.report']({ draft: draftId }),
    ];
    for (const [way, read] of ways.entries()) {
      const { api } = await signedIn(station, 'auditor');
      const before = (await eventsOf(api, 'auditor')).length;
      await read(api);
      await read(api);
      const fresh = (await eventsOf(api, 'auditor')).slice(before + 1); // the first look at the log is one itself
      const expected = [['image.viewed'], ['report.opened'], ['report.opened'], ['report.opened']][way];
      expect([way, fresh]).toEqual([way, expected ?? ['report.opened', 'log.viewed']]);
    }
  });

  test('2.2 the log is not read from its middle without a row, nor exported from its second row on', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'auditor');
    const looks = async () => (await api['audit.list']({ event: 'log.viewed', limit: 1000 })).length;
    const first = await looks();
    await api['audit.list']({ before: 1_000_000 });
    expect(await looks()).toBe(first + 2);
    const [newest] = await api['audit.list']({ limit: 1 });
    await api['audit.list']({ limit: 1, before: newest?.seq ?? 0 });
    expect(await looks()).toBe(first + 4);
    await api['audit.list']({ actor: 'reader', before: newest?.seq ?? 0 });
    expect(await looks()).toBe(first + 6);
    await api['audit.export']({ format: 'csv', after: 1 });
    const [row] = await api['audit.list']({ event: 'log.exported' });
    expect(row?.detail).toBe('{"after":1,"format":"csv"}');
  });

  test('2.3 a report that nobody released is printed with a row too', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    const printed = await api['report.output']({ draft: draftId, number: null, purpose: 'print' });
    expect(printed).toMatchObject({ version: null, text: (await api['report.review']({ draft: draftId })).text });
    const auditor = await signedIn(station, 'auditor');
    const rows = await auditor.api['audit.list']({ event: 'report.printed' });
    expect(rows.map(({ actor, detail }) => [actor, JSON.parse(detail) as unknown])).toEqual([
      ['reader', { number: null, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string, stage: 'ai-draft' }],
    ]);
  });

  test('2.4 a key image alone is a look at the study', async () => {
    const station = await peopledStation();
    const reader = await signedIn(station, 'reader');
    const kept = { study, draft: null, width: 64, height: 80, caption: '', overlay: '', marked: null };
    const { id } = await reader.api['keyImage.keep']({ ...kept, plain: pictureOf(1) });
    const { api } = await signedIn(station, 'auditor');
    for (let look = 0; look < 2; look++) await api['keyImage.picture']({ id, which: 'plain' });
    const rows = await api['audit.list']({ event: 'key-image.viewed' });
    expect(rows.map(({ actor, subject }) => [actor, subject])).toEqual([['auditor', study]]);
  });

  test('2.5 two readers who think the same of a finding are two rows', async () => {
    const station = await peopledStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const first = 'lamps that nobody has lit';
    await chief.api['people.create']({ login: 'second', name: 'Second', roles: ['radiologist'], password: first });
    const second = station.window();
    await second.api['session.signIn']({ login: 'second', password: first });
    await second.api['people.changePassword']({ old: first, next: passwordOf('second') });
    const reader = await signedIn(station, 'reader');
    const judged = { analysis: analysisOfFilm().id, label: LabelId.parse('effusion'), note: '' };
    for (const { api } of [reader, reader, second, second])
      await api['finding.judge']({ ...judged, verdict: 'accepted' });
    const rows = await chief.api['audit.list']({ event: 'finding.accepted' });
    expect(rows.map(({ actor }) => actor)).toEqual(['second', 'reader']);
  });
});

describe('3 one row an act', () => {
  test('3.1 a setting that is set to what it is has none, and no other setting changes with it', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    await api['settings.set']({ theme: 'light', reportWidth: 500 });
    await api['settings.set']({ theme: 'light' });
    expect((await api['settings.get']({})).reportWidth).toBe(500);
    const now = await api['settings.set']({ theme: 'light', reportWidth: 501 });
    expect(now).toMatchObject({ theme: 'light', reportWidth: 501 });
    const auditor = await signedIn(station, 'auditor');
    const rows = await auditor.api['audit.list']({ event: 'settings.changed' });
    expect(rows.map(({ subject }) => subject)).toEqual(['reportWidth', 'theme reportWidth']);
  });

  test('3.2 a radiologist’s day: each act of the list that PS3.15 A.5 has, in its order, once', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    expect(await thrown(api['session.unlock']({ password: 'x' }))).not.toBeNull();
    await api['study.open']({ study });
    await api['draft.open']({ study });
    const finding = { analysis: analysisOfFilm().id, label: LabelId.parse('effusion'), note: '' };
    await api['finding.judge']({ ...finding, verdict: 'rejected' });
    const { revision } = await api['report.status']({ draft: draftId });
    await api['draft.save']({ draft: draftId, revision, document: goodReport() });
    const number = (await signNow(api, 'reader')).inForce?.number ?? 0;
    for (const purpose of ['print', 'export'] as const) await api['report.output']({ draft: draftId, number, purpose });
    await api['session.lock']({});
    for (let twice = 0; twice < 2; twice++) await api['session.unlock']({ password: passwordOf('reader') });
    await api['session.signOut']({});
    const auditor = await signedIn(station, 'auditor');
    const all = await eventsOf(auditor.api, 'reader');
    expect(all.slice(all.lastIndexOf('session.failed') - 1)).toEqual([
      ...['session.signed-in', 'session.failed', 'study.opened', 'report.opened', 'finding.rejected', 'draft.saved'],
      ...['draft.kept', 'check.overridden', 'report.signed', 'report.printed', 'report.exported'],
      ...['session.locked', 'session.unlocked', 'session.signed-out'],
    ]);
  });

  test('3.3 every event that any part of the program writes has its words and its code of PS3.15', () => {
    const files = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((one) => one.isFile() && one.name.endsWith('.ts') && !one.name.endsWith('.test.ts'))
        .map((one) => path.join(one.parentPath, one.name));
    const written = [...files('src/backend'), ...files('src/cli')].flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return [...text.matchAll(/event(?::| =)[^;\n]*|note\('[a-z.-]+'/g)]
        .flatMap(([line]) => [...line.matchAll(/'([a-z]+\.[a-z-]+)'/g)])
        .map(([, event]) => event ?? '');
    });
    expect(written.length).toBeGreaterThan(40);
    expect([...new Set(written)].filter((event) => !Object.hasOwn(auditEvents, event))).toEqual([]);
  });
});
