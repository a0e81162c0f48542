/** What was measured on a film, with its lines in the stored frame, its error and what weakens it. */
import * as z from 'zod';
import { Point } from '../imaging/affine.ts';
import { Region } from '../imaging/saliency.ts';

export const MeasuredLine = z.object({
  name: z.string(),
  from: Point,
  to: Point,
  /** From an end of the line to the place on the outline that it stands for, where they lie at other heights. */
  guides: z.array(z.object({ from: Point, to: Point })),
  length: z.number().nonnegative(),
  unit: z.enum(['mm', 'mm at detector', 'px']),
});
export type MeasuredLine = z.infer<typeof MeasuredLine>;

export const MeasurementName = z.enum(['cardiothoracic-ratio']);
export type MeasurementName = z.infer<typeof MeasurementName>;

export const Measurement = z.object({
  name: MeasurementName,
  value: z.number(),
  unit: z.literal('ratio'),
  lines: z.array(MeasuredLine),
  /** Mean and 95th percentile of its distance from what people measured, and on how many films. */
  error: z.object({ mean: z.number(), p95: z.number(), films: z.int() }),
  caveats: z.array(z.string()),
});
export type Measurement = z.infer<typeof Measurement>;

/** An error bound to two places, never rounded down: `0.0312` → `0.04`. */
export const boundOf = (error: number): string => (Math.ceil(error * 100 - 1e-9) / 100).toFixed(2);

export const MaskId = z.enum(['right-lung', 'left-lung', 'cardiomediastinum', 'lung-opacity']);
export type MaskId = z.infer<typeof MaskId>;

/** What an anatomy pack said of a film. */
export const Anatomy = z.object({
  pack: z.object({ id: z.string(), version: z.string(), sha256: z.string(), use: z.string() }),
  /** Outline of the largest part of each mask; null where there is none. */
  masks: z.array(z.object({ id: MaskId, name: z.string(), region: Region.nullable() })),
  measurements: z.array(Measurement),
  /** Why something was not measured; empty when all was. */
  note: z.string(),
});
export type Anatomy = z.infer<typeof Anatomy>;
