/** What stands of a study's report, in words. */
import type { ReportState } from '#core/study/study.ts';

export const stateWords: Readonly<Record<ReportState, string>> = {
  none: 'No report',
  'ai-draft': 'AI draft',
  'in-progress': 'In progress',
  preliminary: 'Preliminary',
  final: 'Final',
  addendum: 'Final, addendum',
  corrected: 'Corrected',
  discarded: 'Discarded',
  refused: 'No draft: refused',
};
