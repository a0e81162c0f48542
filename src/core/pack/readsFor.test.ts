import { expect, test } from 'vitest';
import { readsFor } from './readsFor.ts';

const parts = (...bodyParts: string[]) => ({ modalities: ['DX'], bodyParts, views: ['PA'], minAgeYears: 18 });

test.each<[string[], string[], boolean]>([
  [['CHEST', 'THORAX', ''], ['CHEST'], true],
  [['HAND', ''], ['CHEST', ''], false],
  [['*'], ['CHEST'], true],
  [[''], [''], false],
  [['HAND'], ['*'], false],
])('1.1 a pack for %j beside a reader of %j: %s', (own, reader, goes) => {
  expect(readsFor(parts(...own), parts(...reader))).toBe(goes);
});
