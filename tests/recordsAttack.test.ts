/** An attacker's afternoon (docs/threat-model.md): what each can reach who holds one thing that should not be theirs. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { openDatabase } from '#backend/db/open.ts';
import { writeAuditHead } from '#backend/files/auditHead.ts';
import { layoutOf } from '#backend/files/dataFolder.ts';
import { openKeys } from '#backend/files/keys.ts';
import { canonicalJson } from '#backend/files/json.ts';
import { product } from '#contract/calls.ts';
import { webSocket } from '#contract/ports/webSocket.ts';
import { connect } from '#contract/rpc.ts';
import { StudyId } from '#core/study/ids.ts';
import { startServer } from './drive/server.ts';
import { foundUnder } from './search.ts';
import { random } from './storeFilms.ts';
import {
  ADMINISTRATOR,
  draftId,
  goodReport,
  inStore,
  passwordOf,
  peopledStation,
  signedIn,
  signNow,
  storeOptions,
  type Station,
} from './recordsStation.ts';

const study = StudyId.parse('1.2.3');
const code = (wanted: string) => expect.objectContaining({ code: wanted }) as unknown;
const thrown = (promise: Promise<unknown>) => promise.then(() => null).catch((error: unknown) => error);
const layoutIn = (station: Station) => layoutOf(storeOptions(station.folder).dataFolder);

async function signedStation(): Promise<Station> {
  const station = await peopledStation();
  const { api } = await signedIn(station, 'reader');
  const { revision } = await api['report.status']({ draft: draftId });
  await api['draft.save']({ draft: draftId, revision, document: goodReport() });
  await signNow(api, 'reader');
  return station;
}

describe('1 with the data folder, without a key', () => {
  test('1.1 nothing of a patient or a password can be read', async () => {
    const station = await signedStation();
    await station.close();
    const { root } = layoutIn(station);
    // Words long enough that encrypted bytes do not hold them by chance.
    const words = ['Quixano', 'PATIENT-1', 'ACC-1', 'pleural', 'Doctor reader', passwordOf('reader')];
    expect(foundUnder(root, words)).toEqual([]);
    const { database } = layoutIn(station);
    for (const key of [new Uint8Array(32), random(32)])
      expect(() => openDatabase(database, key)).toThrow(/its key does not open/);
  });

  test('1.2 a changed byte, another folder’s files and an edited head are found out', async () => {
    const [station, other] = [await signedStation(), await signedStation()];
    await Promise.all([station.close(), other.close()]);
    const mine = layoutIn(station);
    const good = readFileSync(mine.auditHead, 'utf8');
    writeFileSync(mine.auditHead, good.replace(/"seq":\d+/, '"seq":1'));
    await inStore(station.folder, async (store) => expect((await store.audit.verify()).problem).toMatch(/mark/));
    writeFileSync(mine.auditHead, good);
    copyFileSync(layoutIn(other).database, mine.database);
    await expect(inStore(station.folder, () => undefined)).rejects.toThrow(/its key does not open/);
  });

  test('1.3 an older copy of the whole folder shows only against a head that somebody kept elsewhere', async () => {
    const station = await signedStation();
    await station.close();
    const { database, auditHead } = layoutIn(station);
    for (const file of [database, auditHead]) copyFileSync(file, `${file}.older`);
    const again = await station.again();
    const { api } = await signedIn(again, ADMINISTRATOR);
    await api['security.set']({ idleMinutes: 5, sessionHours: 8 });
    const kept = await api['audit.head']({});
    await again.close();
    for (const file of [database, auditHead]) copyFileSync(`${file}.older`, file);
    await inStore(station.folder, async (store) => {
      expect((await store.audit.verify()).intact).toBe(true);
      expect(await store.audit.verify([kept])).toMatchObject({
        intact: false,
        problem: expect.stringMatching(/older copy/) as string,
      });
    });
  });
});

describe('2 with the port of browser mode', () => {
  test(
    '2.1 the port alone, another page’s name for it, the cookie alone: nothing is read, changed or signed',
    { timeout: 60_000 },
    async () => {
      const station = await signedStation();
      await station.close();
      const home = station.folder;
      copyFileSync(path.join(home, 'config', 'machine.key'), path.join(home, 'machine.key'));
      const server = await startServer(home);
      onTestFinished(async () => {
        await server.close();
        rmSync(path.join(home, 'machine.key'));
      });
      const { port, search } = new URL(server.address());
      const ask = async (headers: Record<string, string>, at = '/') => {
        const sent = request({ host: '127.0.0.1', port, path: at, headers });
        sent.end();
        const [response] = (await once(sent, 'response')) as [IncomingMessage];
        response.resume();
        return response;
      };
      const knock = (headers: Record<string, string>) =>
        new Promise<number | WebSocket>((resolve, reject) => {
          const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers });
          socket.once('open', () => resolve(socket));
          socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
          socket.once('error', reject);
        });
      const origin = `http://127.0.0.1:${port}`;
      expect((await ask({})).statusCode).toBe(403);
      expect((await ask({ host: 'raddraft.example' })).statusCode).toBe(421);
      expect(await knock({ origin })).toBe(403);

      // A browser sends this cookie to every port of 127.0.0.1: whoever listens there has it then.
      const cookie = (await ask({}, `/${search}`)).headers['set-cookie']?.[0]?.split(';')[0] ?? '';
      expect(cookie).toMatch(/^raddraft-/);
      expect(await knock({ cookie, origin: 'http://127.0.0.1:1' })).toBe(403);
      const socket = await knock({ cookie, origin });
      if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
      const { api } = connect(webSocket(socket), product);
      expect(await api['session.state']({})).toMatchObject({ kind: 'signed-out' });
      expect(await thrown(api['study.list']({}))).toEqual(code('signed-out'));
      expect(await thrown(api['draft.open']({ study }))).toEqual(code('signed-out'));
      expect(await thrown(api['draft.save']({ draft: draftId, revision: 0, document: goodReport('Forged.') }))).toEqual(
        code('signed-out'),
      );
      const sign = {
        draft: draftId,
        revision: 0,
        sha256: 'a'.repeat(64),
        password: passwordOf('reader'),
        overrides: [],
      };
      expect(await thrown(api['report.sign'](sign))).toEqual(code('signed-out'));
      expect(await thrown(api['audit.export']({ format: 'csv' }))).toEqual(code('signed-out'));
      expect(await api['app.state']({})).toMatchObject({ studies: 0, openAtStart: [] });
      socket.close();
    },
  );
});

describe('3 with an auditor’s password', () => {
  test('3.1 everything can be read and nothing changed, and every look is in the log', async () => {
    const station = await signedStation();
    const { api } = await signedIn(station, 'auditor');
    expect((await api['study.list']({})).total).toBe(1);
    const view = await api['draft.open']({ study });
    const revision = view?.draft.revision ?? 0;
    expect(await thrown(api['draft.save']({ draft: draftId, revision, document: goodReport('Forged.') }))).toEqual(
      code('forbidden'),
    );
    expect(await thrown(api['report.correct']({ draft: draftId, revision, reason: 'forged' }))).toEqual(
      code('forbidden'),
    );
    const { sha256 } = await api['report.review']({ draft: draftId });
    const sign = { draft: draftId, revision, sha256, password: passwordOf('auditor'), overrides: [] };
    expect(await thrown(api['report.sign'](sign))).toEqual(code('forbidden'));
    expect(await thrown(api['settings.set']({ theme: 'light' }))).toEqual(code('forbidden'));
    const events = (await api['audit.list']({ actor: 'auditor' })).map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['session.signed-in', 'report.opened']));
  });
});

describe('4 as a reader who is signed in', () => {
  test('4.1 cannot sign as somebody else, undo a signature, read the log or make people', async () => {
    const station = await signedStation();
    const { api } = await signedIn(station, 'reader');
    const { revision } = await api['report.status']({ draft: draftId });
    const { sha256 } = await api['report.review']({ draft: draftId });
    const sign = { draft: draftId, revision, sha256, overrides: [] };
    expect(await thrown(api['report.sign']({ ...sign, password: passwordOf(ADMINISTRATOR) }))).toEqual(code('refused'));
    expect(await thrown(api['report.sign']({ ...sign, password: passwordOf('reader') }))).toEqual(code('conflict'));
    expect(await thrown(api['draft.save']({ draft: draftId, revision, document: goodReport('Forged.') }))).toEqual(
      code('conflict'),
    );
    expect(await thrown(api['report.discard']({ draft: draftId, revision, reason: 'to hide it' }))).toEqual(
      code('conflict'),
    );
    expect(await thrown(api['audit.list']({}))).toEqual(code('forbidden'));
    expect(await thrown(api['backup.make']({ to: null }))).toEqual(code('forbidden'));
    expect(await thrown(api['people.list']({}))).toEqual(code('forbidden'));
  });
});

describe('5 as an administrator with the machine, its key and its program', () => {
  test('5.1 can write a whole new log, which only a head kept elsewhere tells from the old one', async () => {
    const station = await signedStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const kept = await chief.api['audit.head']({});
    await station.close();
    const layout = layoutIn(station);
    const keys = openKeys(layout.keys, storeOptions(station.folder).machineSecret, random, false);
    const database = openDatabase(layout.database, keys.database);
    database.exec('DROP TRIGGER audit_never_changed');
    const rows = database.prepare<[], Record<string, string | number>>('SELECT * FROM audit ORDER BY seq').all();
    const change = database.prepare('UPDATE audit SET actor = ?, previous = ?, hash = ? WHERE seq = ?');
    let head = { seq: 0, hash: '0'.repeat(64) };
    for (const { seq, at, actor, event, subject, detail } of rows) {
      const forged = actor === 'reader' ? 'somebody-else' : String(actor);
      const text = canonicalJson([seq, at, forged, event, subject, detail, head.hash]);
      const hash = createHash('sha256').update(text).digest('hex');
      change.run(forged, head.hash, hash, seq);
      head = { seq: Number(seq), hash };
    }
    database.exec(`CREATE TRIGGER audit_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'no'); END`);
    database.close();
    writeAuditHead(layout.auditHead, keys.auditHead, head);
    await inStore(station.folder, async (store) => {
      expect((await store.audit.verify()).intact).toBe(true); // said so in docs/threat-model.md
      expect((await store.audit.verify([kept])).problem).toMatch(/not the one whose hash you kept/);
    });
    expect(kept.text).toMatch(/does not stop an\s+administrator/);
  });

  test('5.2 cannot read anybody’s password, nor sign in as them without changing it, which is in the log', async () => {
    const station = await signedStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const { people } = await chief.api['people.list']({});
    expect(JSON.stringify(people)).not.toMatch(/proof|kdf|salt/);
    const reader = people.find(({ login }) => login === 'reader');
    if (!reader) throw new Error('no reader');
    await chief.api['people.resetPassword']({ person: reader.id, password: 'a key for the back door' });
    const rows = await chief.api['audit.list']({ event: 'person.password-reset' });
    expect(rows[0]).toMatchObject({ actor: ADMINISTRATOR, subject: 'reader' });
    const { api } = station.window();
    expect(await thrown(api['session.signIn']({ login: 'reader', password: passwordOf('reader') }))).toEqual(
      code('refused'),
    );
  });
});
