/** A film small enough to be on screen at once, while the whole of it is on its way. */
import { halved, isShort, type Level } from './halve.ts';
import type { ImageHeader } from './header.ts';
import type { Pixels } from './pixels.ts';

/** Frames with a longer side than this have a preview, whose longer side is at most this. */
export const PREVIEW_SIDE = 1024;

export const hasPreview = ({ rows, columns, bitsAllocated }: ImageHeader): boolean =>
  Math.max(rows, columns) > PREVIEW_SIDE && bitsAllocated <= 16;

/** Stored values halved `halvings` times: exactly what the viewer draws where the frame is shown that small. */
export interface Preview {
  halvings: number;
  level: Level;
}

/** Null for a frame that is small itself, or whose samples are of more than 16 bits. */
export function previewOf(pixels: Pixels, padding: ImageHeader['pixelPadding']): Preview | null {
  const { rows, columns, data } = pixels;
  if (!isShort(data) || Math.max(rows, columns) <= PREVIEW_SIDE) return null;
  let level: Level = { rows, columns, data };
  let halvings = 0;
  for (; Math.max(level.rows, level.columns) > PREVIEW_SIDE; halvings += 1)
    level = halved(level, pixels.samplesPerPixel, padding);
  return { halvings, level };
}

/** Rows and columns after `halvings`: an odd edge counts as a whole pixel each time. */
export const halvedSize = (size: number, halvings: number): number => Math.ceil(size / 2 ** halvings);
