/** The standard pose: how a stored film is flipped and turned so that the patient's right is on image left, head up. */
import type { Affine } from './affine.ts';
import type { ImageHeader } from './header.ts';
import { directionsOf } from './orientation.ts';

export type Plane = 'frontal' | 'lateral' | 'axial';

export interface Pose {
  /** First letters of row and column direction, such as `L\F`; '' when the file does not say. */
  orientation: string;
  /** The standard pose was taken for granted: the file says nothing, or nothing that is understood. */
  assumed: boolean;
  /** The file's letters name two different axes of a person. False when empty. */
  recognised: boolean;
  /** What the letters show; null when assumed. */
  plane: Plane | null;
  /** Size of the posed film and the map from stored to posed continuous coordinates. */
  toPose(columns: number, rows: number): { columns: number; rows: number; map: Affine };
}

/** Row and column direction of the standard pose of each plane. Lateral: facing left. Axial: as CT is shown. */
const standard: Record<Plane, readonly [row: string, column: string]> = {
  frontal: ['L', 'F'],
  lateral: ['P', 'F'],
  axial: ['L', 'P'],
};
const axes: Record<string, 'x' | 'y' | 'z'> = { L: 'x', R: 'x', A: 'y', P: 'y', H: 'z', F: 'z' };

/** From Patient Orientation, else Image Orientation (Patient); of composite letters the first counts. */
export function poseOf(header: Pick<ImageHeader, 'patientOrientation' | 'imageOrientation'>): Pose {
  const directions = directionsOf(header);
  const [row, column] = (directions ?? ['', '']).map((letters) => letters.slice(0, 1));
  const plane = planeOf(row ?? '', column ?? '');
  const orientation = row || column ? `${row ?? ''}\\${column ?? ''}` : '';
  if (!plane) return { orientation, assumed: true, recognised: false, plane: null, toPose: turn(false, false, false) };
  const [right, down] = standard[plane];
  const transposed = axes[row ?? ''] !== axes[right];
  const [posedX, posedY] = transposed ? [column, row] : [row, column];
  return {
    orientation,
    assumed: false,
    recognised: true,
    plane,
    toPose: turn(transposed, posedX !== right, posedY !== down),
  };
}

function planeOf(row: string, column: string): Plane | null {
  const [a, b] = [axes[row], axes[column]];
  if (!a || !b || a === b) return null;
  const pair = [a, b].sort().join('');
  return pair === 'xz' ? 'frontal' : pair === 'yz' ? 'lateral' : 'axial';
}

/** First columns and rows change places (or not), then the posed film is mirrored along x and y (or not). */
const turn =
  (transposed: boolean, flipX: boolean, flipY: boolean): Pose['toPose'] =>
  (columns, rows) => {
    const [width, height] = transposed ? [rows, columns] : [columns, rows];
    const x = flipX ? -1 : 1;
    const y = flipY ? -1 : 1;
    const [e, f] = [flipX ? width : 0, flipY ? height : 0];
    const map = transposed ? { a: 0, b: y, c: x, d: 0, e, f } : { a: x, b: 0, c: 0, d: y, e, f };
    return { columns: width, rows: height, map };
  };
