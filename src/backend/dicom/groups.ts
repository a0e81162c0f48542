/** Functional groups of enhanced multi-frame objects (PS3.3 C.7.6.16): where a value stands when the top level lacks it. */
import type { Dataset } from './dataset.ts';
import { items, numbers } from './values.ts';

const SHARED = 'x52009229';
const PER_FRAME = 'x52009230';

/** The data set's top level, then the macro's item for the first frame, then the one shared by all frames. */
export function places(data: Dataset, macro: string): Dataset[] {
  const [shared] = items(data, SHARED);
  const [first] = items(data, PER_FRAME);
  return [data, ...[first, shared].flatMap((group) => (group ? items(group, macro).slice(0, 1) : []))];
}

/** The first place that has a value. */
export function found<T>(data: Dataset, macro: string, read: (place: Dataset) => T | null): T | null {
  for (const place of places(data, macro)) {
    const value = read(place);
    if (value !== null) return value;
  }
  return null;
}

/** Whether every frame that has this macro of its own has the same numbers there; `exact`: to the last digit. */
export function framesAgree(data: Dataset, macro: string, tags: readonly string[], exact = false): boolean {
  const own = items(data, PER_FRAME).flatMap((group) => items(group, macro).slice(0, 1));
  const written = (value: number) => (exact ? String(value) : value.toFixed(2));
  return new Set(own.map((place) => tags.map((tag) => numbers(place, tag, 'DS').map(written)).join(';'))).size <= 1;
}
