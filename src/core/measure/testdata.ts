/** Masks made of ellipses for tests: nothing of a person, known widths. */
import { identity, type Affine } from '../imaging/affine.ts';
import type { Saliency } from '../imaging/saliency.ts';
import { gridOf } from './masks.ts';
import { MaskId } from './measurement.ts';

export interface Ellipse {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Probability that falls from 1 to 0 over one cell at the ellipse's edge, one half on it. */
export function ellipseGrid(rows: number, columns: number, ellipses: readonly Ellipse[]): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const [x, y] = [(i % columns) + 0.5, Math.floor(i / columns) + 0.5];
    const depth = ellipses.map((e) => {
      const away = Math.hypot((x - e.x) / (e.width / 2), (y - e.y) / (e.height / 2));
      return (1 - away) * (e.width / 2);
    });
    return Math.min(1, Math.max(0, 0.5 + Math.max(...depth)));
  });
}

/** A chest in a grid of 112 × 112: lungs 84 apart at their widest, the cardiomediastinum 42 wide below the hila. */
export const CHEST: Record<'right-lung' | 'left-lung' | 'cardiomediastinum', Ellipse> = {
  'right-lung': { x: 32, y: 56, width: 36, height: 80 },
  'left-lung': { x: 80, y: 56, width: 36, height: 80 },
  cardiomediastinum: { x: 60, y: 70, width: 42, height: 44 },
};

export function chestMasks(
  chest: Partial<typeof CHEST> = {},
  toImage: Affine = identity,
  size = 112,
): Map<MaskId, Saliency> {
  return new Map(
    Object.entries({ ...CHEST, ...chest }).map(([id, ellipse]) => [
      MaskId.parse(id),
      gridOf(ellipseGrid(size, size, [ellipse]), size, size, size, size, toImage),
    ]),
  );
}
