/** What was measured on one film: one line of a run, out of which every figure can be computed again. */
import * as z from 'zod';
import { Point } from '../imaging/affine.ts';
import { Box } from '../imaging/saliency.ts';

/** What a pack said of one of its labels, and how its map agrees with boxes of that label, where there are any. */
export const FoundLabel = z.object({
  probability: z.number(),
  /** Highest place of the map, in the film's pixels. */
  peak: Point.nullable(),
  /** Where people drew boxes: whether the peak lies in one, and what the region and the boxes have in common. */
  hit: z.boolean().nullable(),
  overlap: z.number().nullable(),
  /** What the two lungs, as masked, have in common with the boxes. */
  lungsOverlap: z.number().nullable(),
});
export type FoundLabel = z.infer<typeof FoundLabel>;

export const FilmRow = z.object({
  /** Of the film's bytes, of what images.csv says that the gate asks for, and of its boxes and masks. */
  key: z.string(),
  /** Line of images.csv, counted from 1 after the heading. */
  line: z.int().positive(),
  file: z.string(),
  sha256: z.string(),
  patient: z.string(),
  source: z.string(),
  sex: z.string(),
  ageYears: z.number().nullable(),
  view: z.string(),
  /** What the gate should say: `accepted`, or the reason of a refusal; empty where images.csv does not say. */
  expected: z.string().default(''),
  /** Why the file could not be read; empty when it could. */
  unread: z.string(),
  gate: z
    .object({
      accepted: z.boolean(),
      /** Who refused: what the file says of itself, or what its pixels look like. */
      by: z.enum(['header', 'pixels']).nullable(),
      reason: z.string(),
      message: z.string(),
    })
    .nullable(),
  /** The film's pixels may name somebody. */
  burnedIn: z.boolean(),
  size: z.object({ rows: z.int(), columns: z.int() }).nullable(),
  findings: z.record(z.string(), FoundLabel),
  /** Both lungs were found as the product asks for; the box around both masks; overlap with known lung boxes. */
  lungs: z.object({ found: z.boolean(), box: Box.nullable(), overlap: z.number().nullable() }).nullable(),
  /** Dice with the annotators' masks, by mask. */
  dice: z.record(z.string(), z.number()),
  /** Taken from the pack's masks and from the annotators'; null where it could not be taken. */
  ratio: z.object({ pack: z.number().nullable(), annotators: z.number().nullable() }).nullable(),
  provider: z.string(),
  /** ONNX Runtime's version, and why the wanted provider did not run. */
  runtime: z.string().default(''),
  fallback: z.string().default(''),
  milliseconds: z.number(),
});
export type FilmRow = z.infer<typeof FilmRow>;

/** What the column `view` of images.csv says; null for anything else. */
export function statedView(view: string): 'PA' | 'AP' | 'lateral' | null {
  if (/^PA\b/i.test(view)) return 'PA';
  if (/^AP\b/i.test(view)) return 'AP';
  return /^(L|LL|RL|LAT.*)$/i.test(view) ? 'lateral' : null;
}
