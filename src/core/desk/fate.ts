/** What became of each finding of the model: what the reader decided, what its sentence became, what the text says. */
import * as z from 'zod';
import type { Finding } from '../findings/findings.ts';
import { mentionsOf, type Mention } from '../report/checks/mentions.ts';
import { readSentences } from '../report/checks/sentences.ts';
import words from '../report/checks/words/findings.en.json' with { type: 'json' };
import { languageOf } from '../report/planned.ts';
import type { ReportDocument, SourceSentence } from '../report/report.ts';
import { spansOf } from '../report/sentences.ts';
import { FindingVerdict } from '../report/signing.ts';
import { LabelId } from '../study/ids.ts';

/** `unknown`: the word list does not know the finding or the report's language: the text cannot be searched for it. */
export const Said = z.enum(['affirmed', 'uncertain', 'partly', 'denied', 'absent', 'unknown']);
export type Said = z.infer<typeof Said>;

/** Of the model's sentence about the finding; `none`: it wrote none. */
export const SentenceFate = z.enum(['kept', 'edited', 'removed', 'none']);
export type SentenceFate = z.infer<typeof SentenceFate>;

export const TextFate = z.object({
  label: LabelId,
  name: z.string(),
  probability: z.number(),
  threshold: z.number(),
  positive: z.boolean(),
  said: Said,
  sentence: SentenceFate,
});
export type TextFate = z.infer<typeof TextFate>;

export const Fate = TextFate.extend({
  /** The newest decision of a reader; null when nobody looked. */
  verdict: FindingVerdict.nullable(),
  /** Checks about this finding that were signed over, each with its reason. */
  overridden: z.array(z.object({ check: z.string(), reason: z.string() })),
});
export type Fate = z.infer<typeof Fate>;

/** There are words to search for in English only, as for the checks before signing; the draft says its language. */
export const isSearched = (sources: readonly SourceSentence[]): boolean => languageOf(sources) === 'en';

/** In the order of `findings`. `document`: the text as it stands or was signed. */
export function textFates(
  findings: readonly Finding[],
  sources: readonly SourceSentence[],
  document: ReportDocument,
): TextFate[] {
  const mentions = isSearched(sources) ? mentionsOf(readSentences(document)) : null;
  const spans = spansOf(document, sources);
  return findings.map(({ label, name, probability, threshold, positive }) => {
    const own = sources.filter(({ finding }) => finding === label).map(({ id }) => id);
    const left = spans.filter((span) => span.origin !== 'human' && span.sources.some((id) => own.includes(id)));
    const sentence =
      own.length === 0
        ? 'none'
        : left.some(({ origin }) => origin === 'edited')
          ? 'edited'
          : left.length > 0
            ? 'kept'
            : 'removed';
    return {
      label,
      name,
      probability,
      threshold,
      positive,
      said: mentions ? saidOf(label, mentions) : 'unknown',
      sentence,
    };
  });
}

const order: readonly Said[] = ['affirmed', 'uncertain', 'partly', 'denied'];

/** The strongest that the text says of the finding. */
function saidOf(label: LabelId, mentions: readonly Mention[]): Said {
  const known = Object.entries(words.labels).find(([id]) => id === label)?.[1];
  if (!known) return 'unknown';
  const statuses = mentions.flatMap(({ concept, status }): Said[] =>
    status === 'denied'
      ? known.denied.includes(concept)
        ? ['denied']
        : []
      : known.mentioned.includes(concept)
        ? [status]
        : [],
  );
  return order.find((status) => statuses.includes(status)) ?? 'absent';
}

/** The text says that it is there, surely or perhaps. */
export const isSaid = (said: Said): boolean => said === 'affirmed' || said === 'uncertain';

/** Whether model and text agree; null where the text cannot be searched for the finding. */
export const agrees = ({ positive, said }: Pick<TextFate, 'positive' | 'said'>): boolean | null =>
  said === 'unknown' ? null : positive === isSaid(said);
