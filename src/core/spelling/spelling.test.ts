import { describe, expect, test } from 'vitest';
import { isKnown } from './known.ts';
import { distanceOf, suggestionsFor, swapsOf } from './suggest.ts';
import { plainWord, wordsIn } from './words.ts';

const asked = (text: string) => wordsIn(text).map(({ word }) => word);

describe('1 which words are asked about', () => {
  test('1.1 their places are those of the text', () => {
    const text = 'Heart’s size: normal.';
    expect(wordsIn(text)).toEqual([
      { word: 'Heart’s', from: 0, to: 7 },
      { word: 'size', from: 8, to: 12 },
      { word: 'normal', from: 14, to: 20 },
    ]);
  });

  test.each([
    ['numbers and units', 'Measures 12 mm, 5mm, 3.5cm, T12, L4–L5, C5/6, SpO2, 10^3', ['Measures', 'mm']],
    ['abbreviations', 'PICC, CT, MRIs, NG, PA, kVp, mL, pH, e.g. a', []],
    ['long words in capitals', 'CARDIOMEGALY', ['CARDIOMEGALY']],
    ['names after a title', 'told Dr. Smith and Mrs Jones', ['told', 'Dr', 'and', 'Mrs']],
    ['other scripts', 'Müller 山田 Иванов', ['Müller']],
    ['hyphens and slashes', 'well-expanded right/left', ['well', 'expanded', 'right', 'left']],
    ['addresses', 'a_name user@host', []],
  ])('1.2 %s', (_name, text, words) => {
    expect(asked(text)).toEqual(words);
  });

  test('1.3 a word is kept in small letters without its possessive', () => {
    expect(['Patient’s', "KERLEY'S", 'Naïve', 'lungs’'].map(plainWord)).toEqual([
      'patient',
      'kerley',
      'naïve',
      'lungs',
    ]);
  });
});

describe('2 which are known', () => {
  const dictionary = new Set(['lung', 'visualize', 'dose', 'expanded', 'Smith']);
  const known = (word: string) => isKnown(word, (one) => dictionary.has(one));

  test('2.1 ours, the dictionary’s, British forms of these, and known words behind a prefix', () => {
    for (const word of [
      'pneumothorax',
      'Pneumothoraces',
      'oedema',
      'visualise',
      'lung',
      'nonexpanded',
      'Smith',
      'Kerley’s',
    ])
      expect(known(word), word).toBe(true);
  });

  test('2.2 nothing that only looks like it: short rests, other letters', () => {
    for (const word of ['pneumothorx', 'reLung', 'nonlun', 'interal', 'smithe', 'doise'])
      expect(known(word), word).toBe(false);
  });
});

describe('3 what may have been meant', () => {
  test('3.1 letters added, dropped, changed and swapped count one each', () => {
    expect(distanceOf('lung', 'lung', 2)).toBe(0);
    expect(['lungs', 'lug', 'lunk', 'lugn'].map((one) => distanceOf('lung', one, 2))).toEqual([1, 1, 1, 1]);
    expect(distanceOf('lung', 'thorax', 2)).toBe(3);
  });

  test('3.2 nearest first; capitals as written; a person’s own words too; at most six', () => {
    expect(suggestionsFor('Pnuemothorax', [])[0]).toBe('Pneumothorax');
    expect(suggestionsFor('quixotmy', [], ['quixotomy'])).toContain('quixotomy');
    expect(
      suggestionsFor('heart', ['hearth', 'heat', 'hears', 'hearty', 'heard', 'beart', 'hert']).length,
    ).toBeLessThan(7);
    expect(swapsOf('teh')).toEqual(['eth', 'the']);
  });
});
