/** `spelling.*` and `word.*`: unknown words, what may have been meant, and the words that people added. */
import { AppError } from '#contract/errors.ts';
import { plainWord } from '#core/spelling/words.ts';
import { addWord, removeWord, wordsOf } from '../db/words.ts';
import type { Speller } from '../spelling/speller.ts';
import type { Area, Services } from './context.ts';

type Names =
  'spelling.check' | 'spelling.suggest' | 'word.list' | 'word.add' | 'word.remove' | 'word.share' | 'word.unshare';

export function spellingCalls(services: Services, speller: Speller): Area<Names> {
  const { store, now, broadcast } = services;
  const added = () => wordsOf(store.read, services.actor).map(({ word }) => word);

  function change(how: typeof addWord, word: string, shared: boolean): Record<string, never> {
    const plain = plainWord(word);
    if (!/^[\p{L}\p{M}'’-]+$/u.test(plain))
      throw new AppError('invalid-input', 'Expected one word of letters, found something else. Add words one by one.');
    store.write((write) => how(write, { word: plain, shared, at: now(), actor: services.actor }));
    broadcast('words.changed', {});
    return {};
  }

  return {
    'spelling.check': async ({ words }) => {
      const mine = new Set(added());
      return { unknown: await speller.unknown(words.filter((word) => !mine.has(plainWord(word)))) };
    },
    'spelling.suggest': async ({ word }) => ({ words: await speller.suggest(word, added()) }),
    'word.list': async () => wordsOf(store.read, services.actor),
    'word.add': async ({ word }) => change(addWord, word, false),
    'word.remove': async ({ word }) => change(removeWord, word, false),
    'word.share': async ({ word }) => change(addWord, word, true),
    'word.unshare': async ({ word }) => change(removeWord, word, true),
  };
}
