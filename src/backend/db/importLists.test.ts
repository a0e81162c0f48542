/** The lists of openings, and that nothing an import asks of the database reads a whole table. */
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { ImportEntry } from '#contract/calls.ts';
import { InstanceId } from '#core/study/ids.ts';
import { handleOf, type Write } from './handles.ts';
import {
  addList,
  entriesOf,
  entryAt,
  importList,
  importLists,
  nextNumber,
  putEntry,
  putState,
  unfinishedList,
} from './importLists.ts';
import { migrations } from './migrations/index.ts';
import { instanceOf } from './studies.ts';

function database() {
  const plain = new Database(':memory:');
  plain.pragma('foreign_keys = ON');
  for (const sql of migrations) plain.exec(sql);
  return { plain, handle: handleOf(plain) };
}

const entry = (name: string, outcome: ImportEntry['outcome']): ImportEntry => ({
  name,
  outcome,
  reason: '',
  study: null,
  instance: null,
  source: null,
});
const identity = (place: string) => ({ place, bytes: 1, modified: 2 });
const listed = (number: number, place: string, outcome: ImportEntry['outcome'] = 'read') => ({
  number,
  identity: identity(place),
  entry: entry(place, outcome),
  settled: true,
});

describe('1 lists', () => {
  test('1.1 the newest of a root goes on, unless it came to its end', () => {
    const { handle } = database();
    const key = addList(handle, { id: 'a', name: 'CD', root: '/cd', at: 1 });
    putEntry(handle, key, listed(0, '/cd/1'));
    putState(handle, key, { counts: { read: 1 }, endedAt: null });
    expect(unfinishedList(handle, '/cd')).toMatchObject({ id: 'a', files: 1, ended: false });
    expect(unfinishedList(handle, '/other')).toBeNull();
    expect(entryAt(handle, key, '/cd/1')).toMatchObject({ number: 0, settled: true, identity: identity('/cd/1') });
    putState(handle, key, { counts: { read: 1 }, endedAt: 5 });
    expect(unfinishedList(handle, '/cd')).toBeNull();
  });

  test('1.2 a file that is read again keeps its line', () => {
    const { handle } = database();
    const key = addList(handle, { id: 'a', name: 'CD', root: '/cd', at: 1 });
    putEntry(handle, key, listed(0, 'x', 'refused'));
    putEntry(handle, key, listed(0, 'x', 'read'));
    expect(entriesOf(handle, key, { outcome: null, limit: 9, offset: 0 })).toMatchObject({
      total: 1,
      entries: [{ outcome: 'read' }],
    });
    expect(nextNumber(handle, key)).toBe(1);
  });

  test('1.3 the newest fifty are kept, with their files', () => {
    const { handle, plain } = database();
    for (let n = 0; n < 60; n++) {
      const key = addList(handle, { id: `list-${n}`, name: 'CD', root: '', at: n });
      putEntry(handle, key, listed(0, 'x'));
    }
    expect(importLists(handle).map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => `list-${59 - n}`));
    expect(importList(handle, 'list-5')).toBeNull();
    expect(plain.prepare('SELECT count(*) FROM import_entries').pluck().get()).toBe(50);
  });
});

describe('2 plans', () => {
  test('2.1 what is asked for every file is found by an index', () => {
    const { plain, handle } = database();
    const asked = new Set<string>();
    const heard: Write = {
      get: (row, sql, ...values) => (asked.add(sql), handle.get(row, sql, ...values)),
      all: (row, sql, ...values) => (asked.add(sql), handle.all(row, sql, ...values)),
      plain: (sql, ...values) => (asked.add(sql), handle.plain(sql, ...values)),
      run: (sql, ...values) => (asked.add(sql), handle.run(sql, ...values)),
    };
    const key = addList(handle, { id: 'a', name: 'CD', root: '/cd', at: 1 });
    putEntry(heard, key, listed(0, 'x'));
    putState(heard, key, { counts: {}, endedAt: null });
    entryAt(heard, key, 'x');
    nextNumber(heard, key);
    unfinishedList(heard, '/cd');
    entriesOf(heard, key, { outcome: 'read', limit: 9, offset: 0 });
    entriesOf(heard, key, { outcome: null, limit: 9, offset: 0 });
    instanceOf(heard, InstanceId.parse('1.2'));
    expect(asked.size).toBeGreaterThan(8);
    for (const sql of asked) {
      const values = Array.from({ length: sql.split('?').length - 1 }, () => null);
      const plan = plain.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
      expect([sql, JSON.stringify(plan).match(/SCAN|TEMP B-TREE/)]).toEqual([sql, null]);
    }
  });
});
