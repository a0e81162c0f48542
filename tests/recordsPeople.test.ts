/** People: sign-in, lock-out that outlives the program, idle lock that keeps the text, the end of sessions. */
import { describe, expect, test } from 'vitest';
import { append } from '#backend/db/audit.ts';
import { AppError } from '#contract/errors.ts';
import type { SessionState } from '#contract/records.ts';
import { StudyId } from '#core/study/ids.ts';
import { pictureOf } from './recordsChild.ts';
import {
  addPerson,
  ADMINISTRATOR,
  draftId,
  goodReport,
  inStore,
  openStation,
  passwordOf,
  peopledStation,
  signedIn,
  signNow,
  stationFolder,
} from './recordsStation.ts';

const study = StudyId.parse('1.2.3');
const code = (wanted: string, words = /./) =>
  expect.objectContaining({ code: wanted, message: expect.stringMatching(words) as string }) as unknown;
const thrown = (promise: Promise<unknown>) => promise.then(() => null).catch((error: unknown) => error);
const first = {
  login: ADMINISTRATOR,
  name: 'Cordelia Chief',
  password: passwordOf(ADMINISTRATOR),
  radiologist: true,
  acceptWeakKeyStore: true,
};

describe('1 the first administrator', () => {
  test('1.1 makes everybody sign in from then on, in every window', async () => {
    const station = await openStation(stationFolder());
    const [one, two] = [station.window(), station.window()];
    expect((await two.api['study.list']({})).total).toBe(0);
    const heard: SessionState[] = [];
    two.on('session.changed', (state) => heard.push(state));
    const { state } = await one.api['people.first'](first);
    expect(state).toMatchObject({ kind: 'signed-in', login: ADMINISTRATOR, roles: ['radiologist', 'administrator'] });
    expect(await thrown(two.api['study.list']({}))).toEqual(code('signed-out'));
    expect(heard.at(-1)?.kind).toBe('signed-out');
    expect(await thrown(two.api['people.first']({ ...first, login: 'other' }))).toEqual(code('conflict'));
  });

  test('1.2 a weak key store has to be accepted, and a weak password is not', async () => {
    const { api } = (await openStation(stationFolder())).window();
    const state = await api['session.state']({});
    expect(state).toMatchObject({
      kind: 'evaluation',
      weakKeyStore: true,
      keyStore: expect.stringMatching(/key file/) as string,
    });
    expect(await thrown(api['people.first']({ ...first, acceptWeakKeyStore: false }))).toEqual(
      code('refused', /whoever can run programs/),
    );
    for (const [password, words] of [
      ['short', /at least 12/],
      ['aaaaaaaaaaaaaaaa', /different characters/],
      ['chief chief 1', /besides "chief"/],
      ['password12345', /besides "password"/],
      ['abcdefghijklmn', /in a row/],
    ] as const)
      expect(await thrown(api['people.first']({ ...first, password }))).toEqual(code('invalid-input', words));
    await api['people.first'](first);
    expect(await api['key.state']({})).toMatchObject({ weak: true, consent: { login: ADMINISTRATOR }, people: 1 });
  });

  test('1.3 before that nobody can sign a report, and the log names the operating system’s user', async () => {
    const station = await openStation(stationFolder());
    await station.window().api['settings.set']({ theme: 'light' });
    const { api } = station.window();
    await api['people.first'](first);
    const rows = await api['audit.list']({});
    const actorOf = (event: string) => rows.find((row) => row.event === event)?.actor;
    expect(actorOf('settings.changed')).not.toBe(ADMINISTRATOR);
    expect(actorOf('session.signed-in')).toBe(ADMINISTRATOR);
  });
});

describe('1 …', () => {
  test('1.4 where the data came to a weak key store, only an administrator comes in before one has accepted that', async () => {
    const station = await peopledStation();
    await station.close();
    await inStore(station.folder, (store) => {
      store.write((write) => {
        write.run(`DELETE FROM policies WHERE name = 'weak-key-store'`);
        append(write, { at: 1, actor: 'test', event: 'policy.changed', subject: 'weak-key-store' });
      });
    });
    const again = await station.again();
    expect(await thrown(signedIn(again, 'reader'))).toEqual(code('refused', /kept weakly/));
    const { api } = await signedIn(again, ADMINISTRATOR);
    expect(await api['key.state']({})).toMatchObject({ weak: true, consent: null });
    expect((await api['key.consent']({})).consent?.login).toBe(ADMINISTRATOR);
    await signedIn(again, 'reader');
  });
});

