/** Chance with a seed: the same seed gives the same film on every machine. */

/** Answers numbers of [0,1). */
export type Random = () => number;

/** mulberry32 (T. Ettinger, public domain): 32 bits of state, enough for texture and noise. */
export function mulberry32(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number of [low, high). */
export const between = (random: Random, low: number, high: number): number => low + (high - low) * random();

/** Approximately normal, mean 0 and standard deviation 1: the sum of four uniform numbers, so never beyond ±3.5. */
export const normal = (random: Random): number => (random() + random() + random() + random() - 2) * 1.7320508;
