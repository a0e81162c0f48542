/** Which known words somebody may have meant: nearest first, radiology's before others that are as near. */
import { radiologyWords } from './radiology.ts';
import { plainWord } from './words.ts';

const MOST = 6;
const FARTHEST = 2;

/** `others` come from the dictionary, best first; `more` are the person's own words. */
export function suggestionsFor(word: string, others: readonly string[], more: readonly string[] = []): string[] {
  const plain = plainWord(word);
  const near = (list: readonly string[]) =>
    list.flatMap((one) => {
      const distance = distanceOf(plain, one, FARTHEST);
      return distance <= FARTHEST ? [{ word: one, distance }] : [];
    });
  // A rare word of another letter at the start is seldom what was meant.
  const ranked = [...near([...more, ...radiologyWords])]
    .map((one) => ({ ...one, rank: one.distance + (one.word[0] === plain[0] ? 0 : 0.6) }))
    .concat(
      others.map((other, index) => {
        const distance = distanceOf(plain, other.toLowerCase(), 4);
        return { word: other, distance, rank: distance + 0.1 + index / 100 };
      }),
    )
    .sort((a, b) => a.rank - b.rank);
  const capital = /^\p{Lu}/u.test(word);
  const all = ranked.map((one) => (capital ? one.word.replace(/^./u, (first) => first.toUpperCase()) : one.word));
  return [...new Set(all)].slice(0, MOST);
}

/** With two neighbours swapped: the slip of a fast hand, which dictionaries' own suggestions miss in short words. */
export const swapsOf = (word: string): string[] =>
  Array.from(
    { length: Math.max(0, word.length - 1) },
    (_, at) => word.slice(0, at) + word.slice(at + 1, at + 2) + word.slice(at, at + 1) + word.slice(at + 2),
  );

/** Optimal string alignment: letters added, dropped, changed, or neighbours swapped. Over `most`: `most + 1`. */
export function distanceOf(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    before = last;
    last = row;
  }
  return Math.min(last[b.length] ?? 0, most + 1);
}