describe('2 passwords', () => {
  test('2.1 a wrong name and a wrong password are told alike; five failures wait, longer each time, also after a restart', async () => {
    let now = Date.now();
    let station = await peopledStation({ now: () => now });
    let { api } = station.window();
    const unknown = await thrown(api['session.signIn']({ login: 'nobody-here', password: 'x' }));
    const wrong = await thrown(api['session.signIn']({ login: 'reader', password: 'x' }));
    expect(unknown).toEqual(wrong);
    for (let n = 0; n < 4; n++)
      expect(await thrown(api['session.signIn']({ login: 'reader', password: 'x' }))).toEqual(code('refused'));
    const right = { login: 'reader', password: passwordOf('reader') };
    expect(await thrown(api['session.signIn'](right))).toEqual(code('locked-out', /Wait 30 seconds/));
    station = await station.again();
    ({ api } = station.window());
    expect(await thrown(api['session.signIn'](right))).toEqual(code('locked-out'));
    now += 31_000;
    expect(await thrown(api['session.signIn']({ login: 'reader', password: 'x' }))).toEqual(code('refused'));
    expect(await thrown(api['session.signIn'](right))).toEqual(code('locked-out', /Wait 60 seconds/));
    now += 61_000;
    expect((await api['session.signIn'](right)).state.kind).toBe('signed-in');
    const auditor = await signedIn(station, 'auditor');
    const failed = await auditor.api['audit.list']({ event: 'session.failed', actor: 'reader' });
    // Of the attempts while the account waits, the first of each wait, and of each start of the program.
    expect(failed.filter(({ detail }) => detail.includes('locked-out'))).toHaveLength(3);
    expect(failed).toHaveLength(9);
  });

  test('2.2 many guesses at once do not slip past the lock-out', async () => {
    const station = await peopledStation();
    const { api } = station.window();
    const guesses = Array.from({ length: 20 }, (_, n) =>
      api['session.signIn']({ login: 'reader', password: `guess ${n}` }),
    );
    guesses.push(api['session.signIn']({ login: 'reader', password: passwordOf('reader') }));
    const outcomes = await Promise.allSettled(guesses);
    const codes = outcomes.map((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as { code: string }).code : 'in',
    );
    expect(codes.filter((one) => one === 'refused')).toHaveLength(5);
    expect(codes.filter((one) => one === 'locked-out')).toHaveLength(16);
  });

  test('2.3 guessing at the signature or at the lock counts too', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    for (let n = 0; n < 5; n++) expect(await thrown(api['session.unlock']({ password: 'x' }))).toEqual(code('refused'));
    const { revision, sha256 } = await api['report.review']({ draft: draftId });
    const sign = { draft: draftId, revision, sha256, password: passwordOf('reader'), overrides: [] };
    expect(await thrown(api['report.sign'](sign))).toEqual(code('locked-out'));
  });

  test('2.4 one’s own is changed with the old one; an administrator’s new one has to be changed and ends the sessions', async () => {
    const station = await peopledStation();
    const [one, two] = [await signedIn(station, 'reader'), await signedIn(station, 'reader')];
    const next = 'another row of lamps';
    expect(await thrown(one.api['people.changePassword']({ old: 'x', next }))).toEqual(code('refused'));
    await one.api['people.changePassword']({ old: passwordOf('reader'), next });
    expect((await one.api['session.state']({})).kind).toBe('signed-in');
    expect(await two.api['session.state']({})).toMatchObject({
      kind: 'signed-out',
      reason: 'The password was changed. Sign in again.',
    });

    const chief = await signedIn(station, ADMINISTRATOR);
    const { people } = await chief.api['people.list']({});
    const reader = people.find(({ login }) => login === 'reader');
    if (!reader) throw new Error('no reader');
    await chief.api['people.resetPassword']({ person: reader.id, password: 'a third row of lamps' });
    expect((await one.api['session.state']({})).kind).toBe('signed-out');
    const again = station.window();
    const { state } = await again.api['session.signIn']({ login: 'reader', password: 'a third row of lamps' });
    expect(state).toMatchObject({ mustChangePassword: true });
  });

  test('2.5 a login is given once; the last administrator stays; an auditor has no other role', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, ADMINISTRATOR);
    const person = {
      login: 'reader',
      name: 'Another',
      roles: ['radiologist' as const],
      password: 'a row of lamps here',
    };
    expect(await thrown(api['people.create'](person))).toEqual(code('conflict', /was given before/));
    const both = { ...person, login: 'both', roles: ['auditor' as const, 'radiologist' as const] };
    expect(await thrown(api['people.create'](both))).toEqual(code('invalid-input', /no other role/));
    const { people } = await api['people.list']({});
    const chief = people.find(({ login }) => login === ADMINISTRATOR);
    if (!chief) throw new Error('no chief');
    expect(await thrown(api['people.disable']({ person: chief.id, disabled: true }))).toEqual(
      code('refused', /administrator to be left/),
    );
    expect(await thrown(api['people.change']({ person: chief.id, name: 'C', roles: ['radiologist'] }))).toEqual(
      code('refused'),
    );
  });

  test('2.6 who is disabled is out at once and cannot come in', async () => {
    const station = await peopledStation();
    const reader = await signedIn(station, 'reader');
    const chief = await signedIn(station, ADMINISTRATOR);
    const { people } = await chief.api['people.list']({});
    const person = people.find(({ login }) => login === 'reader')?.id;
    if (!person) throw new Error('no reader');
    await chief.api['people.disable']({ person, disabled: true });
    expect(await thrown(reader.api['study.list']({}))).toEqual(code('signed-out'));
    const { api } = station.window();
    expect(await thrown(api['session.signIn']({ login: 'reader', password: passwordOf('reader') }))).toEqual(
      code('refused'),
    );
    expect((await chief.api['key.state']({})).people).toBe(2);
  });

  test('2.7 a name that nobody has waits like one that there is', async () => {
    let now = Date.now();
    const station = await peopledStation({ now: () => now });
    const { api } = station.window();
    const guess = (login: string) => thrown(api['session.signIn']({ login, password: 'x' }));
    for (let n = 0; n < 5; n++) expect(await guess('nobody-here')).toEqual(await guess('reader'));
    const [none, one] = [await guess('nobody-here'), await guess('reader')];
    expect([none, one]).toEqual([code('locked-out', /Wait 30 seconds/), code('locked-out', /Wait 30 seconds/)]);
    expect(await guess('somebody-else')).toEqual(code('refused'));
    now += 31_000;
    expect(await guess('nobody-here')).toEqual(code('refused'));
    expect(await guess('nobody-here')).toEqual(code('locked-out', /Wait 60 seconds/));
  });

  test('2.8 while nothing can be written nobody guesses on', async () => {
    const station = await peopledStation();
    const { api } = station.window();
    const chief = await signedIn(station, ADMINISTRATOR);
    // As on a full disk, the failures do not reach the database.
    const changing = chief.api['key.change']({ password: passwordOf(ADMINISTRATOR) });
    for (let width = 420, busy = false; !busy; width++)
      busy = (await thrown(chief.api['settings.set']({ reportWidth: width }))) !== null;
    const guesses = Array.from({ length: 12 }, () => thrown(api['session.signIn']({ login: 'reader', password: 'x' })));
    const codes = (await Promise.all(guesses)).map((error) => (error instanceof AppError ? error.code : 'in'));
    await changing;
    expect(codes[0]).toBe('busy');
    expect(codes.slice(5)).toEqual(Array(7).fill('locked-out'));
  });
});

