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
  /** Longest pauses of the backend's loop and of the window's thread, where they were watched (aim ≤ 50 ms). */
  pauses?: { backend: Pause; window: Pause | null };
  stages?: Record<string, number>;
}

export function print({ what, ours, bare, against, goal, pauses, stages = {}, unit = 'ms' }: Row): void {
  const wanted = goal === null ? '' : ` (goal ≤ ${goal}${ours / bare <= goal ? '' : ', missed'})`;
  console.log(`\n${what}`);
  console.log(
    `  ${figure(ours)} ${unit} against ${figure(bare)} ${unit}, ${against}: ratio ${(ours / bare).toFixed(2)}${wanted}`,
  );
  if (pauses) {
    const window = pauses.window === null ? '' : `, of the window's thread ${spoken(pauses.window)}`;
    console.log(`  longest pause of the backend's loop ${spoken(pauses.backend)}${window} (aim ≤ 50 ms)`);
  }
  for (const [name, value] of Object.entries(stages)) console.log(`    ${name.padEnd(28)} ${figure(value)} ${unit}`);
}

/** By the clock; beside it the longest of the thread's own work, which a busy machine does not lengthen. */
const spoken = ({ wall, cpu }: Pause): string => `${figure(wall)} ms (own work ${figure(cpu)} ms)`;

const figure = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));
