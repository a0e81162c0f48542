/** What a length on an image means: the spacing that may be trusted, its unit, and why. */
import type { Point } from '../imaging/affine.ts';
import type { ImageHeader } from '../imaging/header.ts';
import { pixelSize, positive } from '../imaging/spacing.ts';

export interface Spacing {
  /** Distance between rows (vertical) and between columns (horizontal), in `unit`. */
  row: number;
  column: number;
  unit: 'mm' | 'mm at detector' | 'px';
  /** One short sentence for the reader. */
  note: string;
}

/** Modalities whose images are planes in the patient: Pixel Spacing is there where the anatomy is. */
const planes = new Set(['CT', 'MR', 'PT', 'NM']);

/**
 * PS3.3 10.7.1.3. Pixel Spacing is trusted in cross-sections and where a calibration type stands beside it. In a
 * projection Imager Pixel Spacing holds at the detector, and divided by the magnification factor (0018,1114) in the
 * patient. All else is pixels: a plain Pixel Spacing of a projection does not say where it holds. Zero counts as none.
 */
export function spacingOf(header: ImageHeader): Spacing {
  const own = positive(header.pixelSpacing);
  const detector = positive(header.imagerPixelSpacing);
  if (own && planes.has(header.modality)) {
    const localizer = header.imageType.includes('LOCALIZER');
    const note = localizer ? 'Localizer: distances across the table are approximate.' : 'Pixel Spacing of the plane.';
    return { row: own[0], column: own[1], unit: 'mm', note };
  }
  if (own && header.pixelSpacingCalibration)
    return { row: own[0], column: own[1], unit: 'mm', note: `Calibrated: ${header.pixelSpacingCalibration}.` };
  if (detector) {
    const { magnification } = header;
    if (magnification !== null && Number.isFinite(magnification) && magnification > 0)
      return {
        row: detector[0] / magnification,
        column: detector[1] / magnification,
        unit: 'mm',
        note: `Detector spacing divided by the magnification of ${magnification}.`,
      };
    return {
      row: detector[0],
      column: detector[1],
      unit: 'mm at detector',
      note: 'At the detector: the same structure is smaller in the patient.',
    };
  }
  const { width, height } = pixelSize(header);
  const why = own ? 'The file does not say where its pixel spacing holds.' : 'The file gives no spacing.';
  return { row: height, column: width, unit: 'px', note: why };
}

/** Distance of two places of the stored frame, in the unit of `spacing`. */
export const length = (a: Point, b: Point, { row, column }: Pick<Spacing, 'row' | 'column'>): number =>
  Math.hypot((b.x - a.x) * column, (b.y - a.y) * row);

/** Angle a–vertex–b in degrees, 0 … 180; 0 when an arm has no length. Non-square pixels are taken into account. */
export function angle(a: Point, vertex: Point, b: Point, { row, column }: Pick<Spacing, 'row' | 'column'>): number {
  const [ax, ay] = [(a.x - vertex.x) * column, (a.y - vertex.y) * row];
  const [bx, by] = [(b.x - vertex.x) * column, (b.y - vertex.y) * row];
  return (Math.abs(Math.atan2(ax * by - ay * bx, ax * bx + ay * by)) * 180) / Math.PI;
}
