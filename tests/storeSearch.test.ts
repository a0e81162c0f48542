import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { addInstance } from '#backend/db/addInstance.ts';
import { termsOf } from '#backend/db/fold.ts';
import { listStudies } from '#backend/db/studies.ts';
import { film, imported, storeIn, temporary } from './storeSamples.ts';

const names = ['Müller^Anna', "O'Neil^Ciarán", 'Żółkiewska^Ewa', 'Straße^Jürgen', 'Иванова^Алёна', 'محمد^علي'];
const years = [2011, 2015, 2019, 2023];
const count = 5000;
const two = (n: number) => String(n).padStart(2, '0');

const sampleOf = (n: number) => ({
  study: `1.${n}`,
  instance: `1.${n}.1`,
  id: `PID${n}`,
  name: `${names[n % names.length]}${n === 77 ? '^Only' : ''}`,
  ideographic: n % 100 === 0 ? '山田^太郎' : '',
  accession: `A-${n}/X`,
  date: `${years[n % 4]}${two(1 + (n % 12))}${two(1 + (n % 28))}`,
  description: n % 5 === 0 ? 'Thorax à 2 vues' : 'Chest',
  modality: n % 3 === 0 ? 'CT' : 'DX',
});
const all = Array.from({ length: count }, (_, n) => sampleOf(n));
type SampleOf = ReturnType<typeof sampleOf>;

describe('searching the worklist', () => {
  test('1.1 finds by name, id, accession, description, date and modality, folded, among 5,000 studies', async () => {
    const store = await storeIn(temporary());
    store.write((write) => {
      for (const sample of all) addInstance(write, film(sample), imported);
    });
    const totalOf = (text: string) => listStudies(store.read, { text, limit: 1, offset: 0 }).total;
    const expected = (holds: (sample: SampleOf) => boolean) => all.filter(holds).length;
    const named = (part: string) => expected(({ name }) => name.startsWith(part));

    expect(totalOf('')).toBe(count);
    for (const text of ['müller', 'MULLER', 'Müller^Anna', 'Müller, Anna', 'anna mul', 'Ｍüller'])
      expect([text, totalOf(text)]).toEqual([text, named('Müller')]);
    expect(totalOf('ciaran o’neil')).toBe(0);
    expect(totalOf("ciaran o'neil")).toBe(named("O'Neil"));
    expect(totalOf('zolkiewska')).toBe(named('Żółkiewska'));
    expect(totalOf('STRASSE')).toBe(named('Straße'));
    expect(totalOf('иванова алена')).toBe(named('Иванова'));
    expect(totalOf('علي')).toBe(named('محمد'));
    expect(totalOf('山田')).toBe(count / 100);
    expect(totalOf('山田太郎')).toBe(count / 100);
    expect(totalOf('pid4999')).toBe(1);
    expect(totalOf('a-4321/x')).toBe(1);
    expect(totalOf('thorax a 2')).toBe(expected(({ description }) => description !== 'Chest'));
    for (const text of ['2015-06', '201506'])
      expect(totalOf(text)).toBe(expected(({ date }) => date.startsWith('201506')));
    expect(totalOf('20150602')).toBe(expected(({ date }) => date === '20150602'));
    expect(totalOf('ct')).toBe(expected(({ modality }) => modality === 'CT'));
    expect(totalOf('ct anna 2015')).toBe(
      expected(({ modality, name, date }) => modality === 'CT' && name.startsWith('Müller') && date.startsWith('2015')),
    );
    for (const text of ['nobody', '%', '_', '*', '"', "'; DROP TABLE studies; --"]) expect(totalOf(text)).toBe(0);
  });

  test('1.1b the index answers as reading every line would, whatever is typed', async () => {
    const store = await storeIn(temporary());
    const some = all.slice(0, 400);
    store.write((write) => {
      for (const sample of some) addInstance(write, film(sample), imported);
    });
    const lines = store.read.all(z.object({ folded: z.string() }), 'SELECT folded FROM studies');
    const pieceOf = fc
      .tuple(fc.constantFrom(...lines.map(({ folded }) => folded)), fc.nat(60), fc.integer({ min: 1, max: 7 }))
      .map(([folded, from, length]) => [...folded].slice(from, from + length).join(''));
    const typed = fc.array(
      fc.oneof(pieceOf, fc.string({ maxLength: 5 }), fc.constantFrom('"', 'a"b', 'AND', 'NOT müll', '*')),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(typed, (pieces) => {
        const text = pieces.join(' ');
        const terms = termsOf(text);
        const expected = lines.filter(({ folded }) => terms.every((term) => folded.includes(term))).length;
        expect(listStudies(store.read, { text, limit: 1, offset: 0 }).total).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('1.2 pages hold every study once, newest first', async () => {
    const store = await storeIn(temporary());
    store.write((write) => {
      for (const sample of all.slice(0, 250)) addInstance(write, film(sample), imported);
    });
    const pages = [0, 100, 200].map((offset) => listStudies(store.read, { text: '', limit: 100, offset }).studies);
    const dates = pages.flat().map(({ date }) => date);
    expect(pages.map((page) => page.length)).toEqual([100, 100, 50]);
    expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(250);
    expect(dates).toEqual(dates.toSorted().reverse());
  });

  test('1.3 a later series makes its modality searchable', async () => {
    const store = await storeIn(temporary());
    const total = (text: string) => listStudies(store.read, { text, limit: 1, offset: 0 }).total;
    store.write((write) => addInstance(write, film(), imported));
    expect(total('ct')).toBe(0);
    const second = film({ series: '1.2.3.2', instance: '1.2.3.2.1', modality: 'CT' });
    store.write((write) => addInstance(write, second, imported));
    expect([total('ct'), total('dx'), total('quixano')]).toEqual([1, 1, 1]);
  });
});
