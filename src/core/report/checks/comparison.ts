/** Words that compare with an earlier examination where none is loaded. */
import type { CheckInput, CheckResult } from './check.ts';
import { compile, hitsOf, overlaps } from './pattern.ts';
import { isStatement, placeOf, type ReadSentence } from './sentences.ts';
import cues from './words/cues.en.json' with { type: 'json' };

const terms = compile(cues.comparison.terms);
const except = compile(cues.comparison.except);

export function comparisonWithoutPrior({ priors }: CheckInput, sentences: readonly ReadSentence[]): CheckResult[] {
  if (priors > 0) return [];
  return sentences.filter(isStatement).flatMap((sentence) => {
    const not = hitsOf(except, sentence.text);
    const hits = hitsOf(terms, sentence.text).filter((hit) => !not.some((other) => overlaps(hit, other)));
    const first = hits[0];
    if (!first) return [];
    return [
      {
        check: 'comparison' as const,
        label: null,
        places: hits.map((hit) => placeOf(sentence, hit)),
        message: `“${first.text}” compares with an earlier examination, and none is loaded.`,
      },
    ];
  });
}
