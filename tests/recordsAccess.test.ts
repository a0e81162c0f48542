/** Every call as every role, as nobody, in a locked window and while there are no people: the whole table of rights. */
import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { calls } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import { access, type Access } from '#contract/roles.ts';
import type { Store } from '#backend/db/store.ts';
import {
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
  type Window,
} from './recordsStation.ts';

type Name = keyof typeof calls;
const names = Object.keys(calls) as Name[];
const rules: Record<Name, Access> = access;

/** An input that the call's schema takes; nothing of it exists. */
function sampleFor(name: Name): unknown {
  const schema: z.ZodType = calls[name].input;
  const sample = sampleOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  const input: unknown = ['upload.piece', 'template.read', 'template.keep'].includes(name)
    ? Object.assign({}, sample, { bytes: new Uint8Array(1) })
    : sample;
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new Error(`no sample for ${name}: ${z.prettifyError(parsed.error)}`);
  return input;
}

type Json = z.core.JSONSchema.BaseSchema;

function sampleOf(schema: Json): unknown {
  if (schema.anyOf ?? schema.oneOf) {
    const ways = schema.anyOf ?? schema.oneOf ?? [];
    return sampleOf(ways.find(({ type }) => type === 'null') ?? ways[0] ?? {});
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'object') {
    const entries = Object.entries(schema.properties ?? {}).filter(([key]) => schema.required?.includes(key));
    const named = Object.fromEntries(entries.map(([key, value]) => [key, sampleOf(value as Json)]));
    const keys = (schema.propertyNames as Json | undefined)?.enum ?? [];
    return {
      ...named,
      ...Object.fromEntries(keys.map((key) => [String(key), sampleOf(schema.additionalProperties as Json)])),
    };
  }
  if (schema.type === 'array') return schema.minItems ? [sampleOf(schema.items as Json)] : [];
  if (schema.type === 'boolean') return false;
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1);
  // Bytes have no JSON schema.
  if (schema.type === undefined) return new Uint8Array(1);
  if (schema.type === 'string') return schema.pattern?.includes('0-9a-f') ? 'a'.repeat(64) : 'nothing-of-this';
  return null;
}

/** Their work is long; that they are refused is still tried. */
const long: readonly Name[] = ['import.demo', 'engine.choose'];
/** They change who sits at the window: tried in windows of their own. */
const seats: readonly Name[] = ['session.signOut', 'session.lock', 'session.signIn', 'session.resume', 'people.first'];

const refusals: readonly string[] = ['signed-out', 'locked-out', 'forbidden'];

/** The code of a refusal by the guard; empty when the call got through to its handler, whatever that said. */
async function refusalOf(window: Window, name: Name): Promise<string> {
  const call = window.api[name] as (input: unknown) => Promise<unknown>;
  return call(sampleFor(name)).then(
    () => '',
    (error: unknown) => (error instanceof AppError && refusals.includes(error.code) ? error.code : ''),
  );
}

