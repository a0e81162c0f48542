/** Whose sentence it is, by tokens: the model's, the model's as changed by a person, or a person's. */
import type { Origin } from './report.ts';
import { newTokens, tokensOf } from './tokens.ts';

/**
 * `source`: the drafted text that the sentence came from, null when none. Only white space and punctuation leave a
 * drafted sentence unchanged; one most of whose tokens are new is the person's own.
 */
export function originOf(text: string, source: string | null): Origin {
  if (source === null) return 'human';
  if (tokensOf(text).join('\n') === tokensOf(source).join('\n')) return 'model';
  const { added, total } = newTokens(text, source);
  return added * 2 > total ? 'human' : 'edited';
}
