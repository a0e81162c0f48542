/** The English dictionary with our radiology list: loading takes a third of a second, so it is the speller's thread that does. */
import dictionary from 'dictionary-en';
import nspell from 'nspell';
import { isKnown } from '#core/spelling/known.ts';
import { radiologyWords } from '#core/spelling/radiology.ts';
import { suggestionsFor, swapsOf } from '#core/spelling/suggest.ts';

export interface Words {
  isKnown(word: string): boolean;
  /** Best first; `more` are words that a person added. */
  suggest(word: string, more: readonly string[]): string[];
}

export function loadWords(): Words {
  const speller = nspell(Buffer.from(dictionary.aff), Buffer.from(dictionary.dic));
  const inDictionary = (word: string) => speller.correct(word);
  // So that its own suggestions know them too.
  for (const word of radiologyWords) speller.add(word);
  return {
    isKnown: (word) => isKnown(word, inDictionary),
    suggest: (word, more) =>
      suggestionsFor(word, [...swapsOf(word).filter(inDictionary), ...speller.suggest(word)], more),
  };
}
