/** One film in many guises must get one answer: probabilities of the real pack within 0.01 of each other. */
import { readFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, test } from 'vitest';
import { ownPackFolder } from '#backend/backend.ts';
import { captureFile } from '#backend/dicom/capture.ts';
import { decodeFrame } from '#backend/dicom/decode.ts';
import { parse } from '#backend/dicom/parse.ts';
import { ORIENTATIONS } from '#backend/dicom/phantomPlace.ts';
import { phantomFile, USUAL, type FilmForm } from '#backend/dicom/phantomFile.ts';
import { createEngine } from '#backend/engine/engine.ts';
import { forkEngine } from '#backend/engine/start.ts';
import { openPackStore } from '#backend/files/packs.ts';
import { displayLut } from '#core/imaging/displayLut.ts';
import { defaultVoi } from '#core/imaging/voi.ts';
import { PLAIN } from '#core/phantom/phantom.ts';
import { transcoded } from './drive/transcode.ts';
import { hasShared, needsShared, shared } from './shared.ts';

const packs = await openPackStore([ownPackFolder()]);
const engine = createEngine({ start: forkEngine, packs, choice: 'cpu', onChange: () => undefined });
afterAll(() => engine.close());

const ids = {
  studyUid: '1.2.3',
  seriesUid: '1.2.3.1',
  instanceUid: '1.2.3.1.1',
  patient: 'META',
  now: '20260101120000',
};
const spec = { ...PLAIN, rows: 640, columns: 580, seed: 3, effusion: { side: 'left' }, enlargedHeart: true } as const;
const guise = (change: Partial<FilmForm>) => phantomFile(spec, { ...USUAL, ...change }, ids);

async function read(file: Uint8Array) {
  const { file: parsed } = parse(file);
  if (!parsed) throw new Error('the film did not parse');
  return { header: parsed.header, pixels: await decodeFrame(file, 0) };
}

/** Calibrated probabilities of all labels, listed or not. */
async function probabilities(file: Uint8Array): Promise<number[]> {
  const { labels } = packs.get('chest-findings').pack;
  const { logits } = await engine.analyse({ pack: 'chest-findings', ...(await read(file)) });
  return labels.map(
    ({ calibration }, i) => 1 / (1 + Math.exp(-(calibration.slope * (logits[i] ?? 0) + calibration.intercept))),
  );
}

const largestDifference = (a: number[], b: number[]): number =>
  Math.max(...a.map((p, i) => Math.abs(p - (b[i] ?? NaN))));

/** What a screen shows of the film, as a PNG that a person opened and confirmed. */
async function asPicture(file: Uint8Array): Promise<Uint8Array> {
  const { header, pixels } = await read(file);
  const lut = displayLut(header, defaultVoi(header, pixels), pixels, false);
  const { rows, columns } = pixels;
  const png = new PNG({ width: columns, height: rows });
  const grey = Uint8Array.from(pixels.data, (stored) => lut.table[stored - lut.first] ?? 0);
  grey.forEach((value, i) => png.data.set([value, value, value, 255], 4 * i));
  const picture = PNG.sync.read(PNG.sync.write(png));
  const data = Uint8Array.from(grey, (_, i) => picture.data[4 * i] ?? 0);
  return captureFile(
    { rows, columns, samplesPerPixel: 1, bits: 8, data },
    {
      facts: { patientName: '', patientId: 'META', patientSex: '', patientAgeYears: 45, shows: 'chest-pa' },
      now: '20260101120000',
      studyUid: '1.2.4',
      seriesUid: '1.2.4.1',
      instanceUid: '1.2.4.1.1',
    },
  );
}

const TOLERANCE = 0.01;

describe('1 the same film, other stored values', () => {
  const usual = guise({});
  const reference = probabilities(usual);
  test.each<[string, () => Promise<Uint8Array> | Uint8Array]>([
    ['1.1 8 bits', () => guise({ bitsStored: 8 })],
    ['1.2 16 bits', () => guise({ bitsStored: 16 })],
    ['1.3 MONOCHROME1', () => guise({ photometric: 'MONOCHROME1' })],
    ['1.4 rescaled', () => guise({ rescale: { slope: 2, intercept: -1024 } })],
    ['1.5 LINEAR_EXACT', () => guise({ voi: 'LINEAR_EXACT' })],
    ['1.6 SIGMOID', () => guise({ voi: 'SIGMOID' })],
    ['1.7 VOI LUT', () => guise({ voi: 'LUT' })],
    ['1.8 no VOI', () => guise({ voi: 'none' })],
    ['1.9 JPEG 2000', () => transcoded(usual, '1.2.840.10008.1.2.4.90')],
    ['1.10 JPEG-LS', () => transcoded(usual, '1.2.840.10008.1.2.4.80')],
    ['1.11 PNG', () => asPicture(usual)],
  ])('%s', async (_name, make) => {
    expect(largestDifference(await probabilities(await make()), await reference)).toBeLessThan(TOLERANCE);
  });

  test('1.12 a film whose header lies about black and white differs by more, so the tolerance says something', async () => {
    const file = Buffer.from(guise({ photometric: 'MONOCHROME1' }));
    file.write('MONOCHROME2', file.indexOf('MONOCHROME1'), 'latin1');
    file.write('IDENTITY', file.indexOf('INVERSE '), 'latin1');
    expect(largestDifference(await probabilities(new Uint8Array(file)), await reference)).toBeGreaterThan(
      2 * TOLERANCE,
    );
  });
});

describe('2 the same film, lying otherwise', () => {
  const reference = probabilities(guise({}));
  test.each(ORIENTATIONS.map((orientation) => [orientation]))('2.1 %s', async (orientation) => {
    expect(largestDifference(await probabilities(guise({ orientation })), await reference)).toBeLessThan(1e-3);
  });
  test('2.2 pixels half as high as wide', async () => {
    const pixel = { height: 1, width: 2, saidBy: 'PixelAspectRatio' } as const;
    expect(largestDifference(await probabilities(guise({ pixel })), await reference)).toBeLessThan(TOLERANCE);
  });
});

describe.skipIf(!hasShared)(needsShared('3 a real film'), () => {
  test('3.1 as DICOM (MONOCHROME1, lossy JPEG 2000, 16 bits) and as a picture of the screen', async () => {
    const file = new Uint8Array(readFileSync(shared('dicom/pydicom-data/RG1_J2KI.dcm')));
    expect(largestDifference(await probabilities(await asPicture(file)), await probabilities(file))).toBeLessThan(
      TOLERANCE,
    );
  });
});
