/** The speller's thread: loads the dictionary (a third of a second) and searches it, where nothing else has to wait. */
import { parentPort } from 'node:worker_threads';
import dictionary from 'dictionary-en';
import nspell from 'nspell';
import * as z from 'zod';
import { isKnown } from '#core/spelling/known.ts';
import { radiologyWords } from '#core/spelling/radiology.ts';
import { suggestionsFor, swapsOf } from '#core/spelling/suggest.ts';
import { Ask, type Answer } from './protocol.ts';

const speller = nspell(Buffer.from(dictionary.aff), Buffer.from(dictionary.dic));
for (const word of radiologyWords) speller.add(word);

function answer(ask: Ask): string[] {
  if (ask.kind === 'check') return ask.words.filter((word) => !isKnown(word, (one) => speller.correct(one)));
  const swapped = swapsOf(ask.word).filter((one) => speller.correct(one));
  return suggestionsFor(ask.word, [...swapped, ...speller.suggest(ask.word)], ask.more);
}

parentPort?.on('message', (said: unknown) => {
  const { id, ask } = z.object({ id: z.int(), ask: Ask }).parse(said);
  parentPort?.postMessage({ id, words: answer(ask) } satisfies Answer);
});
