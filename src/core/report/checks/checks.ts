/** The checks before signing: pure, on English text, and saying so of any other; measured in docs/checks.md. */
import { againstDecision } from './againstDecision.ts';
import { emptyImpression, unfilled } from './blanks.ts';
import type { CheckInput, CheckResult } from './check.ts';
import { comparisonWithoutPrior } from './comparison.ts';
import { contradictions } from './contradiction.ts';
import { criticalOpen } from './criticalOpen.ts';
import { laterality } from './laterality.ts';
import { mentionsOf } from './mentions.ts';
import { missedFindings } from './missed.ts';
import { notLookedAt } from './notLookedAt.ts';
import { isRead, notRead } from './notRead.ts';
import { readSentences } from './sentences.ts';
import { sexAndAge } from './sexAge.ts';
import { languagesOf } from './textLanguage.ts';

/** All that speaks against signing, in the order of `CheckId`; empty when nothing does. */
export function checksBeforeSigning(input: CheckInput): CheckResult[] {
  const { language = 'en', criticals = [] } = input;
  const languages = languagesOf(input.document);
  if (!isRead(languages, language))
    return [
      ...emptyImpression(input.document),
      ...unfilled(input.document),
      ...notLookedAt(input.findings),
      ...notRead(languages, language),
      ...criticalOpen(criticals),
      ...againstDecision(input.findings),
    ];
  const sentences = readSentences(input.document);
  const mentions = mentionsOf(sentences);
  return [
    ...missedFindings(input, mentions),
    ...comparisonWithoutPrior(input, sentences),
    ...laterality(input, mentions),
    ...sexAndAge(input, sentences),
    ...contradictions(mentions),
    ...emptyImpression(input.document),
    ...unfilled(input.document),
    ...notLookedAt(input.findings),
    ...notRead(languages, language),
    ...criticalOpen(criticals),
    ...againstDecision(input.findings),
  ];
}
