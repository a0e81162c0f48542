/** Which region lies under a point of the stored frame. */
import type { Point } from '#core/imaging/affine.ts';
import type { Region } from '#core/imaging/saliency.ts';

/** Even-odd, as the contours are filled: a hole is outside. */
export function isInside({ polygons }: Region, { x, y }: Point): boolean {
  let inside = false;
  for (const polygon of polygons)
    for (const [at, end] of polygon.entries()) {
      const from = polygon.at(at - 1) ?? end;
      if (from.y > y === end.y > y) continue;
      if (x < from.x + ((y - from.y) / (end.y - from.y)) * (end.x - from.x)) inside = !inside;
    }
  return inside;
}

/** The smallest of those that hold the point, so that a region inside another can be reached; null for none. */
export function regionAt<T extends { region: Region }>(entries: readonly T[], point: Point): T | null {
  const area = ({ region }: T) => region.box.width * region.box.height;
  return (
    entries
      .filter(({ region }) => isInside(region, point))
      .sort((a, b) => area(a) - area(b))
      .at(0) ?? null
  );
}
