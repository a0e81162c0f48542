/** How much of a drafted text a reader changed. */
import type { ReportDocument, SectionKey } from '../report/report.ts';
import { tokensOf } from '../report/tokens.ts';
import { commonOf } from './diff.ts';

/** The plain text of one section, its paragraphs on lines of their own; empty where there is none. */
export const sectionText = (document: ReportDocument, key: SectionKey): string =>
  document.sections
    .filter((section) => section.key === key)
    .flatMap(({ paragraphs }) =>
      paragraphs.map((runs) =>
        runs
          .map(({ text }) => text)
          .join('')
          .trim(),
      ),
    )
    .filter((line) => line !== '')
    .join('\n');

const keys: readonly SectionKey[] = ['indication', 'technique', 'comparison', 'findings', 'impression'];
const wordsOf = (document: ReportDocument): string[] => keys.flatMap((key) => tokensOf(sectionText(document, key)));

/**
 * 0: not a word, number or symbol differs; 1: nothing of the draft is left. Words that only one of the two has, over
 * the words of both (1 − Dice's coefficient of the longest common subsequence).
 */
export function shareChanged(draft: ReportDocument, text: ReportDocument): number {
  const before = wordsOf(draft);
  const after = wordsOf(text);
  const all = before.length + after.length;
  return all === 0 ? 0 : 1 - (2 * commonOf(before, after).length) / all;
}
