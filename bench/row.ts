/** What one comparison measured, and how it is printed. */
import type { Pause } from './pauses.ts';

export interface Row {
  what: string;
  /** Milliseconds, or what `unit` says. */
  ours: number;
  /** The same work, or its floor, without the product around it. */
  bare: number;
  /** What `bare` is, in words. */
  against: string;
  unit?: string;
  /** Largest ratio that is good enough; null where only the figure is wanted. */
  goal: number | null;
  /** Quartiles of the rounds' ratios. */
  spread?: [number, number];
  /** Rounds during which other programs had little of the machine; `used`: the figures are of these alone. */
  quiet?: { rounds: number; of: number; used: boolean };
  /** Longest pauses of the backend's loop and of the window's thread, where they were watched (aim ≤ 50 ms). */
  pauses?: Pauses & { all?: Pauses };
  stages?: Record<string, number>;
}

interface Pauses {
  backend: Pause;
  window: Pause | null;
}

/** `others`: share of the processors that other programs had during all of it; NaN where it is not known. */
export function print(row: Row, others: number): void {
  const { what, ours, bare, against, goal, spread, quiet, pauses, stages = {}, unit = 'ms' } = row;
  const wanted = goal === null ? '' : ` (goal ≤ ${goal}${ours / bare <= goal ? '' : ', missed'})`;
  const middle = spread ? `, half of the rounds ${spread[0].toFixed(2)} to ${spread[1].toFixed(2)}` : '';
  console.log(`\n${what}`);
  console.log(
    `  ${figure(ours)} ${unit} against ${figure(bare)} ${unit}, ${against}: ratio ${(ours / bare).toFixed(2)}${wanted}${middle}`,
  );
  if (pauses) console.log(`  longest pause ${spokenOf(pauses)} (aim ≤ 50 ms)`);
  if (pauses?.all && quiet?.used) console.log(`    in disturbed rounds too ${spokenOf(pauses.all)}`);
  for (const [name, value] of Object.entries(stages)) console.log(`    ${name.padEnd(28)} ${figure(value)} ${unit}`);
  if (quiet)
    console.log(
      `  ${quiet.rounds} of ${quiet.of} rounds undisturbed${quiet.used ? ', and the figures are of these' : ''}`,
    );
  if (!Number.isNaN(others))
    console.log(`  other programs had ${Math.round(100 * others)} % of the processors meanwhile`);
}

function spokenOf({ backend, window }: Pauses): string {
  const ofWindow = window === null ? '' : `, of the window's thread ${spoken(window)}`;
  return `of the backend's loop ${spoken(backend)}${ofWindow}`;
}

/** By the clock; beside it the longest of the thread's own work, which a busy machine does not lengthen. */
const spoken = ({ wall, cpu }: Pause): string => `${figure(wall)} ms (own work ${figure(cpu)} ms)`;

const figure = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));
