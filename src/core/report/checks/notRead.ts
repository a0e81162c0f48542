/** A text in a language that the checks do not read: they say so, and pass over nothing silently. */
import type { ReportLanguage } from '../language.ts';
import type { CheckResult } from './check.ts';

const names: Record<ReportLanguage, string> = { en: 'English', de: 'German' };

export function notRead(language: ReportLanguage): CheckResult[] {
  if (language === 'en') return [];
  return [
    {
      check: 'not-read',
      label: null,
      places: [],
      message: `The draft was written in ${names[language]}, and the checks read English: findings, sides, contradictions, comparisons, sex and age were not checked.`,
    },
  ];
}
