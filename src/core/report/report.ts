/** A report's text and where each sentence comes from. */
import * as z from 'zod';
import { Region } from '../imaging/saliency.ts';
import { Measurement } from '../measure/measurement.ts';
import { Place } from '../measure/place.ts';
import { AnalysisId, DraftId, InstanceId, LabelId, SentenceId, StudyId } from '../study/ids.ts';
import { ReportLanguage } from './language.ts';
import { VersionKind } from './states.ts';

export const SectionKey = z.enum(['indication', 'technique', 'comparison', 'findings', 'impression']);
export type SectionKey = z.infer<typeof SectionKey>;

/** What a drafted sentence rests on. */
export const Evidence = z.discriminatedUnion('kind', [
  /** `place` is what the sentence says of where it lies; words of a place rest on this very region. */
  z.object({
    kind: z.literal('region'),
    label: LabelId,
    region: Region,
    basis: z.enum(['saliency', 'mask']),
    place: Place.optional(),
  }),
  z.object({ kind: z.literal('operating-point'), label: LabelId, probability: z.number(), threshold: z.number() }),
  z.object({ kind: z.literal('assessed'), assessed: z.array(z.string()), notAssessed: z.array(z.string()) }),
  z.object({ kind: z.literal('film'), instance: InstanceId, note: z.string() }),
  /** Measured on masks, with its lines in the stored frame. */
  z.object({ kind: z.literal('measurement'), measurement: Measurement }),
]);
export type Evidence = z.infer<typeof Evidence>;

/** A sentence as the model wrote it; it never changes. */
export const SourceSentence = z.object({
  id: SentenceId,
  section: SectionKey,
  text: z.string(),
  finding: LabelId.nullable(),
  probability: z.number().nullable(),
  evidence: z.array(Evidence),
  /** What it is written in; English where it is not said. */
  language: ReportLanguage.optional(),
});
export type SourceSentence = z.infer<typeof SourceSentence>;

/** A run of text; `source` names the model's sentence that it came from, null for typed text. */
export const Run = z.object({ text: z.string(), source: SentenceId.nullable() });
export type Run = z.infer<typeof Run>;
export const Paragraph = z.array(Run);
export type Paragraph = z.infer<typeof Paragraph>;
export const ReportDocument = z.object({
  sections: z.array(z.object({ key: SectionKey, paragraphs: z.array(Paragraph) })),
});
export type ReportDocument = z.infer<typeof ReportDocument>;

export const Origin = z.enum(['model', 'edited', 'human']);
export type Origin = z.infer<typeof Origin>;

/** A sentence of the present text with its origin and the evidence it inherited. */
export const Sentence = z.object({
  section: SectionKey,
  text: z.string(),
  origin: Origin,
  sources: z.array(SentenceId),
  finding: LabelId.nullable(),
  probability: z.number().nullable(),
  evidence: z.array(Evidence),
});
export type Sentence = z.infer<typeof Sentence>;

export const Draft = z.object({
  id: DraftId,
  study: StudyId,
  /** The film that the draft was made from; null for a report without a model. */
  instance: InstanceId.nullable(),
  analysis: AnalysisId.nullable(),
  sources: z.array(SourceSentence),
  document: ReportDocument,
  /** Goes up by one with every saved edit. */
  revision: z.int().nonnegative(),
  savedAt: z.number(),
});
export type Draft = z.infer<typeof Draft>;

export const DraftVersion = z.object({
  number: z.int().positive(),
  kind: VersionKind,
  createdAt: z.number(),
  actor: z.string(),
  sha256: z.string(),
  characters: z.int(),
});
export type DraftVersion = z.infer<typeof DraftVersion>;
