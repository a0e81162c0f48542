/** The checks before signing, in words. */
import type { CheckId } from '#core/report/checks/check.ts';

export const checkWords: readonly { id: CheckId; name: string; does: string }[] = [
  {
    id: 'missed-finding',
    name: 'Finding not mentioned',
    does: 'The model marked a finding, or the heart was measured as enlarged, and the text says nothing of it.',
  },
  {
    id: 'denied-finding',
    name: 'Finding denied',
    does: 'The model marked a finding that the text says is absent, and it was not rejected.',
  },
  { id: 'comparison', name: 'Comparison without a prior', does: 'The text compares, and no earlier study is here.' },
  { id: 'laterality', name: 'Side', does: 'The text disagrees with itself or with the region about the side.' },
  { id: 'sex-age', name: 'Sex or age', does: 'The text speaks of another sex or age than the study.' },
  { id: 'contradiction', name: 'Contradiction', does: 'The same thing is said to be there and to be absent.' },
  { id: 'empty-impression', name: 'Empty impression', does: 'Nothing stands under Impression.' },
  { id: 'unfilled', name: 'Unfilled field', does: 'A bracket, a blank or a placeholder is left in the text.' },
  {
    id: 'not-looked-at',
    name: 'Finding never looked at',
    does: 'A finding of the model was never selected or judged.',
  },
  {
    id: 'not-read',
    name: 'Language not read',
    does: 'The draft was written in another language than English, which the checks do not read.',
  },
  {
    id: 'critical-open',
    name: 'Critical result not told',
    does: 'A critical result of the study was written down, and nobody was told of it yet.',
  },
  {
    id: 'against-decision',
    name: 'Against a decision',
    does: 'A finding was rejected, or said to be there, and the text says otherwise.',
  },
];

export const checkName = (id: CheckId): string => checkWords.find((one) => one.id === id)?.name ?? id;
