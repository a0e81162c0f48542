/** Letters of orientation at the four edges of the displayed image. */
import type { ImageHeader } from './header.ts';
import { directionsOf, opposite } from './orientation.ts';

/**
 * How the image is shown. Order, as in cornerstone-core's `calculateTransform`: the image is mirrored first, along its
 * own columns (`flipH`, left and right change places) and rows (`flipV`), then turned clockwise by `rotation` degrees.
 */
export interface View {
  rotation: 0 | 90 | 180 | 270;
  flipH: boolean;
  flipV: boolean;
}

export interface EdgeLetters {
  left: string;
  right: string;
  top: string;
  bottom: string;
}

/** Composite letters as in the file (`PF`), or by falling share of Image Orientation (Patient); '' when unknown. */
export function edgeLetters(
  header: Pick<ImageHeader, 'patientOrientation' | 'imageOrientation'>,
  { rotation, flipH, flipV }: View,
): EdgeLetters {
  const [row, column] = directionsOf(header) ?? ['', ''];
  const right = flipH ? opposite(row) : row;
  const bottom = flipV ? opposite(column) : column;
  // Clockwise from the top edge; a quarter turn clockwise moves every letter one edge on.
  const around = [opposite(bottom), right, bottom, opposite(right)];
  const at = (edge: number) => around[(edge + 4 - rotation / 90) % 4] ?? '';
  return { top: at(0), right: at(1), bottom: at(2), left: at(3) };
}
