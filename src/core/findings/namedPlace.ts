/** The place of a finding as far as it may be named: only what was measured to be right often enough. */
import * as z from 'zod';
import type { ImageHeader } from '../imaging/header.ts';
import { Region, type Saliency } from '../imaging/saliency.ts';
import { regionOfMask } from '../measure/masks.ts';
import type { MaskId } from '../measure/measurement.ts';
import { cellsOfMask, cellsOfRegion, Place, placeOf } from '../measure/place.ts';
import type { Interval, Pack, PackPlace } from '../pack/pack.ts';

/** A side is named only where its accuracy on boxed films is at least this, lower bound (docs/clinical-rules.md); a zone too. */
export const PLACE_ACCURACY = 0.9;
/** An extent is named only where 95 of 100 films are off by at most this share of the lungs' area. */
export const EXTENT_ERROR = 0.1;

export const mayBeNamed = (accuracy: Interval | null): boolean => accuracy !== null && accuracy.low >= PLACE_ACCURACY;

export const NamedPlace = Place.extend({
  by: z.enum(['saliency', 'mask']),
  /** What the place was counted on. */
  region: Region,
  /** In shares of the lungs' area; null where no extent is named. */
  extentError: z.object({ mean: z.number(), p95: z.number() }).nullable(),
});
export type NamedPlace = z.infer<typeof NamedPlace>;

type Measured = Pick<Pack, 'id' | 'version' | 'places'>;

/** The entries that hold for this pair of packs, the one with the most certain side first. */
function entriesFor(finding: string, findings: Measured, anatomy: Measured): PackPlace[] {
  const own = findings.places.filter(
    ({ by, beside }) => by === 'saliency' && beside?.id === anatomy.id && beside.version === anatomy.version,
  );
  const drawn = anatomy.places.filter(({ by, beside }) => by !== 'saliency' && beside === null);
  return [...own, ...drawn]
    .filter((entry) => entry.finding === finding && mayBeNamed(entry.side))
    .sort((a, b) => b.side.low - a.side.low);
}

/**
 * null: no side of this finding was measured to be right, or the film gives it no place in the lungs. `masks` are the
 * anatomy pack's, `region` is where the finding's map is high.
 */
export function namedPlaceOf(
  finding: { label: string; region: Region | null },
  masks: ReadonlyMap<MaskId, Saliency>,
  header: ImageHeader,
  packs: { findings: Measured; anatomy: Measured | null },
): NamedPlace | null {
  if (!packs.anatomy) return null;
  for (const entry of entriesFor(finding.label, packs.findings, packs.anatomy)) {
    const drawn = entry.by === 'saliency' ? null : masks.get(entry.by);
    const region = drawn ? regionOfMask(drawn) : finding.region;
    const lung = masks.get('right-lung');
    if (!region || !lung || (entry.by !== 'saliency' && !drawn)) continue;
    const place = placeOf(drawn ? cellsOfMask(drawn) : cellsOfRegion(region, lung), masks, header);
    if (!place) continue;
    const zones = mayBeNamed(entry.zones);
    const extent = entry.extent && entry.extent.p95Error <= EXTENT_ERROR ? entry.extent : null;
    return {
      side: place.side,
      zones: zones ? place.zones : [],
      depth: zones ? place.depth : null,
      extent: extent ? place.extent : null,
      extentError: extent && { mean: extent.meanError, p95: extent.p95Error },
      by: drawn ? 'mask' : 'saliency',
      region,
    };
  }
  return null;
}
