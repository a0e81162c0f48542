/** A second window of one person: it joins the session of the first, and they are locked, unlocked and ended together. */
import { describe, expect, test } from 'vitest';
import type { SessionState } from '#contract/records.ts';
import { StudyId } from '#core/study/ids.ts';
import {
  ADMINISTRATOR,
  draftId,
  goodReport,
  passwordOf,
  peopledStation,
  signedIn,
  type Station,
} from './recordsStation.ts';

const study = StudyId.parse('1.2.3');
const code = (wanted: string) => expect.objectContaining({ code: wanted }) as unknown;
const thrown = (promise: Promise<unknown>) => promise.then(() => null).catch((error: unknown) => error);

/** Two windows of the reader, and what the second was told. */
async function pair(station: Station) {
  const first = await signedIn(station, 'reader');
  const second = station.window();
  const heard: SessionState['kind'][] = [];
  second.on('session.changed', ({ kind }) => heard.push(kind));
  const { token } = await first.api['session.share']({});
  const state = await second.api['session.join']({ token });
  return { first, second, heard, token, state };
}

describe('1 a second window', () => {
  test('1.1 is let in by the first, as the same person, and the log says so', async () => {
    const station = await peopledStation();
    const { second, state } = await pair(station);
    expect(state).toMatchObject({ kind: 'signed-in', login: 'reader', roles: ['radiologist'] });
    const view = await second.api['draft.open']({ study });
    await second.api['draft.save']({ draft: draftId, revision: view?.draft.revision ?? 0, document: goodReport() });
    const auditor = await signedIn(station, 'auditor');
    const [row] = await auditor.api['audit.list']({ event: 'session.joined' });
    expect(row).toMatchObject({ actor: 'reader', subject: 'reader' });
  });

  test('1.2 the token works once, for seconds, and no other word does', async () => {
    const station = await peopledStation();
    const { first, token } = await pair(station);
    expect(await thrown(station.window().api['session.join']({ token }))).toEqual(code('not-found'));
    expect(await thrown(station.window().api['session.join']({ token: '' }))).toEqual(code('not-found'));
    const { token: late } = await first.api['session.share']({});
    station.later(11_000);
    expect(await thrown(station.window().api['session.join']({ token: late }))).toEqual(code('not-found'));
    const { token: old } = await first.api['session.share']({});
    const { token: newer } = await first.api['session.share']({});
    expect(await thrown(station.window().api['session.join']({ token: old }))).toEqual(code('not-found'));
    expect(await thrown(station.window().api['session.join']({ token: newer }))).toBeNull();
  });

  test('1.3 nobody lets anybody in, neither does a locked window, nor one that has ended', async () => {
    const station = await peopledStation();
    expect(await thrown(station.window().api['session.share']({}))).toEqual(code('signed-out'));
    const { api } = await signedIn(station, 'reader');
    const { token } = await api['session.share']({});
    await api['session.lock']({});
    expect(await thrown(station.window().api['session.join']({ token }))).toEqual(code('not-found'));
    expect(await thrown(api['session.share']({}))).toEqual(code('locked-out'));
    await api['session.unlock']({ password: passwordOf('reader') });
    const { token: again } = await api['session.share']({});
    await api['session.signOut']({});
    expect(await thrown(station.window().api['session.join']({ token: again }))).toEqual(code('not-found'));
  });

  test('1.4 nobody is put out of a window by it', async () => {
    const station = await peopledStation();
    const { api } = await signedIn(station, 'reader');
    const { token } = await api['session.share']({});
    const auditor = await signedIn(station, 'auditor');
    expect(await thrown(auditor.api['session.join']({ token }))).toEqual(code('conflict'));
    expect(await auditor.api['session.state']({})).toMatchObject({ login: 'auditor' });
  });
});

describe('2 two windows, one session', () => {
  test('2.1 locked and unlocked in one, both are; locked, both still save the text that they had open', async () => {
    const station = await peopledStation();
    const { first, second, heard } = await pair(station);
    const view = await second.api['draft.open']({ study });
    await first.api['session.lock']({});
    await expect.poll(() => heard, { timeout: 5000 }).toEqual(['locked']);
    expect(await thrown(second.api['study.list']({}))).toEqual(code('locked-out'));
    const save = {
      draft: draftId,
      revision: view?.draft.revision ?? 0,
      document: goodReport('Typed before the lock.'),
    };
    expect(await thrown(second.api['draft.save'](save))).toBeNull();
    await second.api['session.unlock']({ password: passwordOf('reader') });
    expect((await first.api['session.state']({})).kind).toBe('signed-in');
    expect(await thrown(first.api['study.list']({}))).toBeNull();
  });

  test('2.2 a hand on either keeps both open; without one both are locked', async () => {
    const station = await peopledStation();
    const { first, second, heard } = await pair(station);
    station.later(9 * 60_000);
    await second.api['session.touch']({});
    station.later(9 * 60_000);
    expect(await thrown(first.api['study.list']({}))).toBeNull();
    station.later(60_000);
    expect(await thrown(first.api['study.list']({}))).toEqual(code('locked-out'));
    await expect.poll(() => heard.at(-1), { timeout: 5000 }).toBe('locked');
  });

  test('2.3 signed out in one, both are; so when the account is disabled, and when the session’s time is over', async () => {
    const station = await peopledStation();
    for (const how of ['out', 'other window out', 'time', 'disabled'] as const) {
      const { first, second, heard } = await pair(station);
      if (how === 'out') await first.api['session.signOut']({});
      if (how === 'other window out') await second.api['session.signOut']({});
      if (how === 'time') station.later(12 * 3_600_000);
      if (how === 'disabled') {
        const chief = await signedIn(station, ADMINISTRATOR);
        const { people } = await chief.api['people.list']({});
        const person = people.find(({ login }) => login === 'reader');
        if (person) await chief.api['people.disable']({ person: person.id, disabled: true });
      }
      expect([how, await thrown(first.api['study.list']({}))]).toEqual([how, code('signed-out')]);
      expect([how, await thrown(second.api['study.list']({}))]).toEqual([how, code('signed-out')]);
      if (how !== 'other window out') await expect.poll(() => heard.at(-1), { timeout: 5000 }).toBe('signed-out');
    }
  });

  test('2.4 one that is closed leaves the other where it was', async () => {
    const station = await peopledStation();
    const one = await pair(station);
    one.second.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await thrown(one.first.api['study.list']({}))).toBeNull();
    const other = await pair(station);
    other.first.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await thrown(other.second.api['study.list']({}))).toBeNull();
  });
});
