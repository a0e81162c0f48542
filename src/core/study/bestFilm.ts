/** Which films of a study a draft may be made from, best first, by their headers; the rest with the reason why not. */
import { gateOf } from '../findings/gate.ts';
import type { Gate } from '../findings/findings.ts';
import type { Pack } from '../pack/pack.ts';
import type { Instance } from './study.ts';

export interface Choice {
  film: Instance;
  gate: Gate;
}

/** Said of an accepted film that was not drafted from. */
export const ANOTHER_WAS_READ = 'Another frontal film of this study was read.';

/** `accepted`: PA before AP before unknown, then the film with more pixels, then the first; `refused` as given. */
export function rankFilms(
  instances: readonly Instance[],
  accepts: Pack['accepts'],
): { accepted: Choice[]; refused: Choice[] } {
  const judged = instances.map((film): Choice => ({ film, gate: gateOf(accepts, film.header) }));
  return {
    accepted: judged.filter(({ gate }) => gate.accepted).toSorted((a, b) => rank(a) - rank(b) || size(b) - size(a)),
    refused: judged.filter(({ gate }) => !gate.accepted),
  };
}

const views = ['PA', 'AP'];
const rank = ({ film }: Choice) => (views.indexOf(film.header.viewPosition) + views.length + 1) % (views.length + 1);
const size = ({ film }: Choice) => film.header.rows * film.header.columns;
