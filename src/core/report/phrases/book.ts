/** The phrase books: every sentence that the planned writer can write, as data, one book a language. */
import * as z from 'zod';
import { Band } from '../../findings/findings.ts';
import { MeasurementName } from '../../measure/measurement.ts';
import { PlaceSide } from '../../measure/place.ts';
import { Severity } from '../aspects.ts';
import { ReportLanguage } from '../language.ts';
import { SectionKey } from '../report.ts';
import de from './de.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };

/**
 * `some` stands before a verb ("a nodule"), `none` denies, `name` stands alone and in lists. A finding that has no
 * entry is said by the name in its pack, without a verb.
 */
const FindingForms = z.strictObject({ name: z.string(), some: z.string(), none: z.string() });
export type FindingForms = z.infer<typeof FindingForms>;

const ByBand = z.record(Band, z.string());

/** Placeholders stand in braces; `{place}` is empty or begins with a space. `{Some}`: with a capital. */
export const PhraseBook = z.strictObject({
  language: ReportLanguage,
  /** Between whole and part of a number. */
  decimal: z.enum(['.', ',']),
  /** What stands over a section. */
  headings: z.record(SectionKey, z.string()),
  positive: ByBand,
  impression: ByBand,
  /** Of a finding without an entry in `findings`. */
  other: ByBand,
  extent: z.string(),
  negative: z.string(),
  negativeOther: z.string(),
  /** What a person says of a finding: the first letter becomes a capital, certainty is not among the words. */
  stated: z.string(),
  statedWith: z.string(),
  severity: z.record(Severity, z.string()),
  measured: z.record(MeasurementName, z.string()),
  enlarged: z.string(),
  /** Beside cardiomegaly that was flagged. */
  notEnlarged: z.string(),
  nothingFlagged: z.string(),
  nothingFlaggedImpression: z.string(),
  assessed: z.string(),
  assessedAll: z.string(),
  assessedNone: z.string(),
  technique: z.string(),
  sideAssumed: z.string(),
  view: z.record(z.enum(['PA', 'AP', '']), z.string()),
  place: z.record(
    PlaceSide,
    z.record(
      z.enum([
        'side',
        'upper',
        'mid',
        'lower',
        'upper-mid',
        'upper-lower',
        'mid-lower',
        'upper-mid-lower',
        'costophrenic',
      ]),
      z.string(),
    ),
  ),
  depth: z.record(z.enum(['perihilar', 'peripheral']), z.string()),
  findings: z.record(z.string(), FindingForms),
  /** What the program says of a measurement, by its own name: the English text is what it stores. */
  notes: z.record(z.string(), z.string()),
  and: z.string(),
  or: z.string(),
  was: z.string(),
  were: z.string(),
});
export type PhraseBook = z.infer<typeof PhraseBook>;

const books: Record<ReportLanguage, PhraseBook> = { en: PhraseBook.parse(en), de: PhraseBook.parse(de) };

export const bookOf = (language: ReportLanguage): PhraseBook => books[language];

/** A note that core wrote in English, in the book's language; one that is not in the books stays as it is. */
export function noteIn(book: PhraseBook, english: string): string {
  const [id] = Object.entries(books.en.notes).find(([, text]) => text === english) ?? [];
  return (id === undefined ? undefined : book.notes[id]) ?? english;
}
