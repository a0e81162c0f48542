/** What the text says to be there and to be absent. */
import type { CheckResult } from './check.ts';
import type { Mention } from './mentions.ts';
import { placeOf } from './sentences.ts';
import words from './words/findings.en.json' with { type: 'json' };

/** Only plain denials and plain statements: "no large effusion" or "possible effusion" stand against nothing. */
export function contradictions(mentions: readonly Mention[]): CheckResult[] {
  return words.contradicts.flatMap(({ denied, affirmed, name }) => {
    const pairs = mentions
      .filter((mention) => mention.concept === denied && mention.status === 'denied' && !mention.restOnly)
      .flatMap((no) =>
        mentions
          .filter((yes) => affirmed.includes(yes.concept) && yes.status === 'affirmed' && meet(no, yes))
          .map((yes) => ({ no, yes })),
      );
    const first = pairs[0];
    if (!first) return [];
    return [
      {
        check: 'contradiction' as const,
        label: null,
        places: [placeOf(first.no.sentence, first.no), placeOf(first.yes.sentence, first.yes)],
        message: `The text says that ${name} is absent (“${quote(first.no)}”) and that it is there (“${quote(first.yes)}”).`,
      },
    ];
  });
}

/** A denial without a side holds for both; one with a side only for it. */
function meet(no: Mention, yes: Mention): boolean {
  if (no.sides.size === 0 || no.sides.size === 2) return true;
  return [...yes.sides].some((side) => no.sides.has(side));
}

const quote = ({ sentence }: Mention) =>
  sentence.text.length > 80 ? `${sentence.text.slice(0, 77).trimEnd()}…` : sentence.text;
