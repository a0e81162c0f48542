import { expect, test } from 'vitest';
import { byName } from './byName.ts';

const own = (name: string): string => name;

test('1.1 numbers in names count as numbers; nothing is lost', async () => {
  expect(await byName(['film-10', 'film-9', 'Film-1', 'a'], own)).toEqual(['a', 'Film-1', 'film-9', 'film-10']);
  expect(await byName([], own)).toEqual([]);
});

test('1.2 as many as it takes several pieces for: the order is that of one sort, equal names stay as they were', async () => {
  const names = Array.from({ length: 12_345 }, (_, at) => `film-${(at * 7919) % 5000}`);
  const { compare } = new Intl.Collator('en', { numeric: true });
  expect(await byName(names, own)).toEqual(names.toSorted(compare));
});

test('1.3 others have their turn between the pieces', async () => {
  let turns = 0;
  let on = true;
  const turn = () => {
    turns++;
    if (on) setImmediate(turn);
  };
  setImmediate(turn);
  await byName(
    Array.from({ length: 20_000 }, (_, at) => String(at)),
    own,
  );
  on = false;
  expect(turns).toBeGreaterThan(20);
});
