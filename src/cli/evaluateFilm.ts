/** One film of an evaluation on the product's own way: read, decoded, gated, run, calibrated, and then compared. */
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import type { Imaging } from '#backend/dicom/imaging.ts';
import type { Engine } from '#backend/engine/engine.ts';
import type { PackStore, StoredPack } from '#backend/files/packs.ts';
import { analyseFilm, type FilmResult } from '#backend/services/filmAnalysis.ts';
import { lookAtFilm, type SeenFilm } from '#backend/services/filmGate.ts';
import { captureUids, dicomTime } from '#backend/services/importing.ts';
import type { PictureFacts } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import { diceOf, lungsOf, peoplesRatio, type Size } from '#core/evaluate/anatomy.ts';
import { statedView, type FilmRow } from '#core/evaluate/film.ts';
import { intersectionOverUnion, peakOf, pointsInto, rasterOf, rasterOfBoxes } from '#core/evaluate/places.ts';
import { gateOf } from '#core/findings/gate.ts';
import { regionOf } from '#core/imaging/region.ts';
import { poseOf } from '#core/imaging/pose.ts';
import type { MaskId } from '#core/measure/measurement.ts';
import { AnalysisId, InstanceId } from '#core/study/ids.ts';
import type { ListedFilm } from './evaluateFolder.ts';

export interface Tools {
  imaging: Imaging;
  engine: Engine;
  packs: PackStore;
  findings: StoredPack;
  /** The label that a word of boxes.csv stands for. */
  labelOf(word: string): string | undefined;
}

/** What was seen of a film, for its row and for its picture. */
export interface Looked {
  seen: SeenFilm;
  /** null where the gate refused. */
  result: FilmResult | null;
  by: 'header' | 'pixels' | null;
}

/** A child whose age is not stated is at most this old. */
const CHILD = 17;

export const isChildWithoutAge = (age: string): boolean => /^(paediatric|pediatric|child)/i.test(age);

export function ageYears(age: string): number | null {
  if (isChildWithoutAge(age)) return CHILD;
  const years = /^(\d+(?:\.\d+)?)\s*Y?$/i.exec(age)?.[1];
  return years === undefined || Number(years) > 130 ? null : Number(years);
}

/** Of the bytes, of what the gate asks images.csv, and of everything that people drew. */
export async function keyOf(film: ListedFilm, bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256').update(bytes);
  hash.update(JSON.stringify([film.file, film.patient, film.source, film.sex, film.age, film.view, film.boxes]));
  for (const { mask, path } of film.masks) hash.update(mask).update(await readFile(path).catch(() => 'none'));
  return hash.digest('hex');
}

/** A file that cannot be used leaves a row that says why; only what is wrong with the machine or a pack is thrown. */
export async function evaluateFilm(tools: Tools, film: ListedFilm, bytes: Uint8Array | null): Promise<FilmRow> {
  const row = emptyRow(film);
  if (!bytes) return { ...row, key: `no file ${film.file}`, unread: 'There is no such file.' };
  const known = { ...row, key: await keyOf(film, bytes), sha256: createHash('sha256').update(bytes).digest('hex') };
  const began = performance.now();
  try {
    const looked = await look(tools, film, bytes);
    const milliseconds = performance.now() - began;
    return { ...known, ...(await measured(tools, film, looked)), milliseconds };
  } catch (error) {
    if (
      !(error instanceof AppError) ||
      !['refused', 'unsupported', 'too-large', 'timed-out', 'invalid-input'].includes(error.code)
    )
      throw error;
    return { ...known, unread: error.message };
  }
}

const emptyRow = ({ line, file, patient, source, sex, age, view, expected }: ListedFilm): FilmRow => ({
  key: '',
  line,
  file,
  sha256: '',
  patient,
  source,
  sex,
  ageYears: ageYears(age),
  view,
  expected,
  unread: '',
  gate: null,
  burnedIn: false,
  size: null,
  findings: {},
  lungs: null,
  dice: {},
  ratio: null,
  provider: '',
  runtime: '',
  fallback: '',
  milliseconds: 0,
});

export async function look(tools: Tools, film: ListedFilm, bytes: Uint8Array): Promise<Looked> {
  const { imaging, engine, packs, findings } = tools;
  const { file, bytes: dicom } = await asDicom(imaging, film, bytes);
  const { header } = file;
  const { accepts } = findings.pack;
  const before = gateOf(accepts, header);
  const pixels = await imaging.decode(dicom, 0);
  if (!before.accepted) return { seen: { header, pixels, gate: before }, result: null, by: 'header' };
  const seen = await lookAtFilm(engine, packs, accepts, { header, pixels, gate: before }, {});
  if (!seen.gate.accepted) return { seen, result: null, by: 'pixels' };
  // What is in the graph but not listed is measured too: the page says that no reader sees it.
  const pack = { ...findings.pack, labels: findings.pack.labels.map((label) => ({ ...label, listed: true })) };
  const result = await analyseFilm(
    engine,
    packs,
    {
      ...seen,
      id: AnalysisId.parse(randomUUID()),
      instance: InstanceId.parse(file.instance.id),
      stored: { ...findings, pack },
      now: Date.now(),
    },
    {},
  );
  return { seen, result, by: null };
}

