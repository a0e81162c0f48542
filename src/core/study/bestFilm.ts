/** Which film of a study a draft is made from: the best accepted frontal one; the rest with the reason why not. */
import { gateOf } from '../findings/gate.ts';
import type { Gate } from '../findings/findings.ts';
import type { Pack } from '../pack/pack.ts';
import type { InstanceId } from './ids.ts';
import type { Instance } from './study.ts';

export interface Choice {
  film: Instance;
  gate: Gate;
}

/** PA before AP before unknown, then the film with more pixels, then the first. `null`: none was accepted. */
export function bestFilm(
  instances: readonly Instance[],
  accepts: Pack['accepts'],
): { best: Choice | null; notUsed: { instance: InstanceId; reason: string }[] } {
  const judged = instances.map((film): Choice => ({ film, gate: gateOf(accepts, film.header) }));
  const accepted = judged.filter(({ gate }) => gate.accepted);
  const best = accepted.toSorted((a, b) => rank(a) - rank(b) || size(b) - size(a))[0] ?? null;
  const notUsed = judged
    .filter((choice) => choice !== best)
    .map(({ film, gate }) => ({
      instance: film.id,
      reason: gate.accepted ? 'Another frontal film of this study was read.' : gate.message,
    }));
  return { best, notUsed };
}

const views = ['PA', 'AP'];
const rank = ({ film }: Choice) => (views.indexOf(film.header.viewPosition) + views.length + 1) % (views.length + 1);
const size = ({ film }: Choice) => film.header.rows * film.header.columns;
