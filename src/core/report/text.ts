/** A report as plain text: what is exported, hashed and compared. */
import type { ReportDocument, SectionKey } from './report.ts';

const headings: Record<SectionKey, string> = {
  indication: 'INDICATION',
  technique: 'TECHNIQUE',
  comparison: 'COMPARISON',
  findings: 'FINDINGS',
  impression: 'IMPRESSION',
};

/** Sections that hold text, each under its heading; paragraphs on lines of their own. */
export function reportText(document: ReportDocument): string {
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
      return lines.length === 0 ? '' : `${headings[key]}\n${lines.join('\n')}\n`;
    })
    .filter((section) => section !== '')
    .join('\n');
}
