import { expect, test } from 'vitest';
import { bandOf } from './findings.ts';

test.each([
  [0, 'unlikely'],
  [0.199, 'unlikely'],
  [0.2, 'possible'],
  [0.499, 'possible'],
  [0.5, 'likely'],
  [0.799, 'likely'],
  [0.8, 'very likely'],
  [1, 'very likely'],
] as const)('1.1 a probability of %d is called %s', (probability, band) => expect(bandOf(probability)).toBe(band));
