/** The reader's own sentences on a finding: which of the text are one that was stated, and which stand against a decision. */
import type { LabelId } from '../study/ids.ts';
import { mentionsOf, type Mention } from './checks/mentions.ts';
import { readSentences } from './checks/sentences.ts';
import words from './checks/words/findings.en.json' with { type: 'json' };
import { originOf } from './origin.ts';
import { spansOf, type SentenceSpan } from './sentences.ts';
import { newTokens, tokensOf } from './tokens.ts';
import table from './stated.json' with { type: 'json' };

/** What was stated, sentence by sentence, as the text will hold it. */
export const sentencesIn = (stated: string): string[] =>
  spansOf({ sections: [{ key: 'findings', paragraphs: [[{ text: stated, source: null }]] }] }, []).map(
    ({ text }) => text,
  );

const weighty = new Set(table.weighty);
/** Negations, sides and numbers: a statement with others is another statement. */
const weightOf = (text: string): string =>
  tokensOf(text.toLowerCase())
    .filter((token) => weighty.has(token) || /\p{N}/u.test(token))
    .sort()
    .join(' ');

/** `text` is the sentence `stated`, as it was or written on by the reader; most words of either are in the other. */
export function restates(text: string, stated: string): boolean {
  if (text === stated) return true;
  const lost = newTokens(stated, text);
  return weightOf(text) === weightOf(stated) && lost.added * 4 <= lost.total && originOf(text, stated) !== 'human';
}

/** Every sentence of `stated` stands among `texts`, as it was or written on. */
export const isSaid = (stated: string, texts: readonly string[]): boolean =>
  sentencesIn(stated).every((sentence) => texts.some((text) => restates(text, sentence)));

/**
 * English sentences of the findings and the impression that say of `label` the opposite of `there`. A denial of one
 * side, or of a kind or degree, stands against nothing.
 */
export function against(spans: readonly SentenceSpan[], label: LabelId, there: boolean): SentenceSpan[] {
  const concept = Object.entries(words.labels).find(([id]) => id === label)?.[1].mentioned[0];
  if (concept === undefined) return [];
  const opposed = ({ status, sides, restOnly }: Mention) =>
    there
      ? status === 'denied' && sides.size !== 1 && !restOnly
      : status === 'affirmed' || status === 'uncertain' || status === 'partly';
  return spans.filter((span) => saidIn(span).some((mention) => mention.concept === concept && opposed(mention)));
}

/** While somebody types all sentences but one are as they were. */
const read = new Map<string, readonly Mention[]>();
const MOST_READ = 1000;

function saidIn({ section, text }: SentenceSpan): readonly Mention[] {
  const key = `${section} ${text}`;
  const known = read.get(key);
  if (known) return known;
  const said = mentionsOf(readSentences({ sections: [{ key: section, paragraphs: [[{ text, source: null }]] }] }));
  if (read.size >= MOST_READ) read.clear();
  read.set(key, said);
  return said;
}
