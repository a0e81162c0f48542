/** The gate's second look: at a film's pixels, by a gate pack, before any other model sees them. */
import { AppError } from '#contract/errors.ts';
import { asGrey, isColour } from '#core/findings/colour.ts';
import type { Gate } from '#core/findings/findings.ts';
import { judged, verdictOf } from '#core/findings/imageGate.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Pixels } from '#core/imaging/pixels.ts';
import type { Pack } from '#core/pack/pack.ts';
import { readsFor } from '#core/pack/readsFor.ts';
import type { Engine, JobOptions } from '../engine/engine.ts';
import type { PackStore, StoredPack } from '../files/packs.ts';

/** A film as the models get it (grey), with what its header and its pixels say of it. */
export interface SeenFilm {
  header: ImageHeader;
  pixels: Pixels;
  gate: Gate;
}

const NO_GATE = 'No input gate is installed: nobody checked that the pixels show an upright frontal chest film.';

/** `film.gate` is what the header allowed. Errors as `engine.analyse`; a pack that failed refuses every film. */
export async function lookAtFilm(
  engine: Engine,
  packs: PackStore,
  reader: Pack['accepts'],
  film: SeenFilm,
  options: JobOptions,
): Promise<SeenFilm> {
  if (isColour(film.pixels)) return { ...film, gate: inColour(film.gate) };
  const grey = { ...asGrey(film), gate: film.gate };
  const stored = gatePack(packs, reader);
  if (!stored) return { ...grey, gate: { ...film.gate, caveats: [...film.gate.caveats, NO_GATE] } };
  const { pack, sha256 } = stored;
  if (!pack.gate) throw new AppError('internal', `${pack.name} is no gate`);
  const { signal } = options;
  const job = { pack: pack.id, header: grey.header, pixels: grey.pixels };
  const { logits } = await engine.analyse(job, signal ? { signal } : {});
  const by = { id: pack.id, version: pack.version, sha256, use: pack.use };
  const gate = judged(film.gate, film.header, verdictOf(pack.gate, logits));
  return { ...grey, gate: { ...(pack.use === 'research' ? forResearch(gate) : gate), pack: by } };
}

const RESEARCH = 'The input gate is a model for research use only.';

/** The films that taught the pack allow research only: said wherever its word counts. */
const forResearch = (gate: Gate): Gate => ({
  ...gate,
  message: gate.accepted ? gate.message : `${gate.message} ${RESEARCH}`,
  caveats: [...gate.caveats, RESEARCH],
});

/** The first gate pack for a body part that `reader` reads. AppError `refused` where it is there and not whole. */
export function gatePack(packs: PackStore, reader: Pack['accepts']): StoredPack | null {
  for (const state of packs.list()) {
    if (state.task !== 'gate' || state.use === 'test') continue;
    if (state.state === 'failed')
      throw new AppError('refused', `The input gate cannot be used, so nothing is drafted. ${state.reason}`);
    const stored = packs.get(state.id);
    if (readsFor(stored.pack.accepts, reader)) return stored;
  }
  return null;
}

const inColour = (gate: Gate): Gate => ({
  ...gate,
  accepted: false,
  reason: 'colour',
  message: 'Expected a grey film, found an image in colour. Open the original film, or write without AI.',
});
