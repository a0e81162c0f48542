/** One film from the command line: read, decoded, gated, run and drafted, with nothing stored. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { EngineChoice, PictureFacts } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { ParsedFile } from '#contract/imaging.ts';
import type { EngineRun, Finding, Gate } from '#core/findings/findings.ts';
import { gateOf } from '#core/findings/gate.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Pixels } from '#core/imaging/pixels.ts';
import { poseOf } from '#core/imaging/pose.ts';
import type { Saliency } from '#core/imaging/saliency.ts';
import { documentOf, plannedDraft } from '#core/report/planned.ts';
import type { Sentence } from '#core/report/report.ts';
import { sentencesOf } from '#core/report/sentences.ts';
import { reportText } from '#core/report/text.ts';
import { bestFilm } from '#core/study/bestFilm.ts';
import { AnalysisId, type LabelId } from '#core/study/ids.ts';
import type { Instance } from '#core/study/study.ts';
import { startImaging, type Imaging } from './dicom/imaging.ts';
import { createEngine } from './engine/engine.ts';
import type { StartEngine } from './engine/start.ts';
import { openPackStore } from './files/packs.ts';
import { findingsPack } from './services/drafting.ts';
import { analyseFilm } from './services/filmAnalysis.ts';
import { captureUids, dicomTime } from './services/importing.ts';
import { pathFiles } from './services/sources.ts';

export interface AnalyzeOptions {
  packFolders: string[];
  choice: EngineChoice;
  startEngine: StartEngine;
  /** What a PNG or JPEG shows, since it cannot say so itself. */
  picture: { view: 'PA' | 'AP' | null; ageYears: number | null };
}

/** The object that `--json` prints. */
export interface AnalyzeResult {
  film: FilmFacts;
  gate: Pick<Gate, 'accepted' | 'reason' | 'message' | 'caveats'>;
  findings: Finding[];
  measurements: { name: string; value: number; unit: string }[];
  draft: { text: string; sentences: Sentence[] } | null;
  pack: { id: string; version: string; sha256: string; use: string };
  engine: EngineRun | null;
  /** Milliseconds by stage. */
  timings: Record<string, number>;
  /** Other films of a folder, and why they were not read. */
  notUsed: { file: string; reason: string }[];
}

/** What may be printed of a film: nothing that names a patient. */
export interface FilmFacts {
  file: string;
  instance: string;
  modality: string;
  bodyPart: string;
  viewPosition: string;
  patientOrientation: string;
  ageYears: number | null;
  sex: string;
  rows: number;
  columns: number;
  bitsStored: number;
  photometric: string;
  transferSyntax: string;
  lossy: boolean;
  synthetic: boolean;
}

/** The result, and what a picture of it is drawn from. */
export interface Analyzed {
  result: AnalyzeResult;
  header: ImageHeader;
  pixels: Pixels;
  maps: Map<LabelId, Saliency>;
}

