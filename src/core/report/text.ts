/** A report as plain text: what is exported, hashed and compared. */
import { headingsIn } from './headings.ts';
import type { ReportLanguage } from './language.ts';
import type { ReportDocument } from './report.ts';

/** Sections that hold text, each under its heading in capitals; paragraphs on lines of their own. */
export function reportText(document: ReportDocument, language: ReportLanguage = 'en'): string {
  const headings = headingsIn(language);
  return document.sections
    .map(({ key, paragraphs }) => {
      const lines = paragraphs
        .map((runs) =>
          runs
            .map((run) => run.text)
            .join('')
            .trim(),
        )
        .filter((line) => line !== '');
      return lines.length === 0 ? '' : `${headings[key].toUpperCase()}\n${lines.join('\n')}\n`;
    })
    .filter((section) => section !== '')
    .join('\n');
}
