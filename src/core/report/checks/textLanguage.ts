/** Whether a sentence is in English: by its common words, where it has any. */
import type { ReportDocument } from '../report.ts';
import { spansOf } from '../sentences.ts';
import type { TextPlace } from './check.ts';
import words from './words/languages.json' with { type: 'json' };

const english = new Set(words.english);
const other = new Set(words.other);
/** Letters of other scripts; one or two Greek ones stand in English texts too. */
const script = /(?:(?!\p{Script=Latin}|\p{Script=Greek})\p{L}){2}|\p{Script=Greek}{3}/u;

/** `unknown`: a word or two that say nothing of it, such as "Normal." */
export function languageOfText(text: string): 'english' | 'other' | 'unknown' {
  if (script.test(text)) return 'other';
  const all = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const count = (known: ReadonlySet<string>) => all.filter((word) => known.has(word)).length;
  // Letters that English has not, in a word that begins small: no name.
  const foreign = count(other) + (text.match(/(?<!\p{L})\p{Ll}*[äöüßñçœ]\p{Ll}*/gu) ?? []).length;
  const own = count(english);
  if (foreign > own) return 'other';
  return own > 0 ? 'english' : 'unknown';
}

export interface ReadLanguages {
  /** Statements in English, and in something else. */
  english: number;
  other: readonly TextPlace[];
}

/** Of the findings and the impression: what the checks read. */
export function languagesOf(document: ReportDocument): ReadLanguages {
  const statements = spansOf(document, [])
    .filter(({ section }) => section === 'findings' || section === 'impression')
    .map((span) => ({ ...span, language: languageOfText(span.text) }));
  return {
    english: statements.filter(({ language }) => language === 'english').length,
    other: statements
      .filter(({ language }) => language === 'other')
      .map(({ section, paragraph, from, text }) => ({ section, paragraph, from, to: from + text.length })),
  };
}
