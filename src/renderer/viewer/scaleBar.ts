/** A bar of a round length, for images whose spacing is known. */
import type { ImageHeader } from '#core/imaging/header.ts';
import { spacingOf } from '#core/measure/spacing.ts';
import { pixelSize } from '#core/imaging/spacing.ts';

export interface ScaleBar {
  /** In the canvas's pixels. */
  length: number;
  text: string;
}

const round = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/**
 * The longest round length that is no longer than `room` canvas pixels, at `scale` canvas pixels for the shorter side
 * of an image pixel; null where spacing is unknown or nothing round fits.
 */
export function scaleBarOf(header: ImageHeader, scale: number, room: number): ScaleBar | null {
  const { column, unit } = spacingOf(header);
  if (unit === 'px') return null;
  const perMm = (scale * pixelSize(header).width) / column;
  const mm = round.filter((length) => length * perMm <= room).at(-1);
  if (mm === undefined) return null;
  const text = mm >= 10 ? `${mm / 10} cm` : `${mm} mm`;
  return { length: mm * perMm, text: unit === 'mm' ? text : `${text} at detector` };
}
