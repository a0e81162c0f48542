/** What one comparison measured, and how it is printed. */

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
  /** Longest pauses in ms of the backend's loop and of the window's thread, where they were watched (aim ≤ 50 ms). */
  pauses?: { backend: number; window: number | null };
  stages?: Record<string, number>;
}

export function print({ what, ours, bare, against, goal, pauses, stages = {}, unit = 'ms' }: Row): void {
  const wanted = goal === null ? '' : ` (goal ≤ ${goal}${ours / bare <= goal ? '' : ', missed'})`;
  console.log(`\n${what}`);
  console.log(
    `  ${figure(ours)} ${unit} against ${figure(bare)} ${unit}, ${against}: ratio ${(ours / bare).toFixed(2)}${wanted}`,
  );
  if (pauses) {
    const window = pauses.window === null ? '' : `, of the window's thread ${figure(pauses.window)} ms`;
    console.log(`  longest pause of the backend's loop ${figure(pauses.backend)} ms${window} (aim ≤ 50 ms)`);
  }
  for (const [name, value] of Object.entries(stages)) console.log(`    ${name.padEnd(28)} ${figure(value)} ${unit}`);
}

const figure = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));
