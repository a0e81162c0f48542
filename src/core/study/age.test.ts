import { describe, expect, test } from 'vitest';
import { ageBetween, ageYears } from './age.ts';

describe('1 age', () => {
  test.each([
    ['045Y', 45],
    ['006M', 0.5],
    ['', null],
    ['45', null],
    ['045y', null],
  ])('1.1 as the file says: %s', (value, years) => expect(ageYears(value)).toBe(years));
  test.each([
    ['20000615', '20180614', 17],
    ['20000615', '20180615', 18],
    ['20000229', '20190228', 18],
    ['19400305', '20040826', 64],
    ['20200101', '20190101', null],
    ['', '20190101', null],
    ['18000101', '20190101', null],
    ['20201301', '20250101', null],
  ])('1.2 from dates: %s to %s', (birth, at, years) => expect(ageBetween(birth, at)).toBe(years));
  test('1.3 an infant’s in parts of a year', () => expect(ageBetween('20200101', '20200701')).toBeCloseTo(0.498, 2));
});
