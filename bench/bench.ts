/** `npm run bench [-- ROUNDS]`: what the product adds to its bare parts, side by side in one run, as ratios. */
import { build } from '../scripts/build.ts';
import { analysis } from './analysis.ts';
import { firstPixel } from './firstPixel.ts';

const rounds = Number(process.argv[2] ?? 7);
build(['renderer']);
for (const measure of [analysis, firstPixel]) {
  const { what, ours, bare, goal, pauses, stages } = await measure(rounds);
  const window = pauses.window === null ? '' : `, of the window's thread ${pauses.window.toFixed(0)} ms`;
  console.log(`\n${what} (median of ${rounds})`);
  console.log(
    `  ${ours.toFixed(0)} ms against ${bare.toFixed(0)} ms bare: ratio ${(ours / bare).toFixed(2)} (goal ≤ ${goal})`,
  );
  console.log(`  longest pause of the backend's loop ${pauses.backend.toFixed(0)} ms${window} (aim ≤ 50 ms)`);
  for (const [name, ms] of Object.entries(stages)) console.log(`    ${name.padEnd(14)} ${ms.toFixed(0)} ms`);
}
