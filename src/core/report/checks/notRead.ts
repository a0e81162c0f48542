/** Text in a language that the checks do not read: they say so, and pass over nothing silently. */
import type { ReportLanguage } from '../language.ts';
import type { CheckResult } from './check.ts';
import type { ReadLanguages } from './textLanguage.ts';

const names: Record<ReportLanguage, string> = { en: 'English', de: 'German' };
const UNCHECKED = 'findings, sides, contradictions, comparisons, sex and age were not checked';

/** Whether the checks of words run: what stands there decides, and where that says nothing, what it was drafted in. */
export const isRead = ({ english, other }: ReadLanguages, drafted: ReportLanguage): boolean =>
  english === other.length ? drafted === 'en' : english > other.length;

/** Of a text that is read, the sentences that are not; of another one, the text. */
export function notRead(languages: ReadLanguages, drafted: ReportLanguage): CheckResult[] {
  const { other } = languages;
  const whole = !isRead(languages, drafted);
  if (!whole && other.length === 0) return [];
  const message = !whole
    ? `${other.length === 1 ? 'One sentence is' : `${other.length} sentences are`} not in English, which is what the checks read: in ${other.length === 1 ? 'it' : 'them'} ${UNCHECKED}.`
    : drafted === 'en'
      ? `The text is not in English, which is what the checks read: ${UNCHECKED}.`
      : `The draft was written in ${names[drafted]}, and the checks read English: ${UNCHECKED}.`;
  return [{ check: 'not-read', label: null, places: whole ? [] : [...other], message }];
}
