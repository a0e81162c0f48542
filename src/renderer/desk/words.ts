/** The auditor's desk in words. */
import type { Fate, Said, SentenceFate } from '#core/desk/fate.ts';
import type { VersionKind } from '#core/report/states.ts';

export const versionWords: Record<VersionKind, string> = {
  model: 'Drafted by AI',
  saved: 'Kept by the reader',
  preliminary: 'Released as preliminary',
  final: 'Signed',
  addendum: 'Addendum signed',
  corrected: 'Correction signed',
};

export const saidWords: Record<Said, string> = {
  affirmed: 'the text has it',
  uncertain: 'the text says perhaps',
  partly: 'the text denies part of it',
  denied: 'the text says it is absent',
  absent: 'the text says nothing of it',
  unknown: 'cannot be searched for',
};

export const sentenceWords: Record<SentenceFate, string> = {
  kept: 'AI sentence kept',
  edited: 'AI sentence edited',
  removed: 'AI sentence removed',
  none: 'no AI sentence',
};

export const verdictWords = (verdict: Fate['verdict']): string =>
  verdict === null
    ? 'never looked at'
    : { seen: 'looked at', accepted: 'accepted', rejected: 'rejected', modified: 'modified' }[verdict.verdict];

/** `0.183` → `18 %`; null where there is nothing to compare. */
export const shareWords = (share: number | null): string =>
  share === null ? '–' : share > 0 && share < 0.005 ? '< 1 %' : `${Math.round(share * 100)} %`;

/** `75 s`, `12 min`, `3.5 h`, `2.1 d` */
export function spanWords(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 2) return `${Math.round(ms / 1000)} s`;
  if (minutes < 120) return `${Math.round(minutes)} min`;
  return minutes < 2880 ? `${(minutes / 60).toFixed(1)} h` : `${(minutes / 1440).toFixed(1)} d`;
}