/** Every row of every table but the log and peer review, and what signing in leaves with a person. */
const tablesOf = ({ read }: Store): Record<string, string> => {
  const names = read.plain(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`);
  const kept = names.map(([name]) => String(name)).filter((name) => name !== 'audit' && !name.startsWith('review'));
  return Object.fromEntries(kept.map((name) => [name, JSON.stringify(read.plain(`SELECT * FROM "${name}"`))]));
};

describe('1 every call', () => {
  test('1.1 has an entry and a sample', () => {
    expect(Object.keys(access).sort()).toEqual([...names].sort());
    for (const name of names) sampleFor(name);
  });

  test('1.2 as nobody: only what comes before sign-in', async () => {
    const station = await peopledStation();
    const window = station.window();
    for (const name of names) {
      const expected = rules[name].for === 'anyone' ? '' : 'signed-out';
      expect([name, await refusalOf(window, name)]).toEqual([name, expected]);
    }
    expect(await window.api['app.state']({})).toMatchObject({ studies: 0, openAtStart: [] });
  });

  test.each(['radiologist', 'auditor', 'administrator'] as const)('1.3 as %s', { timeout: 60_000 }, async (role) => {
    const station = await peopledStation();
    const login = { radiologist: 'reader', auditor: 'auditor', administrator: ADMINISTRATOR }[role];
    const fresh = async () => {
      const window = station.window();
      await window.api['session.signIn']({ login, password: passwordOf(login) });
      return window;
    };
    const window = await fresh();
    for (const name of names) {
      const may = typeof rules[name].for === 'string' || rules[name].for.includes(role);
      if (may && long.includes(name)) continue;
      const seat = seats.includes(name) ? await fresh() : window;
      expect([name, await refusalOf(seat, name)]).toEqual([name, may ? '' : 'forbidden']);
    }
  });

  test('1.4 in a locked window: what ends the lock, nothing else', async () => {
    const station = await peopledStation();
    const window = station.window();
    await window.api['session.signIn']({ login: 'reader', password: passwordOf('reader') });
    await window.api['session.lock']({});
    for (const name of names.filter((one) => !seats.includes(one) && one !== 'session.unlock')) {
      const expected = rules[name].locked === true ? '' : 'locked-out';
      expect([name, await refusalOf(window, name)]).toEqual([name, expected]);
    }
  });

  test('1.5 with the password that an administrator gave: only what changes it', async () => {
    const station = await peopledStation();
    const chief = station.window();
    await chief.api['session.signIn']({ login: ADMINISTRATOR, password: passwordOf(ADMINISTRATOR) });
    const first = 'lamps that nobody has lit';
    await chief.api['people.create']({ login: 'new', name: 'New One', roles: ['radiologist'], password: first });
    const window = station.window();
    await window.api['session.signIn']({ login: 'new', password: first });
    for (const name of names.filter((one) => !seats.includes(one)))
      expect([name, await refusalOf(window, name)]).toEqual([name, rules[name].firstPassword ? '' : 'forbidden']);
  });

  test('1.6 while there are no people: everything as one user, but nothing that a person answers for', async () => {
    const station = await openStation(stationFolder());
    const { api } = station.window();
    expect(await api['session.state']({})).toMatchObject({ kind: 'evaluation', weakKeyStore: true });
    for (const name of names.filter((one) => !rules[one].evaluation && one !== 'session.resume')) {
      const call = api[name] as (input: unknown) => Promise<unknown>;
      const error = await call(sampleFor(name)).catch((thrown: unknown) => thrown);
      expect([name, error]).toEqual([name, expect.objectContaining({ code: 'refused' })]);
    }
    const open = names.filter((name) => rules[name].evaluation && !long.includes(name) && name !== 'people.first');
    const window = station.window();
    for (const name of open) expect([name, await refusalOf(window, name)]).toEqual([name, '']);
  });

  test('1.7 an auditor who asks for everything with what is really there changes nothing but the log and peer review', async () => {
    const station = await peopledStation();
    const reader = await signedIn(station, 'reader');
    const { revision } = await reader.api['report.status']({ draft: draftId });
    await reader.api['draft.save']({ draft: draftId, revision, document: goodReport() });
    const signed = await signNow(reader.api, 'reader');
    await station.close();
    const before = await inStore(station.folder, tablesOf);
    const again = await station.again();
    const { api } = await signedIn(again, 'auditor');
    const { id: review } = await api['review.give']({ draft: draftId, version: 2, score: 3, comment: 'read again' });
    const really: Record<string, unknown> = {
      ...{ draft: draftId, study: '1.2.3', analysis: 'analysis-1', instance: '1.2.3.1.1', label: 'effusion' },
      ...{ revision: signed.revision, number: 1, version: 2, lateImages: 1, review, login: 'auditor' },
    };
    // Of oneself: who sits here, and what a wrong password counts.
    const last: readonly string[] = [...seats, 'session.unlock', 'people.changePassword'];
    for (const name of names.filter((one) => !last.includes(one) && !one.startsWith('review.'))) {
      const call = api[name] as (input: unknown) => Promise<unknown>;
      const sample = sampleFor(name);
      const known = Object.entries(sample as Record<string, unknown>).map(([key, value]) => [
        key,
        really[key] ?? value,
      ]);
      await call(Object.fromEntries(known) as unknown).catch(() => undefined);
    }
    await again.close();
    expect(await inStore(station.folder, tablesOf)).toEqual(before);
  });

  test('1.8 what is in no table is answered to nobody', async () => {
    const station = await peopledStation();
    const { api } = station.window();
    const call = (api as unknown as Record<string, unknown>)['toString'];
    expect(call).toBe(Object.prototype.toString);
    for (const name of ['__proto__', 'constructor', 'people.everything'])
      expect(Object.hasOwn(access, name)).toBe(false);
  });
});
