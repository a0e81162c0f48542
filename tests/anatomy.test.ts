/** The anatomy pack as shipped: one film in many guises has one cardiothoracic ratio, drawn where it was measured. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '#backend/analyze.ts';
import { ownPackFolder } from '#backend/backend.ts';
import { decodeFrame } from '#backend/dicom/decode.ts';
import { parse } from '#backend/dicom/parse.ts';
import { phantomFile, USUAL, type FilmForm } from '#backend/dicom/phantomFile.ts';
import { ORIENTATIONS } from '#backend/dicom/phantomPlace.ts';
import { createEngine } from '#backend/engine/engine.ts';
import { forkEngine } from '#backend/engine/start.ts';
import { openPackStore } from '#backend/files/packs.ts';
import { drawAnatomy } from '#backend/services/filmAnatomy.ts';
import { apply } from '#core/imaging/affine.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Pixels } from '#core/imaging/pixels.ts';
import { poseOf } from '#core/imaging/pose.ts';
import { patientSideAt } from '#core/imaging/sides.ts';
import { frontalPoses, pixelsOf, storedAs } from '#core/imaging/testdata/header.ts';
import type { Anatomy, MaskId, Measurement } from '#core/measure/measurement.ts';
import { PLAIN, type PhantomSpec } from '#core/phantom/phantom.ts';
import { JobId } from '#core/study/ids.ts';
import { transcoded } from './drive/transcode.ts';
import { hasShared, needsShared, shared } from './shared.ts';
import { openStation } from './station.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-anatomy-'));
const packs = await openPackStore([ownPackFolder()]);
const engine = createEngine({ start: forkEngine, packs, choice: 'cpu', onChange: () => undefined });
afterAll(() => {
  engine.close();
  rmSync(home, { recursive: true, force: true });
});

const ids = {
  studyUid: '1.2.3',
  seriesUid: '1.2.3.1',
  instanceUid: '1.2.3.1.1',
  patient: 'META',
  now: '20260101120000',
};
const spec: PhantomSpec = { ...PLAIN, rows: 480, columns: 440, seed: 3 };
const guise = (form: Partial<FilmForm>, change: Partial<PhantomSpec> = {}) =>
  phantomFile({ ...spec, ...change }, { ...USUAL, ...form }, ids);

interface Film {
  header: ImageHeader;
  pixels: Pixels;
}
async function read(file: Uint8Array): Promise<Film> {
  const { file: parsed } = parse(file);
  if (!parsed) throw new Error('the film did not parse');
  return { header: parsed.header, pixels: await decodeFrame(file, 0) };
}
const drawn = async (film: Film): Promise<Anatomy> =>
  (await drawAnatomy(engine, packs.get('chest-anatomy'), film, {})).anatomy;
async function measured(film: Film): Promise<Measurement> {
  const { measurements, note } = await drawn(film);
  const [ratio] = measurements;
  if (!ratio) throw new Error(note);
  return ratio;
}
const ratio = async (file: Uint8Array | Promise<Uint8Array>) => (await measured(await read(await file))).value;

/** Less than half of the mean error that was measured. */
const TOLERANCE = 0.01;

describe('1 the same film', () => {
  const usual = guise({});
  let reference = NaN;
  beforeAll(async () => {
    reference = await ratio(usual);
  });
  test.each<[string, () => Promise<Uint8Array> | Uint8Array]>([
    ['1.1 8 bits', () => guise({ bitsStored: 8 })],
    ['1.2 16 bits, rescaled', () => guise({ bitsStored: 16, rescale: { slope: 2, intercept: -1024 } })],
    ['1.3 MONOCHROME1', () => guise({ photometric: 'MONOCHROME1' })],
    ['1.4 VOI LUT', () => guise({ voi: 'LUT' })],
    ['1.5 JPEG 2000', () => transcoded(usual, '1.2.840.10008.1.2.4.90')],
    ['1.6 pixels half as high as wide', () => guise({ pixel: { height: 1, width: 2, saidBy: 'PixelAspectRatio' } })],
  ])('%s', async (_name, make) => {
    expect(Math.abs((await ratio(make())) - reference)).toBeLessThan(TOLERANCE);
  });

  test.each(ORIENTATIONS.map((orientation) => [orientation]))(
    '1.7 lying as %s: the same ratio, lines across the patient',
    async (orientation) => {
      const film = await read(guise({ orientation }));
      const found = await measured(film);
      expect(Math.abs(found.value - reference)).toBeLessThan(1e-3);
      const { map } = poseOf(film.header).toPose(film.header.columns, film.header.rows);
      for (const { from, to } of found.lines) {
        expect(apply(map, from).y).toBeCloseTo(apply(map, to).y, 6);
        expect(apply(map, from).x).toBeLessThan(apply(map, to).x);
      }
    },
  );

  test('1.8 lungs lie on the sides that their names say, by the one function for sides', async () => {
    for (const orientation of ['L\\F', 'R\\F', 'F\\L'] as const) {
      const film = await read(guise({ orientation }));
      const { masks } = await drawn(film);
      for (const side of ['right', 'left'] as const) {
        const id: MaskId = `${side}-lung`;
        const box = masks.find((mask) => mask.id === id)?.region?.box;
        if (!box) throw new Error(`expected the ${side} lung`);
        expect(patientSideAt(film.header, box.x + box.width / 2, box.y + box.height / 2).side).toBe(side);
      }
    }
  });

  test('1.9 a larger heart has a larger ratio, so the tolerance says something', async () => {
    expect((await ratio(guise({}, { enlargedHeart: true }))) - reference).toBeGreaterThan(5 * TOLERANCE);
  });
});

