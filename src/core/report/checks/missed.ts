/** Positive findings of the model, and a measured enlarged heart, that the text says nothing of or denies. */
import type { CheckInput, CheckResult } from './check.ts';
import type { Mention } from './mentions.ts';
import { placeOf } from './sentences.ts';
import { LabelId } from '../../study/ids.ts';
import words from './words/findings.en.json' with { type: 'json' };

interface Expected {
  label: LabelId;
  said: string;
}

/** A finding that the reader rejected is answered. */
export function missedFindings({ findings, heart }: CheckInput, mentions: readonly Mention[]): CheckResult[] {
  const expected: Expected[] = findings
    .filter(({ positive, decision }) => positive && decision !== 'rejected')
    .map(({ label, name, side }) => ({
      label,
      said: `The model marked ${name.toLowerCase()}${side && side !== 'both' ? ` (${side})` : ''}`,
    }));
  const heartRejected = findings.some((finding) => finding.label === 'cardiomegaly' && finding.decision === 'rejected');
  if (heart?.enlarged && !heartRejected && !expected.some(({ label }) => label === 'cardiomegaly'))
    expected.push({
      label: LabelId.parse('cardiomegaly'),
      said: `The heart was measured as enlarged (cardiothoracic ratio ${heart.ratio.toFixed(2)})`,
    });
  return expected.flatMap((each) => answer(each, mentions));
}

function answer({ label, said }: Expected, mentions: readonly Mention[]): CheckResult[] {
  const known = Object.entries(words.labels).find(([id]) => id === label)?.[1];
  // A label that the word list does not know cannot be looked for; that is said, never passed over.
  if (!known)
    return [
      {
        check: 'missed-finding',
        label,
        places: [],
        message: `${said}; whether the text mentions it cannot be checked.`,
      },
    ];
  const of = (concepts: readonly string[]) => mentions.filter(({ concept }) => concepts.includes(concept));
  if (of(known.mentioned).some(({ status }) => status === 'affirmed' || status === 'uncertain')) return [];
  const denials = of(known.denied);
  if (denials.length === 0)
    return [{ check: 'missed-finding', label, places: [], message: `${said}; the text does not mention it.` }];
  return [
    {
      check: 'denied-finding',
      label,
      places: denials.map((mention) => placeOf(mention.sentence, mention)),
      message: `${said}; the text says that it is absent. Reject the finding if the text is right.`,
    },
  ];
}
