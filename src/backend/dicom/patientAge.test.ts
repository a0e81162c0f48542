import { describe, expect, test } from 'vitest';
import { changes, film } from '../../../tests/golden/film.ts';
import { parse } from './parse.ts';

const BIRTH = '0010,0030';
const AGE = '0010,1010';
const age = (...elements: [tag: string, value: string][]) =>
  parse(film(changes(...elements.map(([tag, value]) => [tag, tag === AGE ? 'AS' : 'DA', value] as const)))).file?.header
    .patientAgeYears;

describe('1 whose age counts', () => {
  test('1.1 the stated one', () => expect(age([AGE, '045Y'])).toBe(45));
  test('1.2 without it, that between birth and study', () =>
    expect(age([BIRTH, '20060616'], ['0008,0020', '20240615'])).toBe(17));
  test.each(['0008,0023', '0008,0022', '0008,0021'])(
    '1.3 or between birth and %s, where the study has no date',
    (tag) => expect(age([BIRTH, '20060616'], ['0008,0020', ''], [tag, '20240615'])).toBe(17),
  );
  test('1.4 of two that differ, the younger', () => {
    expect(age([AGE, '045Y'], [BIRTH, '20140101'], ['0008,0020', '20240615'])).toBe(10);
    expect(age([AGE, '003Y'], [BIRTH, '19500101'], ['0008,0020', '20240615'])).toBe(3);
  });
  test('1.5 nothing known, nothing guessed', () => {
    expect(age()).toBeNull();
    expect(age([BIRTH, '20140101'])).toBeNull();
    expect(age([AGE, '45'], [BIRTH, 'unknown'], ['0008,0020', '20240615'])).toBeNull();
  });
});