/** A PNG or JPEG becomes a secondary capture of what images.csv says it shows, as when a person opens it. */
async function asDicom(imaging: Imaging, film: ListedFilm, bytes: Uint8Array) {
  const { file } = await imaging.parse(bytes);
  if (file) return { file, bytes };
  const age = ageYears(film.age);
  const facts: PictureFacts = {
    patientName: '',
    patientId: 'evaluation',
    patientSex: film.sex === 'M' || film.sex === 'F' || film.sex === 'O' ? film.sex : '',
    patientAgeYears: age === null ? null : Math.floor(age),
    shows: showsOf(film.view),
  };
  const captured = await imaging.capture({
    bytes: new Uint8Array(bytes),
    facts,
    now: dicomTime(Date.now()),
    ...captureUids(bytes, facts),
  });
  const { file: made } = await imaging.parse(captured);
  if (!made) throw new AppError('internal', 'the secondary capture did not parse');
  return { file: made, bytes: captured };
}

function showsOf(view: string): PictureFacts['shows'] {
  const stated = statedView(view);
  return stated ? ({ PA: 'chest-pa', AP: 'chest-ap', lateral: 'chest-lateral' } as const)[stated] : 'other';
}

async function measured(tools: Tools, film: ListedFilm, { seen, result, by }: Looked): Promise<Partial<FilmRow>> {
  const { header, gate } = seen;
  const size: Size = { rows: seen.pixels.rows, columns: seen.pixels.columns };
  const row: Partial<FilmRow> = {
    gate: { accepted: gate.accepted, by, reason: gate.reason ?? '', message: gate.message },
    burnedIn: header.burnedIn === 'YES',
    size,
    ageYears: ageYears(film.age) ?? header.patientAgeYears,
    sex: film.sex || header.patientSex,
    view: film.view || header.viewPosition,
  };
  if (!result) return row;
  const { analysis, maps, masks } = result;
  const { anatomy } = analysis;
  const drawn = (id: MaskId) => rasterOf(anatomy?.masks.find((mask) => mask.id === id)?.region ?? null, size);
  const lungsRaster = () => either(drawn('right-lung'), drawn('left-lung'));
  for (const { label, probability } of analysis.findings) {
    const boxes = film.boxes.filter((one) => tools.labelOf(one.label) === label).map(({ box }) => box);
    const map = maps.get(label);
    const peak = map ? peakOf(map, size) : null;
    const people = boxes.length > 0 && map ? rasterOfBoxes(boxes, size) : null;
    (row.findings ??= {})[label] = {
      probability,
      peak,
      hit: people ? peak !== null && pointsInto(peak, boxes) : null,
      overlap: people && map ? intersectionOverUnion(rasterOf(regionOf(map, size), size), people) : null,
      lungsOverlap: people && anatomy ? intersectionOverUnion(lungsRaster(), people) : null,
    };
  }
  const { provider, runtime, fallback } = analysis.engine;
  Object.assign(row, { provider, runtime, fallback });
  if (!anatomy) return row;
  row.lungs = lungsOf(anatomy, masks, size, lungBoxes(film));
  const people = await peoplesMasks(film, size);
  if (people.size === 0) return row;
  row.dice = diceOf(people, anatomy, masks, size);
  const standard = poseOf(header).toPose(1, 1).map;
  const annotators = standard.a === 1 && standard.d === 1 ? peoplesRatio(people, size) : null;
  row.ratio = { pack: anatomy.measurements[0]?.value ?? null, annotators };
  return row;
}

function lungBoxes({ boxes }: ListedFilm) {
  const one = (name: string) => boxes.find(({ label }) => label.trim().toLowerCase() === name)?.box;
  const [right, left] = [one('right lung'), one('left lung')];
  return right && left ? { right, left } : null;
}

/** Masks as pixels of the film, those of one kind together. AppError `refused` where one has another size. */
async function peoplesMasks({ masks }: ListedFilm, { rows, columns }: Size): Promise<Map<MaskId, Uint8Array>> {
  const people = new Map<MaskId, Uint8Array>();
  for (const { mask, path } of masks) {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new AppError('refused', 'Expected the masks of masks.csv, found one of this film that cannot be read.', {
        cause,
      });
    });
    const png = PNG.sync.read(bytes);
    if (png.width !== columns || png.height !== rows)
      throw new AppError(
        'refused',
        `Expected masks of ${columns} × ${rows} pixels as the film, found one of ${png.width} × ${png.height}.`,
      );
    const inside = Uint8Array.from({ length: rows * columns }, (_, i) => ((png.data[4 * i] ?? 0) > 0 ? 1 : 0));
    const before = people.get(mask);
    people.set(mask, before ? either(before, inside) : inside);
  }
  return people;
}

const either = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((value, i) => value | (b[i] ?? 0));
