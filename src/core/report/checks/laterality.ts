/** Sides: the impression against the findings, a sentence against itself, and the text against the measured region. */
import type { CheckInput, CheckResult } from './check.ts';
import type { Mention } from './mentions.ts';
import { placeOf } from './sentences.ts';
import { sideHits } from './sides.ts';
import words from './words/findings.en.json' with { type: 'json' };

const present = ({ status }: Mention) => status === 'affirmed' || status === 'uncertain';
const sideName = ({ sides }: Mention) => [...sides].join(' and ');

export function laterality(input: CheckInput, mentions: readonly Mention[]): CheckResult[] {
  const sided = mentions.filter((mention) => present(mention) && mention.sides.size > 0);
  return [...againstText(sided), ...againstItself(sided), ...againstRegion(input, sided)];
}

/** The impression names one side of something that the findings have only on the other. */
function againstText(sided: readonly Mention[]): CheckResult[] {
  return words.sided.flatMap((family) => {
    const own = sided.filter(({ concept }) => family.includes(concept));
    const findings = own.filter(({ sentence }) => sentence.section === 'findings');
    const wrong = own.filter(
      ({ sentence, sides }) =>
        sentence.section === 'impression' &&
        sides.size === 1 &&
        findings.length > 0 &&
        !findings.some((other) => [...sides].some((side) => other.sides.has(side))),
    );
    const first = wrong[0];
    const other = findings[0];
    if (!first || !other) return [];
    return [
      {
        check: 'laterality' as const,
        label: null,
        places: [...findings, ...wrong].map((mention) => placeOf(mention.sentence, mention)),
        message: `The impression says ${sideName(first)}, the findings say ${sideName(other)}.`,
      },
    ];
  });
}

/** "Left basal atelectasis on the right" */
function againstItself(sided: readonly Mention[]): CheckResult[] {
  return sided.flatMap((mention) => {
    const { text } = mention.sentence;
    const tail = /^[^,;]{0,20}?\b(?:on|of) the (left|right)\b(?! (heart|hemidiaphragm|diaphragm))/i.exec(
      text.slice(mention.to),
    );
    const before = sideHits(text.slice(0, mention.from)).at(-1);
    const named = before?.names.length === 1 ? before.names[0] : undefined;
    if (!tail || !named || mention.from - (before?.to ?? 0) > 20 || tail[1]?.toLowerCase() === named) return [];
    if (/,|;|\band\b/i.test(text.slice(before?.to, mention.from))) return [];
    return [
      {
        check: 'laterality' as const,
        label: null,
        places: [placeOf(mention.sentence, { from: before?.from ?? mention.from, to: mention.to + tail[0].length })],
        message: `One sentence says ${named} and ${tail[1]?.toLowerCase() ?? ''} of the same thing.`,
      },
    ];
  });
}

function againstRegion({ findings }: CheckInput, sided: readonly Mention[]): CheckResult[] {
  return findings.flatMap(({ label, name, positive, decision, side }) => {
    if (!positive || decision === 'rejected' || side === null || side === 'both') return [];
    const concepts =
      Object.entries(words.labels)
        .find(([id]) => id === label)?.[1]
        .mentioned.slice(0, 4) ?? [];
    const own = sided.filter(({ concept }) => concepts.includes(concept));
    const first = own[0];
    if (!first || own.some(({ sides }) => sides.has(side))) return [];
    return [
      {
        check: 'laterality' as const,
        label,
        places: own.map((mention) => placeOf(mention.sentence, mention)),
        message: `The region of ${name.toLowerCase()} lies on the patient’s ${side}, the text says ${sideName(first)}.`,
      },
    ];
  });
}
