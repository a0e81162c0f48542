import { describe, expect, test } from 'vitest';
import { fits, merged, nextChoice, partsOf, phrasesFor, PhraseText, PhraseWhen, shortcutAt } from './phrase.ts';

const about = { modality: 'DX', view: 'PA', sex: 'F', ageYears: 40 };
const when = (over: Partial<PhraseWhen>) => PhraseWhen.parse(over);
const phrase = (shortcut: string, over: Partial<PhraseWhen>, text = 'x') =>
  PhraseText.parse({ shortcut, name: shortcut, text, when: over });

describe('1 which phrases fit a film', () => {
  test('1.1 modality, view, sex and age each keep others out; what is not known does not fit', () => {
    expect(fits(when({}), about)).toBe(true);
    expect(fits(when({ modality: 'dx', view: 'pa', sex: 'F', ageFrom: 40, ageTo: 40 }), about)).toBe(true);
    for (const over of [{ modality: 'CT' }, { view: 'AP' }, { sex: 'M' as const }, { ageFrom: 41 }, { ageTo: 39 }])
      expect(fits(when(over), about), JSON.stringify(over)).toBe(false);
    expect(fits(when({ ageTo: 17 }), { ...about, ageYears: null })).toBe(false);
  });

  test('1.2 of two with one shortcut the one that asks for more', () => {
    const found = phrasesFor(
      [phrase('normal', {}, 'any'), phrase('normal', { sex: 'F' }, 'her'), phrase('b', {})],
      about,
    );
    expect(found.map(({ shortcut, text }) => [shortcut, text])).toEqual([
      ['b', 'x'],
      ['normal', 'her'],
    ]);
    expect(
      phrasesFor([phrase('normal', { sex: 'F' }, 'her'), phrase('normal', {}, 'any')], { ...about, sex: 'M' })[0]?.text,
    ).toBe('any');
  });
});

describe('2 what becomes of the text', () => {
  test('2.1 fields are merged; one that is not known becomes a blank, never a guess', () => {
    expect(merged('{age} y, {study date}, {weight}, {toString}', { age: '40', 'study date': '2026-01-02' })).toBe(
      '40 y, 2026-01-02, [weight?], {toString}',
    );
    expect(merged('{age}', { age: '' })).toBe('[age?]');
  });

  test('2.2 headings part it into sections; a colon within a line is no heading', () => {
    expect(partsOf('Before.\nFINDINGS:\nHeart: normal.\nLungs clear.\n\nImpression:\nNormal.')).toEqual([
      { section: null, text: 'Before.' },
      { section: 'findings', text: 'Heart: normal.\nLungs clear.' },
      { section: 'impression', text: 'Normal.' },
    ]);
  });

  test('2.2b German headings do the same, in capitals or not; a word that heads no section is text', () => {
    const text =
      'FRAGESTELLUNG:\nHusten.\nTechnik:\npa.\nVORAUFNAHMEN:\nKeine.\nBEFUND:\nHerz: normal.\nBeurteilung:\nFrei.';
    expect(partsOf(text)).toEqual([
      { section: 'indication', text: 'Husten.' },
      { section: 'technique', text: 'pa.' },
      { section: 'comparison', text: 'Keine.' },
      { section: 'findings', text: 'Herz: normal.' },
      { section: 'impression', text: 'Frei.' },
    ]);
    expect(partsOf('Herz:\nnormal.')).toEqual([{ section: null, text: 'Herz:\nnormal.' }]);
  });

  test('2.3 pick lists and blanks are found one after the other', () => {
    const text = 'On the [left|right], [size] mm.';
    const first = nextChoice(text, 0);
    expect(first).toEqual({ from: 7, to: 19, options: ['left', 'right'] });
    expect(nextChoice(text, first?.to ?? 0)).toEqual({ from: 21, to: 27, options: [] });
    expect(nextChoice(text, 27)).toBeNull();
  });

  test('2.4 a shortcut stands at the start or after white space, not at a sentence’s end', () => {
    expect(shortcutAt('.normal')).toBe('normal');
    expect(shortcutAt('Heart. .n-1')).toBe('n-1');
    expect(shortcutAt('Heart normal.no')).toBeNull();
    expect(shortcutAt('3.5')).toBeNull();
  });
});
