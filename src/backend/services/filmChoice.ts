/** Goes through a study's films, best first, until one is accepted by its pixels too; the others with their reasons. */
import { AppError } from '#contract/errors.ts';
import { ANOTHER_WAS_READ, type Choice } from '#core/study/bestFilm.ts';
import type { SeenFilm } from './filmGate.ts';

export interface ChosenFilm {
  choice: Choice;
  seen: SeenFilm;
}

export interface FilmReason {
  choice: Choice;
  reason: string;
}

export interface Looking<Opened> {
  /** Decodes; what it throws as an AppError is this film's reason, and the next one is tried. */
  open(choice: Choice): Promise<Opened>;
  look(choice: Choice, opened: Opened): Promise<SeenFilm>;
}

/** `refusals`: the films that were looked at and not accepted, in the order of looking. */
export async function chooseFilm<Opened>(
  { accepted, refused }: { accepted: readonly Choice[]; refused: readonly Choice[] },
  { open, look }: Looking<Opened>,
): Promise<{ best: ChosenFilm | null; refusals: ChosenFilm[]; notUsed: FilmReason[] }> {
  const refusals: ChosenFilm[] = [];
  const notUsed: FilmReason[] = refused.map((choice) => ({ choice, reason: choice.gate.message }));
  for (const [index, choice] of accepted.entries()) {
    let opened: Opened;
    try {
      opened = await open(choice);
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'cancelled' || error.code === 'closed') throw error;
      notUsed.push({ choice, reason: error.message });
      continue;
    }
    const seen = await look(choice, opened);
    if (seen.gate.accepted) {
      const others = accepted.slice(index + 1).map((other) => ({ choice: other, reason: ANOTHER_WAS_READ }));
      return { best: { choice, seen }, refusals, notUsed: [...notUsed, ...others] };
    }
    refusals.push({ choice, seen });
    notUsed.push({ choice, reason: seen.gate.message });
  }
  return { best: null, refusals, notUsed };
}
