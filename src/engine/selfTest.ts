/** The golden films of a pack through the very path that a patient's film takes, compared with stated tolerance. */
import { AppError } from '#contract/errors.ts';
import type { Provider } from '#core/findings/findings.ts';
import type { Pack } from '#core/pack/pack.ts';
import { filmOf } from './film.ts';
import { runFilm } from './run.ts';
import type { ModelSession } from './session.ts';

export interface Golden {
  input: string;
  png: Uint8Array;
  logits: number[];
  tolerance: { cpu: number; other: number };
}

/** Answers with the largest difference of any logit; AppError `refused` when one is beyond its tolerance. */
export async function selfTest(
  session: ModelSession,
  pack: Pack,
  golden: Golden[],
  provider: Provider,
): Promise<number> {
  let largest = 0;
  for (const { input, png, logits, tolerance } of golden) {
    const { header, pixels } = filmOf(png);
    const found = await runFilm(session, pack, header, pixels);
    const allowed = provider === 'cpu' ? tolerance.cpu : tolerance.other;
    for (const [index, expected] of logits.entries()) {
      const difference = Math.abs((found.logits[index] ?? Number.NaN) - expected);
      if (!(difference <= allowed))
        throw new AppError(
          'refused',
          `${pack.name}: the self-test failed on ${input}: expected ${pack.labels[index]?.id ?? index} = ${expected} ± ${allowed}, found ${found.logits[index]?.toFixed(5) ?? 'nothing'}. The pack is not used.`,
        );
      largest = Math.max(largest, difference);
    }
  }
  return largest;
}