/** AppError with one message for a person. A folder is a study: its best frontal film is read. */
export async function analyze(path: string, options: AnalyzeOptions): Promise<Analyzed> {
  const packs = await openPackStore(options.packFolders);
  const stored = findingsPack(packs);
  const imaging = startImaging();
  const engine = createEngine({ start: options.startEngine, packs, choice: options.choice, onChange: () => undefined });
  try {
    const timings: Record<string, number> = {};
    const timed = stopwatch(timings);
    const { films, refused } = await timed('read', () => readFilms(path, imaging, options));
    const { best, notUsed } = bestFilm(
      films.map(({ instance }) => instance),
      stored.pack.accepts,
    );
    const chosen = films.find(({ instance }) => instance === best?.film) ?? films[0];
    if (!chosen) throw new AppError('refused', refused[0]?.reason ?? 'Expected a film, found an empty folder.');
    const { header } = chosen.instance;
    const gate = best?.gate ?? withHint(gateOf(stored.pack.accepts, header), chosen.picture);
    const pixels = await timed('decode', () => imaging.decode(chosen.bytes, 0));
    const { id, version, use } = stored.pack;
    const result: AnalyzeResult = {
      film: factsOf(chosen),
      gate,
      findings: [],
      measurements: [],
      draft: null,
      pack: { id, version, sha256: stored.sha256, use },
      engine: null,
      timings,
      notUsed: [
        ...refused,
        ...notUsed
          .filter(({ instance }) => instance !== chosen.instance.id)
          .map(({ instance, reason }) => ({ file: films.find((f) => f.instance.id === instance)?.name ?? '', reason })),
      ],
    };
    if (!gate.accepted) return { result, header, pixels, maps: new Map() };
    const { analysis, maps } = await analyseFilm(
      engine,
      {
        id: AnalysisId.parse(randomUUID()),
        instance: chosen.instance.id,
        header,
        pixels,
        gate,
        stored,
        now: Date.now(),
      },
      {},
    );
    Object.assign(timings, analysis.timings);
    const sources = plannedDraft({
      findings: analysis.findings,
      labels: stored.pack.labels,
      instance: chosen.instance.id,
      viewPosition: header.viewPosition,
      sideAssumed: poseOf(header).assumed,
      note: gate.caveats.join(' '),
    });
    const document = documentOf(sources);
    return {
      result: {
        ...result,
        findings: analysis.findings,
        draft: { text: reportText(document), sentences: sentencesOf(document, sources) },
        engine: analysis.engine,
      },
      header,
      pixels,
      maps,
    };
  } finally {
    engine.close();
    await imaging.close();
  }
}

interface Film {
  name: string;
  bytes: Uint8Array;
  instance: Instance;
  picture: boolean;
}

async function readFilms(path: string, imaging: Imaging, options: AnalyzeOptions) {
  const films: Film[] = [];
  const refused: { file: string; reason: string }[] = [];
  for (const file of await pathFiles(path)) {
    try {
      films.push(await readFilm(file.name, await file.bytes(), imaging, options));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refused.push({ file: file.name, reason: error.message });
    }
  }
  return { films, refused };
}

async function readFilm(name: string, bytes: Uint8Array, imaging: Imaging, options: AnalyzeOptions): Promise<Film> {
  const first = await imaging.parse(bytes);
  if (first.file) return { name, bytes, instance: instanceOf(first.file), picture: false };
  const { view, ageYears } = options.picture;
  const facts: PictureFacts = {
    patientName: '',
    patientId: `picture-${randomBytes(4).toString('hex')}`,
    patientSex: '',
    patientAgeYears: ageYears,
    shows: view === 'PA' ? 'chest-pa' : view === 'AP' ? 'chest-ap' : 'other',
  };
  const uids = captureUids(bytes, facts);
  const captured = await imaging.capture({ bytes: new Uint8Array(bytes), facts, now: dicomTime(Date.now()), ...uids });
  const { file } = await imaging.parse(captured);
  if (!file) throw new AppError('internal', 'the secondary capture did not parse');
  return { name, bytes: captured, instance: instanceOf(file), picture: true };
}

const instanceOf = ({ instance, series, header }: ParsedFile): Instance => ({
  id: instance.id,
  series: series.id,
  number: instance.number,
  header,
});

/** A picture is refused by its missing header: say how to state what it shows. */
function withHint(gate: Gate, picture: boolean): Gate {
  if (gate.accepted || !picture) return gate;
  return {
    ...gate,
    message: `${gate.message} A picture has no header: say what it shows with --view PA or --view AP.`,
  };
}

function factsOf({ name, instance }: Film): FilmFacts {
  const { header } = instance;
  return {
    file: name,
    instance: instance.id,
    modality: header.modality,
    bodyPart: header.bodyPart,
    viewPosition: header.viewPosition,
    patientOrientation: header.patientOrientation?.join('\\') ?? '',
    ageYears: header.patientAgeYears,
    sex: header.patientSex,
    rows: header.rows,
    columns: header.columns,
    bitsStored: header.bitsStored,
    photometric: header.photometric,
    transferSyntax: header.transferSyntaxUid,
    lossy: header.lossy,
    synthetic: header.synthetic,
  };
}

/** Runs stages and notes how long each took. */
function stopwatch(timings: Record<string, number>) {
  return async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const value = await work();
    timings[stage] = performance.now() - began;
    return value;
  };
}
