/** What the spelling check flags in real reports, and what it misses: bounds, so that neither gets worse unnoticed. */
import { describe, expect, test } from 'vitest';
import { loadWords } from '#backend/spelling/dictionary.ts';
import book from '#core/report/phrases/en.json' with { type: 'json' };
import { radiologyWords } from '#core/spelling/radiology.ts';
import { wordsIn } from '#core/spelling/words.ts';
import { hasOpenI } from '../checks/openI.ts';
import { flaggedIn, missedSlips } from './rates.ts';

const words = loadWords();

describe.skipIf(!hasOpenI)(hasOpenI ? '1 real reports' : '1 real reports (skipped: ../shared is not here)', () => {
  test('1.1 of 1,000 words at most one is flagged', () => {
    const { tokens, flagged, words: found } = flaggedIn(words);
    expect(tokens).toBeGreaterThan(100_000);
    expect(flagged / tokens).toBeLessThan(0.001);
    // Slips that stand in these reports are found.
    expect(found.map(([word]) => word)).toEqual(expect.arrayContaining(['osseus', 'pnuemonia', 'emphysemia']));
  });
});

test('2.1 of 100 slips of one letter in our words at most five pass, and the word that was meant stands first', () => {
  const { slips, missed, asked, first, listed } = missedSlips(words, 2000, 60);
  expect(missed / slips).toBeLessThan(0.05);
  expect(first / asked).toBeGreaterThan(0.85);
  expect(listed / asked).toBeGreaterThan(0.95);
});

test('2.2 no word of our list is unknown, and common slips are not in it', () => {
  expect(radiologyWords.length).toBeGreaterThan(600);
  expect(radiologyWords.filter((word) => !words.isKnown(word))).toEqual([]);
  const slips = ['pnuemothorax', 'effussion', 'atelectisis', 'cardiomegally', 'infitrate', 'osseus', 'oppacity', 'teh'];
  expect(slips.filter((slip) => words.isKnown(slip))).toEqual([]);
});

test('2.3 nothing that a draft is written with is flagged', () => {
  const strings = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value
        ? Object.values(value).flatMap(strings)
        : [];
  const texts = strings(book).map((text) => text.replaceAll(/\{[^{}]*\}/g, ' '));
  const asked = texts.flatMap((text) => wordsIn(text).map(({ word }) => word));
  expect(asked.length).toBeGreaterThan(100);
  expect([...new Set(asked.filter((word) => !words.isKnown(word)))]).toEqual([]);
});
