/** Which region lies under a point of the stored frame. */
import type { Point } from '#core/imaging/affine.ts';
import { isInside } from '#core/imaging/isInside.ts';
import type { Region } from '#core/imaging/saliency.ts';

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
