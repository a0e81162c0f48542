/** What the editor asks about words. */
export interface SpellingSource {
  /** Why nothing is checked; empty: it is. */
  off: () => string;
  /** Why the last question was not answered; empty: it was. */
  trouble: () => string;
  /** `new`: ask `check` first. */
  verdict: (word: string) => 'known' | 'unknown' | 'new';
  /** After it, their verdicts are there; false where nobody could say. */
  check: (words: readonly string[]) => Promise<boolean>;
  /** Best first. */
  suggest: (word: string) => Promise<readonly string[]>;
  /** To the person's own words. */
  add: (word: string) => Promise<void>;
  /** Verdicts may be others now. Answers with what ends the listening. */
  onChange: (listener: () => void) => () => void;
}
