/** What models said of films: stored once, never changed. */
import * as z from 'zod';
import { Analysis, EngineRun, Finding, Gate } from '#core/findings/findings.ts';
import { Affine } from '#core/imaging/affine.ts';
import { Region, Saliency } from '#core/imaging/saliency.ts';
import type { MaskId } from '#core/measure/measurement.ts';
import { AnalysisId, InstanceId, LabelId, StudyId } from '#core/study/ids.ts';
import { AppError } from '#contract/errors.ts';
import { toJson } from '../files/json.ts';
import { addAnatomy, anatomyOf } from './anatomies.ts';
import { append } from './audit.ts';
import type { Read, Write } from './handles.ts';
import { Flag, Json } from './rows.ts';

export interface NewAnalysis {
  analysis: Analysis;
  study: StudyId;
  /** The grid of each label that has one. */
  maps: ReadonlyMap<LabelId, Saliency>;
  /** The grid of each mask of `analysis.anatomy`. */
  masks?: ReadonlyMap<MaskId, Saliency>;
  actor: string;
}

export function addAnalysis(write: Write, { analysis, study, maps, masks, actor }: NewAnalysis): void {
  const { id, pack } = analysis;
  write.run(
    `INSERT INTO analyses (id, study, instance, frame, pack_id, pack_version, pack_sha256, pack_use, gate, engine,
       timings, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[id, study, analysis.instance, analysis.frame, pack.id, pack.version, pack.sha256, pack.use],
    ...[toJson(analysis.gate), toJson(analysis.engine), toJson(analysis.timings), analysis.createdAt],
  );
  for (const [place, finding] of analysis.findings.entries())
    write.run(
      `INSERT INTO findings (analysis, place, label, name, probability, threshold, positive, region)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, place, finding.label, finding.name, finding.probability, finding.threshold, finding.positive ? 1 : 0],
      finding.region ? toJson(finding.region) : null,
    );
  for (const [label, map] of maps) {
    if (map.bytes.length !== map.rows * map.columns * 4)
      throw new AppError(
        'invalid-input',
        `expected ${map.rows} × ${map.columns} float32, found ${map.bytes.length} bytes`,
      );
    write.run(
      'INSERT INTO saliency (analysis, label, rows, columns, grid, to_image) VALUES (?, ?, ?, ?, ?, ?)',
      ...[id, label, map.rows, map.columns, map.bytes, toJson(map.toImage)],
    );
  }
  if (analysis.anatomy) addAnatomy(write, id, analysis.anatomy, masks ?? new Map());
  append(write, {
    at: analysis.createdAt,
    actor,
    event: 'analysis.added',
    subject: id,
    detail: {
      study,
      instance: analysis.instance,
      pack: `${pack.id} ${pack.version}`,
      sha256: pack.sha256,
      provider: analysis.engine.provider,
      accepted: analysis.gate.accepted,
      findings: analysis.findings.length,
      ...(analysis.anatomy ? { anatomy: `${analysis.anatomy.pack.id} ${analysis.anatomy.pack.version}` } : {}),
    },
  });
}

const AnalysisRow = z.object({
  id: AnalysisId,
  instance: InstanceId,
  frame: z.int(),
  pack_id: z.string(),
  pack_version: z.string(),
  pack_sha256: z.string(),
  pack_use: z.string(),
  gate: Json(Gate),
  engine: Json(EngineRun),
  timings: Json(z.record(z.string(), z.number())),
  created_at: z.number(),
});

const FindingRow = z.object({
  label: LabelId,
  name: z.string(),
  probability: z.number(),
  threshold: z.number(),
  positive: Flag,
  region: Json(Region).nullable(),
});

export function analysisOf(read: Read, id: AnalysisId): Analysis | null {
  const row = read.get(AnalysisRow, 'SELECT * FROM analyses WHERE id = ?', id);
  if (!row) return null;
  const findings: Finding[] = read.all(
    FindingRow,
    'SELECT label, name, probability, threshold, positive, region FROM findings WHERE analysis = ? ORDER BY place',
    id,
  );
  const { pack_id, pack_version, pack_sha256, pack_use, created_at, ...rest } = row;
  return {
    ...rest,
    pack: { id: pack_id, version: pack_version, sha256: pack_sha256, use: pack_use },
    findings,
    anatomy: anatomyOf(read, id),
    createdAt: created_at,
  };
}

/** Whose analysis it is; null where there is none. */
export function analysisStudyOf(read: Read, id: AnalysisId): StudyId | null {
  return read.get(z.object({ study: StudyId }), 'SELECT study FROM analyses WHERE id = ?', id)?.study ?? null;
}

/** Ids of all analyses of a study, oldest first. */
export function analysesOf(read: Read, study: StudyId): AnalysisId[] {
  return read
    .all(z.object({ id: AnalysisId }), 'SELECT id FROM analyses WHERE study = ? ORDER BY created_at, rowid', study)
    .map((row) => row.id);
}

const SaliencyRow = z.object({
  rows: z.int(),
  columns: z.int(),
  grid: z.instanceof(Uint8Array),
  to_image: Json(Affine),
});

export function saliencyOf(read: Read, analysis: AnalysisId, label: LabelId): Saliency | null {
  const row = read.get(
    SaliencyRow,
    'SELECT rows, columns, grid, to_image FROM saliency WHERE analysis = ? AND label = ?',
    analysis,
    label,
  );
  // A copy: SQLite's answer may be a view into a pooled buffer.
  return row && { rows: row.rows, columns: row.columns, bytes: new Uint8Array(row.grid), toImage: row.to_image };
}
