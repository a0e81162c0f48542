/** Whether a place of the stored frame lies in a region. */
import type { Point } from './affine.ts';
import type { Region } from './saliency.ts';

/** Even-odd, as the contours are filled: a hole is outside. */
export function isInside({ polygons }: Pick<Region, 'polygons'>, { x, y }: Point): boolean {
  let inside = false;
  for (const polygon of polygons)
    for (const [at, end] of polygon.entries()) {
      const from = polygon.at(at - 1) ?? end;
      if (from.y > y === end.y > y) continue;
      if (x < from.x + ((y - from.y) / (end.y - from.y)) * (end.x - from.x)) inside = !inside;
    }
  return inside;
}
