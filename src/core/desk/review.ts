/** Peer review: a sample of signed reports, a score and a comment for each, and the reader's answer. */
import * as z from 'zod';
import { DraftId, LabelId } from '../study/ids.ts';

/** How far the second reader would have reported the film otherwise; four steps, as peer review commonly has. */
export const Score = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type Score = z.infer<typeof Score>;

export const scoreWords: Readonly<Record<Score, string>> = {
  1: 'I read it the same way',
  2: 'I differ; the difference is understandable',
  3: 'I differ; it should be seen most of the time',
  4: 'I differ; it should be seen almost every time',
};

/** `random`: any signed report; `finding`: those in which the model marked `finding`. */
export const SampleKind = z.enum(['random', 'finding']);
export type SampleKind = z.infer<typeof SampleKind>;

export const Sample = z.object({
  id: z.string(),
  kind: SampleKind,
  finding: LabelId.nullable(),
  /** Reports are taken in the order of SHA-256 over `seed:report id`: whoever has the seed draws the same ones. */
  seed: z.string(),
  /** How many signed reports there were to draw from. */
  candidates: z.int().nonnegative(),
  size: z.int().nonnegative(),
  reviewed: z.int().nonnegative(),
  login: z.string(),
  /** Milliseconds since 1970, UTC. */
  at: z.number(),
});
export type Sample = z.infer<typeof Sample>;

export const Review = z.object({
  id: z.int(),
  draft: DraftId,
  /** The signed version that was reviewed. */
  version: z.int().positive(),
  /** Empty: it was not drawn, the auditor chose the report. */
  sample: z.string(),
  /** Who signed that version. */
  reader: z.string(),
  reviewer: z.string(),
  score: Score,
  /** It may have mattered to the patient. */
  matters: z.boolean(),
  comment: z.string(),
  at: z.number(),
  /** When the reader said that they had read it, and what they answered. */
  answeredAt: z.number().nullable(),
  answer: z.string(),
});
export type Review = z.infer<typeof Review>;
