import { describe, expect, test } from 'vitest';
import type { ImportEntry } from '#contract/calls.ts';
import { countsOf, heightOf, rowsOf, topsOf, visible } from './rows.ts';

const entry = (name: string, outcome: ImportEntry['outcome'], reason = ''): ImportEntry => ({
  name,
  outcome,
  reason,
  study: null,
  instance: null,
  source: null,
});
const entries = [
  entry('a', 'read'),
  entry('b', 'refused', 'one'),
  entry('c', 'refused', 'two'),
  entry('d', 'refused', 'two'),
  entry('e', 'already-here', 'here'),
  entry('f', 'conflict', 'other'),
];
const shown = (rows: ReturnType<typeof rowsOf>) =>
  rows.map((row) => (row.kind === 'group' ? `${row.outcome} ${row.reason} ${row.count}` : row.name));
const none: ReadonlySet<string> = new Set();

describe('1 rows', () => {
  test('1.1 what needs somebody stands first and open, by its reason; the largest reason first', () => {
    expect(shown(rowsOf(entries, 'all', none))).toEqual([
      'conflict other 1',
      'f',
      'refused two 2',
      'c',
      'd',
      'refused one 1',
      'b',
      'already-here here 1',
      'read  1',
    ]);
  });

  test('1.2 a filter shows one outcome, and opens it; a group is folded away on demand', () => {
    expect(shown(rowsOf(entries, 'read', none))).toEqual(['read  1', 'a']);
    expect(shown(rowsOf(entries, 'refused', new Set(['refused\ntwo'])))).toEqual([
      'refused two 2',
      'refused one 1',
      'b',
    ]);
  });

  test('1.3 counts in the same order, without what there is none of', () => {
    expect(countsOf(entries).map(({ outcome, count }) => [outcome, count])).toEqual([
      ['conflict', 1],
      ['refused', 3],
      ['already-here', 1],
      ['read', 1],
    ]);
  });
});

describe('2 what is in view', () => {
  const rows = rowsOf(
    Array.from({ length: 2000 }, (_, i) => entry(`file ${i}`, 'refused', `reason ${i % 7}`)),
    'all',
    none,
  );
  const tops = topsOf(rows);

  test('2.1 is a small part of a long list, wherever it is scrolled to', () => {
    const whole = tops.at(-1) ?? 0;
    for (let scroll = 0; scroll <= whole; scroll += 331) {
      const { from, to } = visible(tops, scroll, 400);
      expect(to - from).toBeLessThan(40);
      expect(tops[from] ?? 0).toBeLessThanOrEqual(scroll);
      expect(tops[to] ?? 0).toBeGreaterThanOrEqual(Math.min(whole, scroll + 400));
    }
  });

  test('2.2 of an empty list is nothing', () => {
    expect(visible(topsOf([]), 0, 400)).toEqual({ from: 0, to: 0 });
    expect(heightOf({ kind: 'file', key: '', name: '' })).toBeGreaterThan(0);
  });
});
