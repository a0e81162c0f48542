/** Sides and zones from the film to the sentence: named only where a pack says how often they are right, and the patient's in every orientation. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ownPackFolder } from '#backend/backend.ts';
import { decodeFrame } from '#backend/dicom/decode.ts';
import { parse } from '#backend/dicom/parse.ts';
import { phantomFile, USUAL, type FilmForm } from '#backend/dicom/phantomFile.ts';
import { ORIENTATIONS } from '#backend/dicom/phantomPlace.ts';
import { createEngine } from '#backend/engine/engine.ts';
import { forkEngine } from '#backend/engine/start.ts';
import { openPackStore } from '#backend/files/packs.ts';
import { analyseFilm, plannedFrom } from '#backend/services/filmAnalysis.ts';
import type { Point } from '#core/imaging/affine.ts';
import { isInside } from '#core/imaging/isInside.ts';
import type { Region } from '#core/imaging/saliency.ts';
import { patientSideAt } from '#core/imaging/sides.ts';
import { Pack, type PackPlace } from '#core/pack/pack.ts';
import { PLAIN } from '#core/phantom/phantom.ts';
import type { SourceSentence } from '#core/report/report.ts';
import { AnalysisId, InstanceId } from '#core/study/ids.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-places-'));
const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
  rmSync(home, { recursive: true, force: true });
});

const good = { value: 0.97, low: 0.93, high: 0.99 };
const bad = { value: 0.57, low: 0.48, high: 0.65 };
const anatomy = readPack('chest-anatomy');
const beside = { id: anatomy.id, version: anatomy.version };

function readPack(id: string): Pack {
  return Pack.parse(JSON.parse(readFileSync(path.join(ownPackFolder(), id, 'pack.json'), 'utf8')));
}

/** The packs that ship, with every finding listed and flagged on every film, and with places of its map that are right that often. */
async function drafting(name: string, side: typeof good | null) {
  const folder = path.join(home, name);
  for (const id of ['chest-findings', 'chest-anatomy']) {
    const pack = readPack(id);
    cpSync(path.join(ownPackFolder(), id), path.join(folder, id), { recursive: true });
    rmSync(path.join(folder, id, 'SIGNATURE'), { force: true });
    const labels = pack.labels.map((label) => ({ ...label, listed: true, threshold: 0 }));
    const places: PackPlace[] = labels.flatMap(({ id: finding }) =>
      side ? [{ finding, by: 'saliency', beside, films: 100, side, zones: side, extent: null }] : [],
    );
    writeFileSync(path.join(folder, id, 'pack.json'), JSON.stringify({ ...pack, labels, places }));
  }
  const packs = await openPackStore([folder]);
  const engine = createEngine({ start: forkEngine, packs, choice: 'cpu', onChange: () => undefined });
  closing.push(() => engine.close());
  return async (orientation: FilmForm['orientation'], bright: 'right' | 'left' = 'right') => {
    const { header, pixels } = await filmAs(orientation, bright);
    const seen = { header, pixels, gate: { accepted: true, reason: null, message: '', caveats: [] } };
    const stored = packs.get('chest-findings');
    const film = { ...seen, stored, id: AnalysisId.parse('a'), instance: InstanceId.parse('1.2'), now: 0 };
    const result = await analyseFilm(engine, packs, film, {});
    return { header, said: plannedFrom(stored.pack, seen, result, 'en').filter(({ finding }) => finding !== null) };
  };
}

/** A phantom with something large and dense in the middle of one lung. */
async function filmAs(orientation: FilmForm['orientation'], bright: 'right' | 'left') {
  const bytes = phantomFile(
    { ...PLAIN, rows: 480, columns: 440, seed: 5, nodule: { x: bright === 'right' ? -70 : 70, y: -10, radius: 30 } },
    { ...USUAL, orientation },
    { studyUid: '1.2.3', seriesUid: '1.2.3.1', instanceUid: '1.2.3.1.1', patient: 'PLACES', now: '20260101120000' },
  );
  const { file } = parse(bytes);
  if (!file) throw new Error('the film did not parse');
  return { header: file.header, pixels: await decodeFrame(bytes, 0) };
}

const PLACE = /\b(left|right|both|throughout|zones?|angles?)\b/;
/** The sentences that name one side, with it. */
const sidesOf = (said: readonly SourceSentence[]) =>
  said.flatMap(({ evidence }) =>
    evidence.flatMap((item) =>
      item.kind === 'region' && item.place && item.place.side !== 'bilateral'
        ? [{ ...item, side: item.place.side }]
        : [],
    ),
  );

/** Those of a grid over the region's box that lie in it. */
function pointsIn(region: Region): Point[] {
  const { x, y, width, height } = region.box;
  return Array.from({ length: 900 }, (_, i) => ({
    x: x + (((i % 30) + 0.5) / 30) * width,
    y: y + ((Math.floor(i / 30) + 0.5) / 30) * height,
  })).filter((point) => isInside(region, point));
}

test.each([
  ['right', ORIENTATIONS],
  ['left', ['R\\F', 'H\\L']],
] as const)(
  '1.1 what looks at the %s lung is said to be there, however the film is stored',
  async (bright, orientations) => {
    const draft = await drafting(bright, good);
    const { said: reference } = await draft('L\\F', bright);
    const texts = reference.map(({ text }) => text);
    expect(texts.filter((text) => new RegExp(`\\b${bright}\\b`).test(text)).length).toBeGreaterThan(1);
    const sided = sidesOf(reference);
    expect(sided.filter(({ side }) => side === bright).length).toBeGreaterThan(sided.length / 2);
    for (const orientation of orientations) {
      const { header, said } = await draft(orientation, bright);
      expect(said.map(({ text }) => text)).toEqual(texts);
      for (const { region, side } of sidesOf(said)) {
        const places = pointsIn(region).map(({ x, y }) => patientSideAt(header, x, y).side);
        expect(places.filter((place) => place === side).length).toBeGreaterThan(0.7 * places.length);
      }
    }
  },
);

test.each([
  ['nobody measured them', null],
  ['they were measured and are not right often enough', bad],
] as const)('1.2 no place is named where %s', async (name, side) => {
  const { said } = await (await drafting(name, side))('L\\F');
  expect(said.length).toBeGreaterThan(1);
  for (const { text, evidence } of said) {
    expect(text).not.toMatch(PLACE);
    expect(evidence.every((item) => item.kind !== 'region' || (item.basis === 'saliency' && !item.place))).toBe(true);
  }
});
