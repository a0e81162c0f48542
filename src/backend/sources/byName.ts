/** Things by their names in the order that a person expects (2 before 10), however many, without holding the loop. */
import { breath } from './breath.ts';

/** Made once: comparing through it takes a tenth of what `localeCompare` with options does. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** Sorted in one go; longer lists in pieces that are merged. Some milliseconds. */
const PIECE = 2000;

export async function byName<T>(all: readonly T[], nameOf: (one: T) => string): Promise<T[]> {
  const order = (a: T, b: T): number => compare(nameOf(a), nameOf(b));
  let runs: T[][] = [];
  for (let at = 0; at < all.length; at += PIECE) {
    if (at > 0) await breath();
    runs.push(all.slice(at, at + PIECE).sort(order));
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let at = 0; at < runs.length; at += 2) merged.push(await merge(runs[at] ?? [], runs[at + 1] ?? [], order));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(left: readonly T[], right: readonly T[], order: (a: T, b: T) => number): Promise<T[]> {
  const both: T[] = [];
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    const [a, b] = [left[l], right[r]];
    if (b === undefined || (a !== undefined && order(a, b) <= 0)) {
      if (a !== undefined) both.push(a);
      l++;
    } else {
      both.push(b);
      r++;
    }
    if (both.length % PIECE === 0) await breath();
  }
  return both;
}
