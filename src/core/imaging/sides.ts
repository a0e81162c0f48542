/** The one function that turns a place in an image into a side of the patient; everything asks it. */
import { apply } from './affine.ts';
import type { ImageHeader } from './header.ts';
import { poseOf } from './pose.ts';

export type Side = 'right' | 'left' | 'midline' | 'unknown';

type Sided = Pick<ImageHeader, 'columns' | 'rows' | 'patientOrientation' | 'imageOrientation' | 'viewPosition'>;

/**
 * Side of the patient at a continuous place of the stored frame, seen from the image's centre line in the standard
 * pose (`midline`: within half a pixel of it). The centre line is the film's, not the patient's: a place says on which
 * half of the film something lies, no more. `assumed`: the file does not say, the standard pose was taken for
 * granted. `unknown` where left and right lie behind one another: a side view.
 */
export function patientSideAt(header: Sided, column: number, row: number): { side: Side; assumed: boolean } {
  const pose = poseOf(header);
  if (pose.plane === 'lateral' || (pose.assumed && isSideView(header.viewPosition)))
    return { side: 'unknown', assumed: pose.assumed };
  const { columns, map } = pose.toPose(header.columns, header.rows);
  const fromMiddle = apply(map, { x: column, y: row }).x - columns / 2;
  const side = Math.abs(fromMiddle) <= 0.5 ? 'midline' : fromMiddle < 0 ? 'right' : 'left';
  return { side, assumed: pose.assumed };
}

/** View Position of a side view (PS3.3 C.8.1.1, C.8.11.5; LATERAL is common though not defined there). */
export const isSideView = (viewPosition: string): boolean =>
  ['LL', 'RL', 'ML', 'LM', 'LAT', 'LATERAL'].includes(viewPosition.trim().toUpperCase());
