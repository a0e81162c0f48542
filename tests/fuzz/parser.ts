/** The parser's loop, in a thread of its own: whoever watches it sees which case it hangs or dies on. */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { judgeParse } from './judge.ts';
import { mutate } from './mutate.ts';
import { random } from './random.ts';
import { ownSeeds, realSeeds } from './seeds.ts';

const { run, from, to, place, real } = z
  .object({
    run: z.int(),
    from: z.int(),
    to: z.int(),
    real: z.boolean(),
    /** The case under way. */
    place: z.instanceof(SharedArrayBuffer),
  })
  .parse(workerData);

const at = new Int32Array(place);
const seeds = [...ownSeeds(), ...(real ? realSeeds() : [])];
const BATCH = 2000;

for (let first = from; first < to; first += BATCH) {
  const last = Math.min(to, first + BATCH);
  const counts: Record<string, number> = {};
  const findings: { index: number; seed: string; what: string; bytes: Uint8Array }[] = [];
  for (let index = first; index < last; index++) {
    Atomics.store(at, 0, index);
    const { seed, bytes } = mutate(seeds, index, random(run, index));
    const verdict = judgeParse(bytes, seed === 'directory');
    const key = verdict.kind === 'refused' ? verdict.why : verdict.kind;
    counts[key] = (counts[key] ?? 0) + 1;
    if (verdict.kind === 'finding') findings.push({ index, seed, what: verdict.what, bytes });
  }
  parentPort?.postMessage({ next: last, counts, findings });
}
