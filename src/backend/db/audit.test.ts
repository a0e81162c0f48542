import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type Database from 'better-sqlite3';
import * as z from 'zod';
import { addInstance } from './addInstance.ts';
import { append } from './audit.ts';
import { openDatabase } from './open.ts';
import { openStore } from './store.ts';
import { openKeys } from '../files/keys.ts';
import { layoutOf } from '../files/dataFolder.ts';
import { canonicalJson } from '../files/json.ts';
import { film, imported, optionsIn, random, temporary } from '../../../tests/storeSamples.ts';

/** A closed store with eleven rows in its log. */
async function closedStore() {
  const folder = temporary();
  const options = optionsIn(folder);
  await grow(options, 10);
  return { options, layout: layoutOf(options.dataFolder) };
}
type Closed = Awaited<ReturnType<typeof closedStore>>;

async function grow(options: Closed['options'], rows: number): Promise<void> {
  const store = await openStore(options);
  for (let n = 0; n < rows; n++)
    store.write((write) => append(write, { at: n, actor: 'reader', event: 'test.row', subject: `s${n}` }));
  await store.close();
}

/** What somebody does who has the key and takes the triggers away. */
function tamper({ options, layout }: Closed, change: (database: Database.Database) => void): void {
  const { database: key } = openKeys(layout.keys, options.machineSecret, random, false);
  const database = openDatabase(layout.database, key);
  database.exec('DROP TRIGGER audit_never_changed; DROP TRIGGER audit_never_deleted;');
  change(database);
  database.close();
}

async function verdictOf({ options }: Closed) {
  const store = await openStore(options);
  const verdict = await store.audit.verify();
  await store.close();
  return verdict;
}

describe('the audit log', () => {
  test('1.1 is intact when nobody touched it, also over several openings', async () => {
    const closed = await closedStore();
    await grow(closed.options, 3);
    expect(await verdictOf(closed)).toEqual({ rows: 14, intact: true, problem: '' });
  });

  test.each([
    ['an edited actor', `UPDATE audit SET actor = 'other' WHERE seq = 5`, /Row 5 .*edited/],
    ['an edited time', `UPDATE audit SET at = at + 1 WHERE seq = 1`, /Row 1 .*edited/],
    ['an edited last row', `UPDATE audit SET detail = '{"a":1}' WHERE seq = 11`, /Row 11 .*edited/],
    ['a deleted row', 'DELETE FROM audit WHERE seq = 5', /Row 5 is missing/],
    ['deleted rows', 'DELETE FROM audit WHERE seq BETWEEN 1 AND 4', /Rows 1 to 4 are missing/],
    [
      'two rows in each other’s place',
      'UPDATE audit SET seq = -4 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = -4',
      /Row 4 .*moved/,
    ],
    [
      'a deleted row whose gap was closed',
      'DELETE FROM audit WHERE seq = 5; UPDATE audit SET seq = seq - 1 WHERE seq > 5',
      /Row 5 .*edited, moved/,
    ],
    [
      'an inserted row',
      `UPDATE audit SET seq = -seq WHERE seq > 6; UPDATE audit SET seq = 1 - seq WHERE seq < 0;
       INSERT INTO audit SELECT 7, at, actor, event, 'forged', detail, previous, hash FROM audit WHERE seq = 6`,
      /Row 7 .*inserted/,
    ],
    ['rows cut off its end', 'DELETE FROM audit WHERE seq > 9', /ends at row 9, but row 11 .*cut off/],
    ['all rows cut off', 'DELETE FROM audit', /ends at row 0, but row 11/],
  ])('1.2 shows %s', async (_what, sql, problem) => {
    const closed = await closedStore();
    tamper(closed, (database) => database.exec(sql));
    expect(await verdictOf(closed)).toMatchObject({ intact: false, problem: expect.stringMatching(problem) as string });
  });

  test('1.3 shows a row that was edited together with its own hash, by the row after it', async () => {
    const closed = await closedStore();
    tamper(closed, (database) => {
      const Row = z.record(z.string(), z.union([z.string(), z.number()]));
      const row = { ...Row.parse(database.prepare('SELECT * FROM audit WHERE seq = 5').get()), actor: 'other' };
      const { seq, at, actor, event, subject, detail, previous } = Row.parse(row);
      const hash = createHash('sha256')
        .update(canonicalJson([seq, at, actor, event, subject, detail, previous]))
        .digest('hex');
      database.prepare(`UPDATE audit SET actor = 'other', hash = ? WHERE seq = 5`).run(hash);
    });
    expect((await verdictOf(closed)).problem).toMatch(/^Row 6 does not follow row 5/);
  });

  test('1.4 cut off and grown again, it is still told from the one that was: the head outside is not overwritten', async () => {
    const closed = await closedStore();
    tamper(closed, (database) => database.exec('DELETE FROM audit WHERE seq > 9'));
    await grow(closed.options, 50);
    expect((await verdictOf(closed)).problem).toMatch(/Row 11 is not the one whose hash was kept outside/);
    await grow(closed.options, 50);
    expect((await verdictOf(closed)).intact).toBe(false);
  });

  test('1.5 an older copy of the database in its place shows', async () => {
    const closed = await closedStore();
    copyFileSync(closed.layout.database, `${closed.layout.database}.old`);
    await grow(closed.options, 5);
    copyFileSync(`${closed.layout.database}.old`, closed.layout.database);
    expect((await verdictOf(closed)).problem).toMatch(/ends at row 11, but row 16/);
  });

  test('1.6 a head outside that is missing, edited, damaged or of another folder shows, and stays so', async () => {
    const closed = await closedStore();
    const { auditHead } = closed.layout;
    const text = readFileSync(auditHead, 'utf8');
    writeFileSync(auditHead, text.replace('"seq":11', '"seq":9'));
    expect((await verdictOf(closed)).problem).toMatch(/mark/);
    copyFileSync((await closedStore()).layout.auditHead, auditHead);
    expect((await verdictOf(closed)).problem).toMatch(/mark/);
    writeFileSync(auditHead, '{');
    expect((await verdictOf(closed)).problem).toMatch(/not readable/);
    rmSync(auditHead);
    await grow(closed.options, 40);
    expect((await verdictOf(closed)).problem).toMatch(/missing/);
  });

  test('1.7 the head outside lags behind after a crash and is never ahead: at most 32 rows, none after a kept version', async () => {
    const { options, layout } = await closedStore();
    const store = await openStore(options);
    const outside = () => (JSON.parse(readFileSync(layout.auditHead, 'utf8')) as { seq: number }).seq;
    const inside = () => store.audit.list({ limit: 1 })[0]?.seq ?? 0;
    for (let n = 0; n < 100; n++) {
      store.write((write) => append(write, { at: n, actor: 'a', event: 'test.row', subject: 's' }));
      expect(inside() - outside()).toBeGreaterThanOrEqual(0);
      expect(inside() - outside()).toBeLessThan(32);
    }
    store.write((write) => {
      addInstance(write, film(), imported);
      append(write, { at: 1, actor: 'a', event: 'draft.kept', subject: 's' });
    });
    expect(outside()).toBe(inside());
    expect((await store.audit.verify()).intact).toBe(true);
    await store.close();
  });

  test('1.8 text of every kind is hashed as it is read back', async () => {
    const store = await openStore(optionsIn(temporary()));
    for (const subject of ['', 'a\u0000b', 'half \ud800 pair', '😀', 'é é', '"\\\n'])
      store.write((write) => append(write, { at: 1.7, actor: subject, event: 'x.y', subject, detail: { subject } }));
    expect((await store.audit.verify()).problem).toBe('');
    await store.close();
  });
});