describe('2 what stands beside it', () => {
  test('2.1 the measured error of pack.json; AP and a synthetic film are said; research use is said', async () => {
    const { ratio: said, use } = packs.get('chest-anatomy').pack;
    expect(use).toBe('research');
    const pa = await measured(await read(guise({})));
    expect(pa.error).toEqual({ mean: said?.meanError, p95: said?.p95Error, films: said?.films });
    const words = (found: Measurement) => found.caveats.join(' ');
    expect(words(pa)).toMatch(/Not a film of a person.*research use only/);
    expect(words(pa)).not.toContain('AP film');
    expect(words(await measured(await read(guise({ view: 'AP' }))))).toContain('AP film: the heart looks larger');
  });

  test('2.2 lengths in pixels without spacing, at the detector with it', async () => {
    const unit = async (spacing: FilmForm['spacing']) =>
      (await measured(await read(guise({ spacing })))).lines.map((line) => line.unit);
    expect(await unit('absent')).toEqual(['px', 'px']);
    expect(await unit('zero')).toEqual(['px', 'px']);
    expect(await unit('present')).toEqual(['mm at detector', 'mm at detector']);
  });

  test('2.3 a film without a chest has no ratio, and the draft can say why', async () => {
    const { header } = await read(guise({}));
    const pixels = pixelsOf(440, 480, 'u16', (x, y) => 1000 + ((x + y) % 7));
    const { measurements, note } = await drawn({ header, pixels });
    expect(measurements).toEqual([]);
    expect(note).toMatch(/^The cardiothoracic ratio was not measured: /);
  });
});

describe('3 on the command line', () => {
  test('3.1 measurements with lines; the draft says ratio and error; no side and no zone anywhere', async () => {
    const file = path.join(home, 'film.dcm');
    writeFileSync(file, guise({ view: 'AP' }));
    const { result } = await analyze(file, {
      packFolders: [ownPackFolder()],
      choice: 'cpu',
      startEngine: forkEngine,
      picture: { view: null, ageYears: null },
    });
    const [found] = result.measurements;
    expect(found).toMatchObject({ name: 'cardiothoracic-ratio', unit: 'ratio' });
    expect(found?.lines.map(({ name }) => name)).toEqual([
      'Cardiomediastinum below the hila',
      'Widest inner width of the chest',
    ]);
    expect(result.anatomy?.pack).toMatchObject({ id: 'chest-anatomy', use: 'research' });
    const said = result.draft?.sentences.filter(({ evidence }) => evidence.some(({ kind }) => kind === 'measurement'));
    expect(said?.[0]?.text).toContain(`Cardiothoracic ratio ${found?.value.toFixed(2) ?? ''}, `);
    expect(said?.map(({ text }) => text)).toEqual([said?.[0]?.text, ...(found?.caveats ?? [])]);
    expect(result.draft?.text).toContain('AP film: the heart looks larger');
    expect(result.draft?.text).not.toMatch(/\b(left|right|upper|lower|zone|perihilar|basal)\b/i);
  });
});

describe('4 in the program', () => {
  test('4.1 a stored draft opens again with the same outlines and lines, and no model runs', async () => {
    const first = await openStation(home);
    const { study } = await first.api['import.demo']({});
    if (!study) throw new Error('no study');
    const made = await first.api['draft.make']({ job: JobId.parse('one'), study });
    await first.close();
    expect(made.analysis?.anatomy?.measurements).toHaveLength(1);
    expect(made.analysis?.anatomy?.masks.find(({ id }) => id === 'cardiomediastinum')?.region).not.toBeNull();

    const second = await openStation(home, {
      startEngine() {
        throw new Error('no engine may start');
      },
    });
    const opened = await second.api['draft.open']({ study });
    await second.close();
    expect(opened?.analysis?.anatomy).toEqual(made.analysis?.anatomy);
    expect(opened?.sentences.map(({ text }) => text)).toEqual(made.sentences.map(({ text }) => text));
  });
});

describe.skipIf(!hasShared)(needsShared('5 a real film'), () => {
  test('5.1 stored in every orientation it has one ratio', async () => {
    const film = await read(new Uint8Array(readFileSync(shared('dicom/pydicom-data/RG1_J2KI.dcm'))));
    const reference = (await measured(film)).value;
    expect(reference).toBeGreaterThan(0.35);
    expect(reference).toBeLessThan(0.65);
    const { columns, data, kind } = film.pixels;
    const at = (x: number, y: number) => data[y * columns + x] ?? 0;
    for (const orientation of [frontalPoses[2], frontalPoses[5]]) {
      if (!orientation) continue;
      const stored = storedAs(orientation, columns, film.pixels.rows, at);
      const pixels = pixelsOf(stored.columns, stored.rows, kind, stored.value);
      const header = {
        ...film.header,
        columns: stored.columns,
        rows: stored.rows,
        patientOrientation: [orientation[0], orientation[1]] satisfies [string, string],
      };
      expect(Math.abs((await measured({ header, pixels })).value - reference)).toBeLessThan(1e-3);
    }
  });
});
