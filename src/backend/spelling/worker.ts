/** The speller's thread: the dictionary is loaded and searched here, where nothing else has to wait. */
import { parentPort } from 'node:worker_threads';
import * as z from 'zod';
import { loadWords } from './dictionary.ts';
import { Ask, type Answer } from './protocol.ts';

const words = loadWords();

const answer = (ask: Ask): string[] =>
  ask.kind === 'check' ? ask.words.filter((word) => !words.isKnown(word)) : words.suggest(ask.word, ask.more);

parentPort?.on('message', (said: unknown) => {
  const { id, ask } = z.object({ id: z.int(), ask: Ask }).parse(said);
  parentPort?.postMessage({ id, words: answer(ask) } satisfies Answer);
});
