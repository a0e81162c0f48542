/** The text of a report as the checks read it: sentences with their places, cut into clauses. */
import type { ReportDocument, SectionKey } from '../report.ts';
import { spansOf } from '../sentences.ts';
import type { TextPlace } from './check.ts';
import { compile, hitsOf } from './pattern.ts';
import cues from './words/cues.en.json' with { type: 'json' };

export interface ReadSentence {
  section: SectionKey;
  paragraph: number;
  /** Offset of `text` in the paragraph. */
  from: number;
  text: string;
  /** Offsets within `text`. */
  clauses: { from: number; to: number }[];
}

const breaks = compile(cues.clauseBreaks);

export function readSentences(document: ReportDocument): ReadSentence[] {
  return spansOf(document, []).map(({ section, paragraph, from, text }) => ({
    section,
    paragraph,
    from,
    text,
    clauses: clausesOf(text),
  }));
}

/** Where in the report offsets of a sentence lie. */
export const placeOf = (sentence: ReadSentence, hit: { from: number; to: number }): TextPlace => ({
  section: sentence.section,
  paragraph: sentence.paragraph,
  from: sentence.from + hit.from,
  to: sentence.from + hit.to,
});

/** What the reader says of this film, not why it was taken or what it was compared with. */
export const isStatement = ({ section }: ReadSentence) => section === 'findings' || section === 'impression';

function clausesOf(text: string): { from: number; to: number }[] {
  const cuts = [
    ...hitsOf(breaks, text).map(({ from }) => from),
    ...[...text.matchAll(/[;:]\s/g)].map(({ index }) => index + 1),
  ].sort((a, b) => a - b);
  const starts = [0, ...cuts];
  return starts.map((from, index) => ({ from, to: cuts[index] ?? text.length })).filter(({ from, to }) => to > from);
}
