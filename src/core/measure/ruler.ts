/** What a reader draws on a film to measure it, and what it says: a length of two points or an angle of three. */
import type { Point } from '../imaging/affine.ts';
import { length, type Spacing } from './spacing.ts';

export type RulerKind = 'length' | 'angle';

/** In the stored frame. A length has two points, an angle three with its vertex second; fewer while it is drawn. */
export interface Ruler {
  kind: RulerKind;
  points: readonly Point[];
}

export const pointsOf: Readonly<Record<RulerKind, 2 | 3>> = { length: 2, angle: 3 };

export const isWhole = ({ kind, points }: Ruler): boolean => points.length >= pointsOf[kind];

/**
 * The value with its unit: `34.2 mm`, `34.2 mm at detector`, `240 px` (never mm without a spacing that may be trusted), or
 * `12.5°`. '' while points are missing or lie on each other. Lengths of 100 mm and more, and all in px, are whole numbers.
 */
export function rulerValue({ kind, points }: Ruler, spacing: Spacing): string {
  const [a, b, c] = points;
  if (!a || !b) return '';
  if (kind === 'length') {
    const value = length(a, b, spacing);
    if (value === 0) return '';
    return `${spacing.unit === 'px' || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} ${spacing.unit}`;
  }
  const degrees = c ? angleAt(a, b, c, spacing) : null;
  return degrees === null ? '' : `${degrees.toFixed(1)}°`;
}

/** Between the arms from `vertex` to `a` and to `b`, 0 … 180 degrees, as in the patient: pixels need not be square. */
export function angleAt(a: Point, vertex: Point, b: Point, spacing: Pick<Spacing, 'row' | 'column'>): number | null {
  const arm = ({ x, y }: Point) => ({ x: (x - vertex.x) * spacing.column, y: (y - vertex.y) * spacing.row });
  const [p, q] = [arm(a), arm(b)];
  if (Math.hypot(p.x, p.y) === 0 || Math.hypot(q.x, q.y) === 0) return null;
  return (Math.abs(Math.atan2(p.x * q.y - p.y * q.x, p.x * q.x + p.y * q.y)) * 180) / Math.PI;
}

/** As a sentence for the report; the reader's own, since a person drew it. '' where there is no value. */
export function rulerSentence(ruler: Ruler, spacing: Spacing): string {
  const value = rulerValue(ruler, spacing);
  return value && `${ruler.kind === 'length' ? 'Length' : 'Angle'} ${value}.`;
}
