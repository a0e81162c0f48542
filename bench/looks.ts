/** The same thing measured again and again beside its bare peer, and which of these rounds other programs disturbed. */
import { QUIET, watchOthers } from './others.ts';
import { longer, NONE, type Pause } from './pauses.ts';
import type { Row } from './row.ts';

export interface Look {
  ours: number;
  bare: number;
  pauses?: { backend: Pause; window: Pause };
  /** Share of the processors that other programs had. */
  others: number;
}

/** Fewer undisturbed rounds than this say too little by themselves. */
const ENOUGH = 3;

/** `round` is measured again and again; the first one warms everything and is left out. */
export async function rounds(count: number, round: (at: number) => Promise<Omit<Look, 'others'>>): Promise<Look[]> {
  const looks: Look[] = [];
  for (let at = 0; at <= count; at++) {
    const end = watchOthers();
    const look = await round(at);
    if (at > 0) looks.push({ ...look, others: end() });
  }
  return looks;
}

/** Medians, the middle half of the rounds' ratios, and the longest pauses: of undisturbed rounds, where there are enough. */
export function summary(all: readonly Look[]): Pick<Row, 'ours' | 'bare' | 'spread' | 'pauses' | 'quiet'> {
  const undisturbed = all.filter(({ others }) => others <= QUIET);
  const looks = undisturbed.length >= ENOUGH ? undisturbed : all;
  const of = (value: (look: Look) => number) => looks.map(value).toSorted((a, b) => a - b);
  const ratios = of(({ ours, bare }) => ours / bare);
  return {
    ours: quantile(
      of(({ ours }) => ours),
      0.5,
    ),
    bare: quantile(
      of(({ bare }) => bare),
      0.5,
    ),
    spread: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    quiet: { rounds: undisturbed.length, of: all.length, used: looks !== all },
    ...(all.some(({ pauses }) => pauses) && { pauses: { ...longest(looks), all: longest(all) } }),
  };
}

function longest(looks: readonly Look[]): { backend: Pause; window: Pause } {
  const of = (side: 'backend' | 'window') => looks.map(({ pauses }) => pauses?.[side] ?? NONE).reduce(longer, NONE);
  return { backend: of('backend'), window: of('window') };
}

/** `sorted` holds at least one value. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
