/** One film through a session: the pack's transform, the graph, and one map for each label or mask in the stored frame. */
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Pixels } from '#core/imaging/pixels.ts';
import { prepare } from '#core/imaging/prepare.ts';
import { saliencyOf } from '#core/imaging/region.ts';
import { gridOf } from '#core/measure/masks.ts';
import type { Saliency } from '#core/imaging/saliency.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { ModelSession } from './session.ts';

export interface FilmResult {
  /** One for each label. */
  logits: number[];
  /** One for each label, or each mask. */
  maps: Saliency[];
  /** Milliseconds. */
  timings: { preprocess: number; run: number; explain: number };
}

/** `onModel` is told when the transform is done and the graph is about to run. */
export async function runFilm(
  session: ModelSession,
  pack: Pack,
  header: ImageHeader,
  pixels: Pixels,
  onModel: () => void = () => undefined,
): Promise<FilmResult> {
  const began = performance.now();
  const { tensor, toImage } = prepare(pack.input, header, pixels);
  const prepared = performance.now();
  onModel();
  const { logits, maps: values, mapRows, mapColumns } = await session.run(tensor);
  const ran = performance.now();
  const size = mapRows * mapColumns;
  // Maps of labels are scaled by their largest value; masks are probabilities and stay what they are.
  const place = pack.graph.masks ? gridOf : saliencyOf;
  const maps = Array.from({ length: size === 0 ? 0 : values.length / size }, (_, index) =>
    place(
      values.subarray(index * size, (index + 1) * size),
      mapRows,
      mapColumns,
      pack.input.columns,
      pack.input.rows,
      toImage,
    ),
  );
  const explained = performance.now();
  return {
    logits: [...logits],
    maps,
    timings: { preprocess: prepared - began, run: ran - prepared, explain: explained - ran },
  };
}
