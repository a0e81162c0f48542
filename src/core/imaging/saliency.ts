/** Where a model looked, as a grid with its place in the stored frame, and the region drawn from it. */
import * as z from 'zod';
import { Affine, Point } from './affine.ts';

export const Saliency = z.object({
  rows: z.int().positive(),
  columns: z.int().positive(),
  /** float32, little-endian, row by row, 0 … 1. */
  bytes: z.instanceof(Uint8Array),
  /** From grid coordinates (cell i covers [i, i+1)) to the stored frame. */
  toImage: Affine,
});
export type Saliency = z.infer<typeof Saliency>;

export const Box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Box = z.infer<typeof Box>;

/** Closed polygons and the box around them, in stored-frame coordinates. */
export const Region = z.object({ polygons: z.array(z.array(Point)), box: Box });
export type Region = z.infer<typeof Region>;
