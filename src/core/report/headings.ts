/** What stands over the sections of a report, in the language that its draft was written in. */
import type { ReportLanguage } from './language.ts';
import { bookOf } from './phrases/book.ts';
import { languageOf } from './planned.ts';
import type { SectionKey, SourceSentence } from './report.ts';

export type Headings = Record<SectionKey, string>;

/** Of a report without a draft: English. */
export const headingsOf = (sources: readonly SourceSentence[]): Headings => headingsIn(languageOf(sources));

export const headingsIn = (language: ReportLanguage): Headings => bookOf(language).headings;
