/** The order of a series: along the slice normal where that means something, else by number. */
import type { Instance } from './study.ts';

type Placed = Pick<Instance, 'id' | 'number'> & {
  header: Pick<Instance['header'], 'imageOrientation' | 'imagePosition'>;
};

/**
 * A new array, rising along the normal of Image Orientation (Patient) (PS3.3 C.7.6.2.1.1: row × column) when all share
 * one orientation and have a position. Equal places, and series without them, go by instance number (without one:
 * last), then by SOP Instance UID. Stable.
 */
export function sortByPosition<T extends Placed>(instances: readonly T[]): T[] {
  const normal = sharedNormal(instances);
  const keyed = instances.map((instance) => ({ instance, place: placeOf(instance, normal) }));
  return keyed
    .sort((a, b) => a.place - b.place || byNumber(a.instance, b.instance) || byUid(a.instance, b.instance))
    .map(({ instance }) => instance);
}

type Vector = readonly [number, number, number];

function sharedNormal(instances: readonly Placed[]): Vector | null {
  const first = instances[0]?.header.imageOrientation;
  if (!first) return null;
  const same = instances.every(
    ({ header }) =>
      header.imagePosition && header.imageOrientation?.every((value, i) => Math.abs(value - (first[i] ?? NaN)) < 1e-3),
  );
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = first;
  const normal: Vector = [b * f - c * e, c * d - a * f, a * e - b * d];
  return same && Math.hypot(...normal) > 0.5 ? normal : null;
}

/** Thousandths of a millimetre along the normal, so that rounding in a file does not part equal places. */
function placeOf({ header }: Placed, normal: Vector | null): number {
  if (!normal) return 0;
  const [x = 0, y = 0, z = 0] = header.imagePosition ?? [];
  return Math.round(1000 * (x * normal[0] + y * normal[1] + z * normal[2]));
}

const byNumber = (a: Placed, b: Placed) =>
  a.number === b.number ? 0 : (a.number ?? Infinity) - (b.number ?? Infinity);
const byUid = (a: Placed, b: Placed) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
