/** The program killed at its work, once in each kind of it; `node tests/drive/killRecords.ts 300` does it at length. */
import { expect, test } from 'vitest';
import { activities, killAtWork } from './drive/killRecords.ts';

test.each(activities)('1.1 killed at random: %s', { timeout: 120_000 }, async (activity) => {
  const result = await killAtWork(1, 11, [activity], () => undefined);
  expect(result.wrong).toEqual([]);
  expect(result.byActivity).toEqual({ [activity]: 1 });
});
