/** The files of an opening as lines of one long list: by what became of them and why, so that 2,000 can be read. */
import type { ImportEntry } from '#contract/calls.ts';

export type Outcome = ImportEntry['outcome'];
export type Filter = 'all' | Outcome;

/** A heading tells an outcome and its reason with a count; the names below it may be folded away. */
export type Row =
  | { kind: 'group'; key: string; outcome: Outcome; reason: string; count: number; open: boolean }
  | { kind: 'file'; key: string; name: string };

/** What needs somebody stands first. */
export const ORDER: readonly Outcome[] = ['conflict', 'refused', 'needs-confirmation', 'already-here', 'read'];

/** `toggled`: groups that the person opened or closed against what they are by themselves. */
export function rowsOf(entries: readonly ImportEntry[], filter: Filter, toggled: ReadonlySet<string>): Row[] {
  const groups = new Map<string, { outcome: Outcome; reason: string; names: string[] }>();
  for (const { outcome, reason, name } of entries) {
    if (filter !== 'all' && outcome !== filter) continue;
    const key = `${outcome}\n${reason}`;
    const group = groups.get(key) ?? { outcome, reason, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  const sorted = [...groups].sort(
    ([, a], [, b]) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || b.names.length - a.names.length,
  );
  return sorted.flatMap(([key, { outcome, reason, names }]): Row[] => {
    const open = (filter !== 'all' || outcome === 'conflict' || outcome === 'refused') !== toggled.has(key);
    return [
      { kind: 'group', key, outcome, reason, count: names.length, open },
      ...(open ? names.map((name, index): Row => ({ kind: 'file', key: `${key}\n${index}`, name })) : []),
    ];
  });
}

export function countsOf(entries: readonly ImportEntry[]): { outcome: Outcome; count: number }[] {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of entries) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return ORDER.flatMap((outcome) => {
    const count = counts.get(outcome);
    return count ? [{ outcome, count }] : [];
  });
}

/** Pixels: two lines of a heading, one of a name. */
export const heightOf = (row: Row): number => (row.kind === 'group' ? 48 : 24);

/** Which rows are in view, and a few above and below; `tops` are the rows' places, the last one their whole height. */
export function visible(tops: readonly number[], scroll: number, height: number): { from: number; to: number } {
  const rows = tops.length - 1;
  const first = (y: number) => {
    let [low, high] = [0, rows];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tops[middle + 1] ?? 0) <= y) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const BESIDE = 8;
  return { from: Math.max(0, first(scroll) - BESIDE), to: Math.min(rows, first(scroll + height) + 1 + BESIDE) };
}

export function topsOf(rows: readonly Row[]): number[] {
  const tops = [0];
  for (const row of rows) tops.push((tops.at(-1) ?? 0) + heightOf(row));
  return tops;
}
