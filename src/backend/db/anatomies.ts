/** What an anatomy pack drew and measured on the film of an analysis: stored once with it, never changed. */
import * as z from 'zod';
import { Affine } from '#core/imaging/affine.ts';
import { samplesOf } from '#core/imaging/pixels.ts';
import { Region, type Saliency } from '#core/imaging/saliency.ts';
import { type Anatomy, MaskId, Measurement } from '#core/measure/measurement.ts';
import type { AnalysisId } from '#core/study/ids.ts';
import { toJson } from '../files/json.ts';
import type { Read, Write } from './handles.ts';
import { Json } from './rows.ts';

/** `masks`: the grid of each mask that has one. */
export function addAnatomy(
  write: Write,
  analysis: AnalysisId,
  { pack, masks, measurements, note }: Anatomy,
  grids: ReadonlyMap<MaskId, Saliency>,
): void {
  write.run(
    `INSERT INTO anatomies (analysis, pack_id, pack_version, pack_sha256, pack_use, measurements, note)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ...[analysis, pack.id, pack.version, pack.sha256, pack.use, toJson(measurements), note],
  );
  for (const [place, { id, name, region }] of masks.entries()) {
    const grid = grids.get(id);
    if (!grid) continue;
    write.run(
      `INSERT INTO masks (analysis, place, mask, name, region, rows, columns, grid, to_image)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[analysis, place, id, name, region ? toJson(region) : null, grid.rows, grid.columns],
      ...[bytesOf(grid), toJson(grid.toImage)],
    );
  }
}

const AnatomyRow = z.object({
  pack_id: z.string(),
  pack_version: z.string(),
  pack_sha256: z.string(),
  pack_use: z.string(),
  measurements: Json(z.array(Measurement)),
  note: z.string(),
});
const OutlineRow = z.object({ mask: MaskId, name: z.string(), region: Json(Region).nullable() });
const GridRow = z.object({ rows: z.int(), columns: z.int(), grid: z.instanceof(Uint8Array), to_image: Json(Affine) });

/** null where no anatomy pack read the film. */
export function anatomyOf(read: Read, analysis: AnalysisId): Anatomy | null {
  const row = read.get(AnatomyRow, 'SELECT * FROM anatomies WHERE analysis = ?', analysis);
  if (!row) return null;
  const outlines = read.all(
    OutlineRow,
    'SELECT mask, name, region FROM masks WHERE analysis = ? ORDER BY place',
    analysis,
  );
  return {
    pack: { id: row.pack_id, version: row.pack_version, sha256: row.pack_sha256, use: row.pack_use },
    masks: outlines.map(({ mask, name, region }) => ({ id: mask, name, region })),
    measurements: row.measurements,
    note: row.note,
  };
}

/** Probabilities of one mask, in steps of 1/255. */
export function maskOf(read: Read, analysis: AnalysisId, mask: MaskId): Saliency | null {
  const row = read.get(
    GridRow,
    'SELECT rows, columns, grid, to_image FROM masks WHERE analysis = ? AND mask = ?',
    analysis,
    mask,
  );
  if (!row) return null;
  const values = Float32Array.from(row.grid, (byte) => byte / 255);
  return { rows: row.rows, columns: row.columns, bytes: new Uint8Array(values.buffer), toImage: row.to_image };
}

function bytesOf({ bytes }: Saliency): Uint8Array {
  const values = samplesOf('f32', bytes);
  const steps = new Uint8Array(values.length);
  for (let at = 0; at < steps.length; at++) steps[at] = Math.round(Math.min(1, Math.max(0, values[at] ?? 0)) * 255);
  return steps;
}
