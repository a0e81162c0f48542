/** What a model said about one film: calibrated probabilities, operating points, regions. */
import * as z from 'zod';
import { Region } from '../imaging/saliency.ts';
import { Anatomy } from '../measure/measurement.ts';
import { AnalysisId, InstanceId, LabelId } from '../study/ids.ts';

export const Finding = z.object({
  label: LabelId,
  name: z.string(),
  probability: z.number().min(0).max(1),
  threshold: z.number().min(0).max(1),
  positive: z.boolean(),
  /** Where the model looked, thresholded; null for a negative. */
  region: Region.nullable(),
});
export type Finding = z.infer<typeof Finding>;

export const Band = z.enum(['unlikely', 'possible', 'likely', 'very likely']);
export type Band = z.infer<typeof Band>;

/** Bands of a calibrated probability, as words for the screen. */
export function bandOf(probability: number): Band {
  if (probability < 0.2) return 'unlikely';
  if (probability < 0.5) return 'possible';
  if (probability < 0.8) return 'likely';
  return 'very likely';
}

/** Why a film was not read by a pack; the words for the reader are in `message`. */
export const GateReason = z.enum([
  'modality',
  'body-part',
  'view',
  'age',
  'for-processing',
  'colour',
  'multi-frame',
  'no-geometry',
  'not-an-image',
  /** From here on: what a gate pack saw in the pixels. */
  'lateral',
  'other-part',
  'section',
  'inverted',
  'rotated',
  'blank',
  'cropped',
  'screen-photo',
  'synthetic',
  'not-frontal',
]);
export const Gate = z.object({
  accepted: z.boolean(),
  reason: GateReason.nullable(),
  /** What was expected and what was found; empty when accepted without remark. */
  message: z.string(),
  /** Things the reader should know although the film was accepted: side assumed, synthetic, AP. */
  caveats: z.array(z.string()),
  /** The gate pack that looked at the pixels; absent where the header alone was asked. */
  pack: z.object({ id: z.string(), version: z.string(), sha256: z.string(), use: z.string() }).optional(),
});
export type Gate = z.infer<typeof Gate>;

export const Provider = z.enum(['cuda', 'dml', 'cpu']);
export type Provider = z.infer<typeof Provider>;

/** What really ran, read from ONNX Runtime's profile. */
export const EngineRun = z.object({
  provider: Provider,
  /** Number of graph nodes that each provider executed. */
  nodes: z.record(z.string(), z.int()),
  /** Why the wanted provider did not run; empty when it did. */
  fallback: z.string(),
  runtime: z.string(),
});
export type EngineRun = z.infer<typeof EngineRun>;

export const Analysis = z.object({
  id: AnalysisId,
  instance: InstanceId,
  frame: z.int().nonnegative(),
  pack: z.object({ id: z.string(), version: z.string(), sha256: z.string(), use: z.string() }),
  gate: Gate,
  findings: z.array(Finding),
  /** Outlines and measurements; null where no anatomy pack read the film. */
  anatomy: Anatomy.nullable().default(null),
  engine: EngineRun,
  /** Milliseconds by stage. */
  timings: z.record(z.string(), z.number()),
  createdAt: z.number(),
});
export type Analysis = z.infer<typeof Analysis>;
