/** The audit log as people use it: what is in it, the head at every signature, verifying, filtering, exporting. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { append } from '#backend/db/audit.ts';
import { auditEvents } from '#core/audit/events.ts';
import { LabelId, StudyId } from '#core/study/ids.ts';
import { importPicture, pictureOf } from './recordsChild.ts';
import { analysisOfFilm } from './storeFilms.ts';
import {
  ADMINISTRATOR,
  draftId,
  goodReport,
  inStore,
  peopledStation,
  signedIn,
  signNow,
  type Api,
  type Station,
} from './recordsStation.ts';

const study = StudyId.parse('1.2.3');

async function work(station: Station): Promise<void> {
  const { api } = await signedIn(station, 'reader');
  await api['study.open']({ study });
  await api['study.open']({ study });
  const { instance } = await importPicture(api, pictureOf(1), { patientName: 'Quixano^Alonso', patientId: 'picture' });
  for (let look = 0; look < 2 && instance; look++) await api['image.info']({ instance, frame: 0 });
  await api['draft.open']({ study });
  const { revision } = await api['report.status']({ draft: draftId });
  await api['draft.save']({ draft: draftId, revision, document: goodReport('Words that no log may hold.') });
  const finding = { analysis: analysisOfFilm().id, label: LabelId.parse('effusion') };
  await api['finding.judge']({ ...finding, verdict: 'rejected', note: 'a note that no log may hold' });
  await signNow(api, 'reader');
  await api['session.signOut']({});
}

async function exported(api: Api, format: 'csv' | 'json' | 'xml'): Promise<string> {
  let text = '';
  for (let after: number | null = 0; after !== null;) {
    const part: { text: string; next: number | null } = await api['audit.export']({ format, after });
    text += part.text;
    after = part.next;
  }
  return text;
}

describe('the audit log', () => {
  test('1.1 names what happened, once a look, by whom, and holds no word of a report', async () => {
    const station = await peopledStation();
    await work(station);
    const { api } = await signedIn(station, 'auditor');
    const rows = await api['audit.list']({ limit: 1000 });
    const mine = rows.filter(({ actor }) => actor === 'reader').map(({ event }) => event);
    for (const event of [
      'session.signed-in',
      'study.opened',
      'report.opened',
      'instance.imported',
      'image.viewed',
      'draft.saved',
      'finding.rejected',
      'report.signed',
      'session.signed-out',
    ])
      expect(mine).toContain(event);
    for (const once of ['study.opened', 'image.viewed']) expect(mine.filter((event) => event === once)).toHaveLength(1);
    for (const { event } of rows) expect(Object.keys(auditEvents)).toContain(event);
    expect(JSON.stringify(rows)).not.toMatch(/no log may hold|Quixano|seven green lamps/);
  });

  test('1.2 its head is outside the database at every signature', async () => {
    const station = await peopledStation();
    await work(station);
    const head = JSON.parse(readFileSync(path.join(station.folder, 'data', 'audit-head.json'), 'utf8')) as {
      seq: number;
    };
    const { api } = await signedIn(station, 'auditor');
    const [signature] = await api['audit.list']({ event: 'report.signed' });
    expect(head.seq).toBeGreaterThanOrEqual(signature?.seq ?? Infinity);
  });

  test('1.3 is filtered by person, event, its beginning, subject and time, and paged', async () => {
    const station = await peopledStation();
    await work(station);
    const { api } = await signedIn(station, 'auditor');
    const list = (query: Parameters<Api['audit.list']>[0]) => api['audit.list'](query);
    expect((await list({ actor: 'reader' })).every(({ actor }) => actor === 'reader')).toBe(true);
    expect((await list({ event: 'session.' })).map(({ event }) => event)).toContain('session.signed-out');
    expect((await list({ subject: draftId })).length).toBeGreaterThan(3);
    const [newest, second] = await list({ limit: 2 });
    expect((await list({ limit: 1, before: newest?.seq ?? 0 }))[0]?.seq).toBe(second?.seq);
    expect(await list({ to: 0 })).toEqual([]);
    // Turning pages is one look; each first page is a row.
    expect((await list({ event: 'log.viewed' })).length).toBe(5);
  });

  test('1.4 exports whole in each form, and to export it is a row of it', async () => {
    const station = await peopledStation();
    await station.close();
    await inStore(station.folder, (store) =>
      store.write((write) => {
        for (let n = 0; n < 5200; n++) append(write, { at: n, actor: 'a', event: 'draft.saved', subject: `s${n}` });
      }),
    );
    const { api } = await signedIn(await station.again(), 'auditor');
    const json = JSON.parse(await exported(api, 'json')) as { seq: number; event: string }[];
    expect(json.map(({ seq }) => seq)).toEqual(json.map((_, index) => index + 1));
    expect(json.length).toBeGreaterThan(5200);
    expect(json.at(-1)?.event).toBe('log.exported');
    const csv = (await exported(api, 'csv')).trimEnd().split('\r\n');
    expect(csv).toHaveLength(json.length + 2);
    const xml = await exported(api, 'xml');
    expect(xml.match(/<AuditMessage>/g)).toHaveLength(json.length + 2);
    expect(xml.endsWith('</AuditMessages>\n')).toBe(true);
  });

  test('1.5 on the command line: verified, its head, against a head that was kept, exported', async () => {
    const station = await peopledStation();
    const chief = await signedIn(station, ADMINISTRATOR);
    const kept = await chief.api['audit.head']({});
    expect(await chief.api['audit.verify']({ head: kept })).toMatchObject({ intact: true });
    await station.close();
    const data = path.join(station.folder, 'data');
    const raddraft = (...args: string[]) =>
      spawnSync(process.execPath, [path.resolve('src/cli/main.ts'), 'audit', ...args, '--data', data], {
        encoding: 'utf8',
        env: { ...process.env, RADDRAFT_KEY: path.join(station.folder, 'config', 'machine.key') },
      });
    expect(raddraft('verify', '--head', `${kept.seq}:${kept.hash}`).stdout).toMatch(/contains the row that you kept/);
    const forged = raddraft('verify', '--head', `${kept.seq}:${'0'.repeat(64)}`);
    expect([forged.status, forged.stderr]).toEqual([2, expect.stringMatching(/not the one whose hash you kept/)]);
    const out = path.join(station.folder, 'log.xml');
    expect(raddraft('export', '--format', 'xml', '--out', out).stdout).toMatch(/rows are in/);
    expect(readFileSync(out, 'utf8')).toContain('csd-code="110101"');
    expect(raddraft('head').stdout).toMatch(/Row: \d+\nHash: [0-9a-f]{64}/);
  });
});