describe('3 sessions', () => {
  test('3.1 an idle window is locked; its own text is still saved; the password opens it', async () => {
    const station = await peopledStation();
    const { api, on } = await signedIn(station, 'reader');
    const heard: string[] = [];
    on('session.changed', ({ kind }) => heard.push(kind));
    const view = await api['draft.open']({ study });
    station.later(9 * 60_000);
    await api['session.touch']({});
    station.later(9 * 60_000);
    expect((await api['session.state']({})).kind).toBe('signed-in');
    station.later(60_000);
    await expect.poll(() => heard.at(-1), { timeout: 5000 }).toBe('locked');
    expect(await thrown(api['study.list']({}))).toEqual(code('locked-out'));
    const revision = view?.draft.revision ?? -1;
    const saved = await api['draft.save']({ draft: draftId, revision, document: goodReport('Typed before the lock.') });
    expect(saved.revision).toBe(revision + 1);
    expect(await thrown(api['draft.open']({ study }))).toEqual(code('locked-out'));
    expect(await thrown(api['session.unlock']({ password: 'x' }))).toEqual(code('refused'));
    expect((await api['session.unlock']({ password: passwordOf('reader') })).kind).toBe('signed-in');
    expect(JSON.stringify((await api['draft.open']({ study }))?.draft.document)).toContain('Typed before the lock.');
    const auditor = await signedIn(station, 'auditor');
    const events = (await auditor.api['audit.list']({ actor: 'reader' })).map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['session.locked', 'session.unlocked', 'draft.saved']));
  });

  test('3.2 a locked window saves no text that it had not open', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    await api['session.lock']({});
    const save = { draft: draftId, revision: 0, document: goodReport() };
    expect(await thrown(api['draft.save'](save))).toEqual(code('locked-out'));
  });

  test('3.3 the session goes along to a new line of the same page, once and for a minute, and to nobody else', async () => {
    const station = await peopledStation();
    const window = station.window();
    const { token } = await window.api['session.signIn']({ login: 'reader', password: passwordOf('reader') });
    const other = station.window();
    expect(await thrown(other.api['session.resume']({ token }))).toEqual(code('not-found'));
    window.close();
    await expect.poll(async () => thrown(other.api['session.resume']({ token })), { timeout: 5000 }).toBeNull();
    expect(await other.api['session.state']({})).toMatchObject({ kind: 'signed-in', login: 'reader' });
    expect(await thrown(station.window().api['session.resume']({ token }))).toEqual(code('not-found'));
    other.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    station.later(61_000);
    expect(await thrown(station.window().api['session.resume']({ token }))).toEqual(code('not-found'));
  });

  test('3.4 it ends after twelve hours, when signed out, and with the program', async () => {
    let station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    const chief = await signedIn(station, ADMINISTRATOR);
    await chief.api['security.set']({ idleMinutes: 120, sessionHours: 1 });
    const short = await signedIn(station, 'reader');
    await short.api['session.signOut']({});
    expect(await thrown(short.api['study.list']({}))).toEqual(code('signed-out'));
    const hour = await signedIn(station, 'reader');
    station.later(3_600_000);
    expect(await thrown(hour.api['study.list']({}))).toEqual(code('signed-out', /come to its end/));
    expect(await thrown(api['study.list']({}))).toBeNull();
    station = await station.again();
    expect((await station.window().api['session.state']({})).kind).toBe('signed-out');
  });

  test('3.5 a window where nobody sits hears of no study', async () => {
    const station = await peopledStation();
    const [reader, auditor, chief, nobody] = [
      await signedIn(station, 'reader'),
      await signedIn(station, 'auditor'),
      await signedIn(station, ADMINISTRATOR),
      station.window(),
    ];
    const heard: string[] = [];
    const windows = { reader, auditor, chief, nobody };
    for (const [who, { on }] of Object.entries(windows)) on('draft.changed', () => heard.push(who));
    const { revision } = await reader.api['report.status']({ draft: draftId });
    await reader.api['draft.save']({ draft: draftId, revision, document: goodReport() });
    await expect.poll(() => [...heard].sort(), { timeout: 5000 }).toEqual(['auditor', 'reader']);
    await nobody.api['session.state']({});
    expect([...heard].sort()).toEqual(['auditor', 'reader']);
    // Nor of what its study's key images are, or anything else that names it.
    heard.length = 0;
    for (const [who, { on }] of Object.entries(windows)) {
      on('keyImage.changed', () => heard.push(who));
      on('critical.changed', () => heard.push(who));
    }
    const png = pictureOf(1);
    const kept = { study, draft: null, width: 64, height: 80, caption: '', overlay: '', plain: png, marked: null };
    await reader.api['keyImage.keep'](kept);
    const critical = { study, draft: draftId, finding: 'pneumothorax', urgency: 'now' as const, foundAt: Date.now() };
    await reader.api['critical.found'](critical);
    await expect.poll(() => heard.length, { timeout: 5000 }).toBe(4);
    await nobody.api['session.state']({});
    expect([...new Set(heard)].sort()).toEqual(['auditor', 'reader']);
  });

  test('3.6 two people at work at once: each row of the log names who did it', async () => {
    const station = await peopledStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    await addPerson(chief.api, station, 'second', 'radiologist');
    const [one, two] = [await signedIn(station, 'reader'), await signedIn(station, 'second')];
    await Promise.all([
      one.api['settings.set']({ reportWidth: 500 }),
      two.api['study.open']({ study }),
      one.api['study.open']({ study }),
    ]);
    const { revision } = await two.api['report.status']({ draft: draftId });
    await two.api['draft.save']({ draft: draftId, revision, document: goodReport() });
    await signNow(two.api, 'second');
    await station.close();
    await inStore(station.folder, (store) => {
      const rows = store.audit.list({ limit: 1000 });
      const actors = (event: string) => rows.filter((row) => row.event === event).map(({ actor }) => actor);
      expect(actors('study.opened').sort()).toEqual(['reader', 'second']);
      expect(actors('settings.changed')).toEqual(['reader']);
      expect(actors('report.signed')).toEqual(['second']);
    });
  });
});
