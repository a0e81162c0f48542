/** One film through one pack: the engine's numbers become calibrated findings with regions. Nothing is stored here. */
import { AppError } from '#contract/errors.ts';
import type { Analysis, Finding } from '#core/findings/findings.ts';
import { namedPlaceOf, type NamedPlace } from '#core/findings/namedPlace.ts';
import { poseOf } from '#core/imaging/pose.ts';
import { regionOf } from '#core/imaging/region.ts';
import type { Saliency } from '#core/imaging/saliency.ts';
import type { MaskId } from '#core/measure/measurement.ts';
import { calibrated } from '#core/pack/calibrated.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { ReportLanguage } from '#core/report/language.ts';
import { plannedDraft } from '#core/report/planned.ts';
import type { SourceSentence } from '#core/report/report.ts';
import { LabelId, type AnalysisId, type InstanceId } from '#core/study/ids.ts';
import type { Engine, JobOptions } from '../engine/engine.ts';
import type { PackStore, StoredPack } from '../files/packs.ts';
import { anatomyPack, drawAnatomy } from './filmAnatomy.ts';
import type { SeenFilm } from './filmGate.ts';

export interface FilmInput extends SeenFilm {
  id: AnalysisId;
  instance: InstanceId;
  /** The pack that drafts. */
  stored: StoredPack;
  now: number;
}

export interface FilmResult {
  analysis: Analysis;
  /** Of every listed label, also those below their operating point. */
  maps: Map<LabelId, Saliency>;
  masks: Map<MaskId, Saliency>;
  /** Of positive findings whose side was measured to be right often enough: of most packs none. */
  places: Map<LabelId, NamedPlace>;
}

/** An anatomy pack for the same body part, where one is installed, draws first. Errors as `engine.analyse`. */
export async function analyseFilm(
  engine: Engine,
  packs: PackStore,
  film: FilmInput,
  options: JobOptions,
): Promise<FilmResult> {
  const { pack, sha256 } = film.stored;
  const anatomy = anatomyPack(packs, pack.accepts);
  const drawn = anatomy && (await drawAnatomy(engine, anatomy, film, options));
  const answer = await engine.analyse({ pack: pack.id, header: film.header, pixels: film.pixels }, options);
  const maps = new Map<LabelId, Saliency>();
  const findings = pack.labels.flatMap((label, index): Finding[] => {
    if (!label.listed) return [];
    const map = answer.maps[index];
    const logit = answer.logits[index];
    // A finding without a number must not be written down as one with a middling chance.
    if (!map || logit === undefined) throw new AppError('engine-failed', `The model said nothing of ${label.name}.`);
    const id = LabelId.parse(label.id);
    maps.set(id, map);
    const probability = calibrated(label, logit);
    const positive = probability >= label.threshold;
    return [
      {
        label: id,
        name: label.name,
        probability,
        threshold: label.threshold,
        positive,
        region: positive ? regionOf(map, film.pixels) : null,
      },
    ];
  });
  const masks = drawn?.masks ?? new Map<MaskId, Saliency>();
  const placed = { findings: pack, anatomy: anatomy?.pack ?? null };
  const places = findings.flatMap((finding): [LabelId, NamedPlace][] => {
    const place = finding.positive ? namedPlaceOf(finding, masks, film.header, placed) : null;
    return place ? [[finding.label, place]] : [];
  });
  return {
    analysis: {
      id: film.id,
      instance: film.instance,
      frame: 0,
      pack: { id: pack.id, version: pack.version, sha256, use: pack.use },
      gate: film.gate,
      findings,
      anatomy: drawn?.anatomy ?? null,
      engine: answer.run,
      timings: { ...drawn?.timings, ...answer.timings },
      createdAt: film.now,
    },
    maps,
    masks,
    places: new Map(places),
  };
}

/** The sentences that the planned writer makes of an analysis and of what the film's header says. */
export function plannedFrom(
  { labels }: Pack,
  { header, gate }: SeenFilm,
  { analysis, places }: Pick<FilmResult, 'analysis' | 'places'>,
  language: ReportLanguage,
): SourceSentence[] {
  return plannedDraft({
    language,
    places,
    findings: analysis.findings,
    labels,
    anatomy: analysis.anatomy,
    instance: analysis.instance,
    viewPosition: header.viewPosition,
    sideAssumed: poseOf(header).assumed,
    note: gate.caveats.join(' '),
  });
}
