/** One film from the command line: read, decoded, gated, run and drafted, with nothing stored. */
import { randomUUID } from 'node:crypto';
import type { EngineChoice } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { EngineRun, Finding, Gate } from '#core/findings/findings.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Pixels } from '#core/imaging/pixels.ts';
import type { Saliency } from '#core/imaging/saliency.ts';
import type { Anatomy, MaskId, Measurement } from '#core/measure/measurement.ts';
import type { Pack } from '#core/pack/pack.ts';
import type { ReportLanguage } from '#core/report/language.ts';
import { documentOf, languageOf } from '#core/report/planned.ts';
import type { Sentence } from '#core/report/report.ts';
import { sentencesOf } from '#core/report/sentences.ts';
import { reportText } from '#core/report/text.ts';
import { rankFilms, type Choice } from '#core/study/bestFilm.ts';
import { AnalysisId, type LabelId } from '#core/study/ids.ts';
import { startImaging, type Imaging } from './dicom/imaging.ts';
import { createEngine } from './engine/engine.ts';
import type { StartEngine } from './engine/start.ts';
import { readFilms, type Film, type PictureWords, type Refused } from './films.ts';
import { openPackStore } from './files/packs.ts';
import { findingsPack } from './services/drafting.ts';
import { analyseFilm, plannedFrom } from './services/filmAnalysis.ts';
import { chooseFilm } from './services/filmChoice.ts';
import { lookAtFilm, type SeenFilm } from './services/filmGate.ts';

export interface AnalyzeOptions {
  packFolders: string[];
  choice: EngineChoice;
  startEngine: StartEngine;
  picture: PictureWords;
  /** What the draft is written in; English where it is not said. */
  language?: ReportLanguage;
}

/** The object that `--json` prints. */
export interface AnalyzeResult {
  film: FilmFacts;
  gate: Gate;
  findings: Finding[];
  /** With lines in the stored frame, the measured error and what weakens each. */
  measurements: Measurement[];
  anatomy: Pick<Anatomy, 'pack' | 'note'> | null;
  draft: { text: string; sentences: Sentence[] } | null;
  pack: { id: string; version: string; sha256: string; use: string };
  engine: EngineRun | null;
  /** Milliseconds by stage. */
  timings: Record<string, number>;
  /** Other films of a folder, and why they were not read. */
  notUsed: Refused[];
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
  /** YES: names may stand in the pixels, and so in every picture made of them. Empty: the file does not say. */
  burnedIn: string;
  synthetic: boolean;
}

/** The result, and what a picture of it is drawn from. */
export interface Analyzed {
  result: AnalyzeResult;
  header: ImageHeader;
  pixels: Pixels;
  maps: Map<LabelId, Saliency>;
  masks: Map<MaskId, Saliency>;
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
    const { films, refused } = await timed('read', () => readFilms(path, imaging, options.picture));
    const { accepts } = stored.pack;
    const { chosen, seen, notUsed } = await timed('decode', () =>
      choose(films, refused, accepts, imaging, (film) =>
        timed('gate', () => lookAtFilm(engine, packs, accepts, film, {})),
      ),
    );
    timings['decode'] = (timings['decode'] ?? 0) - (timings['gate'] ?? 0);
    const { header, pixels, gate } = seen;
    const { id, version, use } = stored.pack;
    const result: AnalyzeResult = {
      film: factsOf(chosen),
      gate,
      findings: [],
      measurements: [],
      anatomy: null,
      draft: null,
      pack: { id, version, sha256: stored.sha256, use },
      engine: null,
      timings,
      notUsed,
    };
    if (!gate.accepted) return { result, header, pixels, maps: new Map(), masks: new Map() };
    const read = await analyseFilm(
      engine,
      packs,
      { ...seen, id: AnalysisId.parse(randomUUID()), instance: chosen.instance.id, stored, now: Date.now() },
      {},
    );
    const { analysis, maps, masks } = read;
    Object.assign(timings, analysis.timings);
    const sources = plannedFrom(stored.pack, seen, read, options.language ?? 'en');
    const document = documentOf(sources);
    return {
      result: {
        ...result,
        findings: analysis.findings,
        measurements: analysis.anatomy?.measurements ?? [],
        anatomy: analysis.anatomy && { pack: analysis.anatomy.pack, note: analysis.anatomy.note },
        draft: { text: reportText(document, languageOf(sources)), sentences: sentencesOf(document, sources) },
        engine: analysis.engine,
      },
      header,
      pixels,
      maps,
      masks,
    };
  } finally {
    engine.close();
    await imaging.close();
  }
}

/** The best film that decodes and is accepted; where none is, one that was refused, with why. */
async function choose(
  films: readonly Film[],
  unread: Refused[],
  accepts: Pack['accepts'],
  imaging: Imaging,
  look: (film: SeenFilm) => Promise<SeenFilm>,
) {
  const fileOf = ({ film }: Choice): Film => {
    const found = films.find(({ instance }) => instance === film);
    if (!found) throw new AppError('internal', 'a film was chosen that is not among the films');
    return found;
  };
  const open = async (choice: Choice) => ({
    header: choice.film.header,
    pixels: await imaging.decode(fileOf(choice).bytes, 0),
  });
  const ranked = rankFilms(
    films.map(({ instance }) => instance),
    accepts,
  );
  const { best, refusals, notUsed } = await chooseFilm(ranked, {
    open,
    look: ({ gate }, opened) => look({ ...opened, gate }),
  });
  const shown = best ?? refusals[0] ?? (await firstOpened(ranked.refused, open));
  const reasons = new Map(notUsed.map(({ choice, reason }) => [choice.film, reason]));
  if (shown) reasons.delete(shown.choice.film);
  const others = films.flatMap(({ name, instance }) => {
    const reason = reasons.get(instance);
    return reason === undefined ? [] : [{ file: name, reason }];
  });
  others.unshift(...unread);
  if (!shown) throw new AppError('refused', others[0]?.reason ?? 'Expected a film, found an empty folder.');
  const chosen = fileOf(shown.choice);
  const gate = withHint(shown.seen.gate, chosen.picture);
  return { chosen, seen: { ...shown.seen, gate }, notUsed: others };
}

/** Of films that their headers refused, the first that can be shown. */
async function firstOpened(choices: readonly Choice[], open: (choice: Choice) => Promise<Omit<SeenFilm, 'gate'>>) {
  for (const choice of choices)
    try {
      return { choice, seen: { ...(await open(choice)), gate: choice.gate } };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  return null;
}

/** A picture is refused by its missing header: say how to state what it shows. */
function withHint(gate: Gate, picture: boolean): Gate {
  if (gate.accepted || gate.pack || !picture) return gate;
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
    burnedIn: header.burnedIn,
    synthetic: header.synthetic,
  };
}

/** Runs stages and notes how long each took. */
function stopwatch(timings: Record<string, number>) {
  return async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const value = await work();
    timings[stage] = (timings[stage] ?? 0) + performance.now() - began;
    return value;
  };
}
