/** Where a region lies in the lungs: side and zone, only where a lung mask holds it and the pack's sides were proved. */
import { apply, type Point } from '../imaging/affine.ts';
import type { ImageHeader } from '../imaging/header.ts';
import { poseOf } from '../imaging/pose.ts';
import type { Region } from '../imaging/saliency.ts';
import { patientSideAt, type Side } from '../imaging/sides.ts';
import type { Interval } from '../pack/pack.ts';
import type { Anatomy } from './measurement.ts';

export interface LungPlace {
  side: Extract<Side, 'right' | 'left'>;
  /** Thirds of that lung's height. */
  zone: 'upper' | 'mid' | 'lower';
  /** Thirds of that lung's width, from the middle of the patient; the lower outer corner is the costophrenic angle. */
  depth: 'perihilar' | 'central' | 'peripheral' | 'costophrenic';
}

/** A side is written only where its accuracy on boxed films is at least this, lower bound (CLINICAL.md, Sides). */
export const SIDE_ACCURACY = 0.9;

export const mayNameSide = (accuracy: Interval | null): boolean => accuracy !== null && accuracy.low >= SIDE_ACCURACY;

/** At least this share of a region lies in one lung's mask, else nothing is said. */
const LEAST_INSIDE = 0.8;

/**
 * null: the region does not lie in one lung, the mask and the header disagree on its side, or sides were not proved:
 * `accuracy` is the measured share of right sides of whatever drew the region, null where nobody measured it.
 */
export function lungPlaceOf(
  region: Region,
  anatomy: Pick<Anatomy, 'masks'>,
  header: ImageHeader,
  accuracy: Interval | null,
): LungPlace | null {
  if (!mayNameSide(accuracy)) return null;
  const points = samplesOf(region);
  for (const side of ['right', 'left'] as const) {
    const lung = anatomy.masks.find(({ id }) => id === `${side}-lung`)?.region;
    if (!lung) continue;
    const held = points.filter((point) => holds(lung, point));
    if (held.length === 0 || held.length < LEAST_INSIDE * points.length) continue;
    const middle = meanOf(held);
    if (patientSideAt(header, meanOf(samplesOf(lung)).x, meanOf(samplesOf(lung)).y).side !== side) return null;
    return { side, ...zoneOf(middle, lung, header, side) };
  }
  return null;
}

function zoneOf(middle: Point, lung: Region, header: ImageHeader, side: 'right' | 'left') {
  const { map } = poseOf(header).toPose(header.columns, header.rows);
  const outline = lung.polygons.flat().map((point) => apply(map, point));
  const [xs, ys] = [outline.map(({ x }) => x), outline.map(({ y }) => y)];
  const at = apply(map, middle);
  const share = (value: number, all: number[]) =>
    (value - Math.min(...all)) / Math.max(1e-9, Math.max(...all) - Math.min(...all));
  const down = share(at.y, ys);
  const across = share(at.x, xs);
  const outwards = side === 'right' ? 1 - across : across; // posed: the patient's right is on the left
  const zone = down < 1 / 3 ? 'upper' : down < 2 / 3 ? 'mid' : 'lower';
  const depth =
    down > 0.8 && outwards > 0.6
      ? 'costophrenic'
      : outwards < 1 / 3
        ? 'perihilar'
        : outwards < 2 / 3
          ? 'central'
          : 'peripheral';
  return { zone, depth } as const;
}

/** Points on a grid of about 24 × 24 over the region's box that lie inside it (even-odd). */
function samplesOf(region: Region): Point[] {
  const { x, y, width, height } = region.box;
  const count = 24;
  return Array.from({ length: count * count }, (_, i) => ({
    x: x + (((i % count) + 0.5) / count) * width,
    y: y + ((Math.floor(i / count) + 0.5) / count) * height,
  })).filter((point) => holds(region, point));
}

function holds({ polygons }: Region, { x, y }: Point): boolean {
  let inside = false;
  for (const ring of polygons)
    ring.forEach((p, i) => {
      const q = ring[(i + 1) % ring.length] ?? p;
      if (p.y > y !== q.y > y && x < p.x + ((q.x - p.x) * (y - p.y)) / (q.y - p.y)) inside = !inside;
    });
  return inside;
}

const meanOf = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / Math.max(1, points.length),
  y: points.reduce((sum, { y }) => sum + y, 0) / Math.max(1, points.length),
});
