/** The golden films of a pack through the very path that a patient's film takes, compared with stated tolerance. */
import { AppError } from '#contract/errors.ts';
import type { Provider } from '#core/findings/findings.ts';
import { samplesOf } from '#core/imaging/pixels.ts';
import { logitIds, type Pack } from '#core/pack/pack.ts';
import { filmOf } from './film.ts';
import { runFilm } from './run.ts';
import type { ModelSession } from './session.ts';

export interface Golden {
  input: string;
  png: Uint8Array;
  logits: number[];
  /** [mask, row, column, probability] */
  samples: [number, number, number, number][];
  tolerance: { cpu: number; other: number };
}

/** Answers with the largest difference of any number; AppError `refused` when one is beyond its tolerance. */
export async function selfTest(
  session: ModelSession,
  pack: Pack,
  golden: Golden[],
  provider: Provider,
): Promise<number> {
  let largest = 0;
  for (const { input, png, logits, samples, tolerance } of golden) {
    const { header, pixels } = filmOf(png);
    const found = await runFilm(session, pack, header, pixels);
    const allowed = provider === 'cpu' ? tolerance.cpu : tolerance.other;
    const check = (what: string, expected: number, value: number) => {
      const difference = Math.abs(value - expected);
      if (!(difference <= allowed))
        throw new AppError(
          'refused',
          `${pack.name}: the self-test failed on ${input}: expected ${what} = ${expected} ± ${allowed}, found ${Number.isFinite(value) ? value.toFixed(5) : 'nothing'}. The pack is not used.`,
        );
      largest = Math.max(largest, difference);
    };
    for (const [index, expected] of logits.entries())
      check(logitIds(pack)[index] ?? `${index}`, expected, found.logits[index] ?? Number.NaN);
    for (const [mask, row, column, expected] of samples) {
      const grid = found.maps[mask];
      const value = grid && samplesOf('f32', grid.bytes)[row * grid.columns + column];
      check(`${pack.masks[mask]?.id ?? mask} at row ${row}, column ${column}`, expected, value ?? Number.NaN);
    }
  }
  return largest;
}
