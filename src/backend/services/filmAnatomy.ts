/** One film through an anatomy pack: masks become outlines and measurements. Nothing is stored here. */
import { AppError } from '#contract/errors.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Pixels } from '#core/imaging/pixels.ts';
import type { Saliency } from '#core/imaging/saliency.ts';
import { cardiothoracicRatio } from '#core/measure/cardiothoracic.ts';
import { outlineOf } from '#core/measure/masks.ts';
import { notes } from '#core/measure/notes.ts';
import type { Anatomy, MaskId, Measurement } from '#core/measure/measurement.ts';
import type { Pack } from '#core/pack/pack.ts';
import { readsFor } from '#core/pack/readsFor.ts';
import type { Engine, JobOptions } from '../engine/engine.ts';
import type { PackStore, StoredPack } from '../files/packs.ts';
import { breath } from '../sources/breath.ts';

export interface DrawnAnatomy {
  anatomy: Anatomy;
  masks: Map<MaskId, Saliency>;
  /** Milliseconds: to have the pack in the engine (0 when it is there), and for the film. */
  timings: Record<'anatomyLoad' | 'anatomy', number>;
}

/** The first anatomy pack for a body part that `reader` reads and that is not for tests; null where there is none. */
export function anatomyPack(packs: PackStore, reader: Pack['accepts']): StoredPack | null {
  for (const state of packs.list()) {
    if (state.task !== 'anatomy' || state.use === 'test' || state.state === 'failed') continue;
    const stored = packs.get(state.id);
    if (readsFor(stored.pack.accepts, reader)) return stored;
  }
  return null;
}

/** Errors as `engine.analyse`, but a pack that is refused leaves a note: findings do not depend on anatomy. */
export async function drawAnatomy(
  engine: Engine,
  stored: StoredPack,
  { header, pixels }: { header: ImageHeader; pixels: Pixels },
  { signal }: JobOptions,
): Promise<DrawnAnatomy> {
  const { pack, sha256 } = stored;
  const by = { id: pack.id, version: pack.version, sha256, use: pack.use };
  const began = performance.now();
  let load = 0;
  const timings = () => ({ anatomyLoad: load, anatomy: performance.now() - began - load });
  const masks = new Map<MaskId, Saliency>();
  try {
    const answer = await engine.analyse({ pack: pack.id, header, pixels }, signal ? { signal } : {});
    load = answer.timings.load;
    for (const [index, { id }] of pack.masks.entries()) {
      const grid = answer.maps[index];
      if (grid) masks.set(id, grid);
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'refused') throw error;
    const note = notes['no-ratio-pack'];
    return { anatomy: { pack: by, masks: [], measurements: [], note }, masks, timings: timings() };
  }
  // Each step takes milliseconds: between them others have their turn.
  await breath();
  const ratio = pack.ratio ? cardiothoracicRatio(masks, header, pack.ratio) : '';
  const outlines: Anatomy['masks'] = [];
  for (const { id, name } of pack.masks) {
    await breath();
    const grid = masks.get(id);
    outlines.push({ id, name, region: grid ? outlineOf(grid) : null });
  }
  const anatomy: Anatomy = {
    pack: by,
    masks: outlines,
    measurements: typeof ratio === 'string' ? [] : [pack.use === 'research' ? forResearch(ratio) : ratio],
    note: typeof ratio === 'string' ? ratio : '',
  };
  return { anatomy, masks, timings: timings() };
}

/** The films that taught the pack allow research only: said wherever the number is. */
const forResearch = (measurement: Measurement): Measurement => ({
  ...measurement,
  caveats: [...measurement.caveats, notes['ratio-research']],
});
