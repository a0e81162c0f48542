import { onTestFinished, expect, test } from 'vitest';
import { startSpeller } from './speller.ts';

test('1.1 its thread starts with a question, and once more after it has ended', async () => {
  const speller = startSpeller();
  onTestFinished(() => speller.close());
  expect(await speller.unknown([])).toEqual([]);
  expect(await speller.unknown(['lung', 'efusion'])).toEqual(['efusion']);
  await speller.close();
  expect(await speller.suggest('efusion', [])).toContain('effusion');
});

test('1.2 what was asked when it ended is an error in words, no silence', async () => {
  const speller = startSpeller();
  onTestFinished(() => speller.close());
  const asked = expect(speller.unknown(['lung'])).rejects.toThrow('The spelling check stopped.');
  await speller.close();
  await asked;
});
