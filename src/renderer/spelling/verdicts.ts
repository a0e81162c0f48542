/** What was asked of words once, for as long as it holds. */
import { plainWord } from '#core/spelling/words.ts';

export type Verdict = 'known' | 'unknown' | 'new';

/** At once, so that a long report is no long question. */
const MOST = 500;

/** `ask` answers with those that are unknown; `ontrouble` hears why it did not, and null when it does again. */
export function createVerdicts(
  ask: (words: string[]) => Promise<readonly string[]>,
  ontrouble: (error: unknown) => void = () => undefined,
) {
  const verdicts = new Map<string, Verdict>();
  const listeners = new Set<() => void>();
  /** Goes up when the verdicts are forgotten: an answer to what was asked before is none. */
  let generation = 0;
  return {
    of: (word: string): Verdict => verdicts.get(word) ?? 'new',
    /** False where nobody answers, or not to this any more. */
    async ask(words: readonly string[]): Promise<boolean> {
      const asked = generation;
      try {
        for (let at = 0; at < words.length; at += MOST) {
          const some = words.slice(at, at + MOST);
          const unknown = await ask(some);
          if (asked !== generation) return false;
          for (const word of some) verdicts.set(word, unknown.includes(word) ? 'unknown' : 'known');
        }
        ontrouble(null);
        return true;
      } catch (error) {
        ontrouble(error);
        return false;
      }
    },
    forget(): void {
      verdicts.clear();
      generation++;
      for (const listener of listeners) listener();
    },
    onForget(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Every part of a name as a word: nobody's own name is misspelt. */
export const partsOfNames = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.flatMap((name) => name.split(/[^\p{L}\p{M}'’]+/u)).map(plainWord));
