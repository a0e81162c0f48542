/** Study facts as people write them. */
import { expect, test } from 'vitest';
import { personName } from '#core/study/personName.ts';
import { ageAt, dateOf, namesOf, timeOf } from './format.ts';

const patient = (alphabetic: string, ideographic = '', phonetic = '', id = 'X') => ({
  id,
  issuer: '',
  name: { alphabetic, ideographic, phonetic },
  birthDate: '',
  sex: '',
});

test('1.1 names: capitals as written, prefix and suffix left out, the other script beside', () => {
  expect(personName('DOE^JANE^MARIA^Dr^PhD')).toBe('DOE, JANE MARIA');
  expect(personName('^Madonna')).toBe('Madonna');
  expect(namesOf(patient('Yamada^Tarou', '山田^太郎'))).toEqual({ main: 'Yamada, Tarou', other: '山田 太郎' });
  expect(namesOf(patient('', '山田^太郎'))).toEqual({ main: '山田 太郎', other: '' });
  expect(namesOf(patient('')).main).toBe('No name');
  expect(namesOf(patient('', '', '', '')).main).toBe('Unknown patient');
});

test('1.2 dates and times: also the old form with dots; what is no date is left out', () => {
  expect([dateOf('20240131'), dateOf('1997.08.04'), dateOf(''), dateOf('2024')]).toEqual([
    '2024-01-31',
    '1997-08-04',
    '',
    '',
  ]);
  expect([timeOf('142233.123'), timeOf('0905'), timeOf('')]).toEqual(['14:22', '09:05', '']);
});

test('1.3 the age is that at the study, in months under one year, and never guessed', () => {
  expect(ageAt('19610412', '20240131')).toBe('62 y');
  expect(ageAt('19610131', '20240131')).toBe('63 y');
  expect(ageAt('20230801', '20240131')).toBe('5 mo');
  expect(ageAt('', '20240131')).toBe('');
  expect(ageAt('20250101', '20240131')).toBe('');
});
