import { expect, test } from 'vitest';
import { lockOutMs, normalPassword, passwordProblem } from './password.ts';

const person = { login: 'quixano', name: 'Alonso Quixano' };

test.each([
  ['eleven char', /at least 12/],
  ['x'.repeat(129), /at most 128/],
  ['quixano1234', /at least 12/],
  ['Quixano-12345', /besides "quixano"/],
  ['password12345', /besides "password"/],
  ['ababababababab', /different characters/],
  ['12345678901234', /in a row/],
])('1.1 refused: %s', (password, problem) => {
  expect(passwordProblem(password, person)).toMatch(problem);
});

test.each(['seven green lamps', 'Quixano rides a thin horse', 'пять зелёных ламп', '七つの緑のランプが光る夜の道'])(
  '1.2 taken: %s',
  (password) => {
    expect(passwordProblem(password, person)).toBe('');
  },
);

test('1.3 the same keys give the same password on every keyboard', () => {
  expect(normalPassword('é ﬁ')).toBe(normalPassword('é fi'));
});

test('1.4 four failures are free, then 30 seconds, doubling up to 15 minutes', () => {
  expect([4, 5, 6, 7, 9, 10, 100].map(lockOutMs)).toEqual([0, 30_000, 60_000, 120_000, 480_000, 900_000, 900_000]);
});
