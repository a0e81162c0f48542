import { describe, expect, test } from 'vitest';
import { ReportLanguage } from '../language.ts';
import { bookOf, noteIn, PhraseBook } from './book.ts';

const languages = ReportLanguage.options;

/** Every text of a book with the way to it. */
function textsOf(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value ?? {}).flatMap(([key, inner]) => textsOf(inner, `${path}/${key}`));
}
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('1 the books', () => {
  test('1.1 every language has the same keys as English, and no other', () => {
    const keys = (language: ReportLanguage) => textsOf(bookOf(language)).map(([path]) => path);
    for (const language of languages) expect(keys(language)).toEqual(keys('en'));
  });

  test('1.2 and at each key the same placeholders', () => {
    const english = new Map(textsOf(bookOf('en')));
    for (const language of languages)
      for (const [path, text] of textsOf(bookOf(language)))
        expect([path, placeholders(text)]).toEqual([path, placeholders(english.get(path) ?? '')]);
  });

  test('1.3 no text is empty, doubled in its spaces, or the same in two languages but for a term', () => {
    const english = new Map(textsOf(bookOf('en')));
    for (const language of languages)
      for (const [path, text] of textsOf(bookOf(language))) {
        expect(text, path).toBe(text.trim());
        expect(text, path).not.toMatch(/ {2}|^$/);
        if (language === 'en' || path.startsWith('/findings/')) continue;
        if (text.includes(' ')) expect(text, path).not.toBe(english.get(path));
      }
  });

  test('1.4 a book that lacks a sentence, or has one too many, is refused', () => {
    const book = bookOf('en');
    expect(PhraseBook.safeParse({ ...book, assessed: undefined }).success).toBe(false);
    expect(PhraseBook.safeParse({ ...book, unheardOf: 'x' }).success).toBe(false);
    expect(PhraseBook.safeParse({ ...book, positive: { likely: 'x' } }).success).toBe(false);
  });

  test('1.5 whole sentences end with a period and begin with a capital or a slot that does', () => {
    for (const language of languages) {
      const { positive, impression, other, negative, negativeOther, measured, notes, ...rest } = bookOf(language);
      const { nothingFlagged, nothingFlaggedImpression, assessed, assessedAll, assessedNone } = rest;
      const { technique, sideAssumed, extent, enlarged, notEnlarged } = rest;
      const sentences = [
        ...[positive, impression, other, measured, notes].flatMap((part) => Object.values(part)),
        ...[negative, negativeOther, nothingFlagged, nothingFlaggedImpression, assessed, assessedAll, assessedNone],
        ...[technique, sideAssumed, extent, enlarged, notEnlarged],
      ];
      for (const sentence of sentences) expect(sentence).toMatch(/^(\p{Lu}|\{(Some|Name|None)\}).*\.$/u);
    }
  });
});

describe('2 notes', () => {
  test('2.1 what core says in English is said in the book’s language; what it does not know stays', () => {
    const [english, german] = [bookOf('en'), bookOf('de')];
    for (const [id, text] of Object.entries(english.notes)) {
      expect(noteIn(english, text)).toBe(text);
      expect(noteIn(german, text)).toBe(german.notes[id]);
    }
    expect(noteIn(german, 'Of another pack.')).toBe('Of another pack.');
  });
});
