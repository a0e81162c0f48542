/** How stored values become grey: the VOI transformation and whether the display is inverted. Replaced, never changed. */
import type { Voi } from '#core/imaging/voi.ts';

export interface Look {
  readonly voi: Voi;
  readonly invert: boolean;
  /** Magnified pixels keep their edges instead of being smoothed. */
  readonly sharp: boolean;
}
