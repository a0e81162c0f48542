import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apply } from '#core/imaging/affine.ts';
import { poseOf } from '#core/imaging/pose.ts';
import { presentationValues } from '#core/imaging/presentationValues.ts';
import { patientSideAt } from '#core/imaging/sides.ts';
import { phantom, PLAIN, type PhantomSpec } from '#core/phantom/phantom.ts';
import { decodeFrame } from './decode.ts';
import { parse } from './parse.ts';
import { demoFilm, filmFile, phantomFile, USUAL, type FilmForm, type FilmIds } from './phantomFile.ts';
import { ORIENTATIONS, storedFrame, truthInFile } from './phantomPlace.ts';

const ids: FilmIds = {
  studyUid: '2.25.11',
  seriesUid: '2.25.12',
  instanceUid: '2.25.13',
  patient: 'T1',
  now: '20260102030405',
};
const spec: PhantomSpec = { ...PLAIN, rows: 128, columns: 120, noise: 0 };
const nodule = { x: -80, y: -30, radius: 20 };
const plain = phantom(spec);
const nodular = phantom({ ...spec, nodule });
const file = (form: Partial<FilmForm> = {}, film = plain): Uint8Array => filmFile(film, { ...USUAL, ...form }, ids);

async function shown(bytes: Uint8Array) {
  const parsed = parse(bytes).file;
  if (!parsed) throw new Error('expected DICOM');
  return { header: parsed.header, values: presentationValues(parsed.header, await decodeFrame(bytes, 0)) };
}

/** Where the file with the nodule is brighter than the one without: the middle of the difference. */
async function middleOfNodule(form: Partial<FilmForm>) {
  const [without, withIt] = await Promise.all([shown(file(form)), shown(file(form, nodular))]);
  let [weight, x, y] = [0, 0, 0];
  withIt.values.forEach((value, index) => {
    const more = value - (without.values[index] ?? 0);
    if (more < 0.05) return;
    weight += more;
    x += more * ((index % withIt.header.columns) + 0.5);
    y += more * (Math.floor(index / withIt.header.columns) + 0.5);
  });
  return { header: withIt.header, x: x / weight, y: y / weight };
}

function middleOf(form: Partial<FilmForm>) {
  const full = { ...USUAL, ...form };
  const outline = truthInFile(nodular.truth, storedFrame(spec, full)).nodule ?? [];
  const mean = (pick: 'x' | 'y') => outline.reduce((sum, point) => sum + point[pick], 0) / outline.length;
  return { x: mean('x'), y: mean('y') };
}

describe('1 geometry', () => {
  test.each(ORIENTATIONS)(
    '1.1 %s: the nodule lies where the truth says, on the patient’s right',
    async (orientation) => {
      const found = await middleOfNodule({ orientation });
      const truth = middleOf({ orientation });
      expect(Math.hypot(found.x - truth.x, found.y - truth.y)).toBeLessThan(0.5);
      expect(found.header.patientOrientation).toEqual(orientation.split('\\'));
      expect(patientSideAt(found.header, found.x, found.y)).toEqual({ side: 'right', assumed: false });
      // The product's own pose leads back to the phantom.
      const back = apply(poseOf(found.header).toPose(found.header.columns, found.header.rows).map, found);
      const standard = middleOf({});
      expect(Math.hypot(back.x - standard.x, back.y - standard.y)).toBeLessThan(0.5);
    },
  );

  test('1.2 an empty Patient Orientation leaves the standard pose and says nothing', async () => {
    const found = await middleOfNodule({ orientation: null });
    expect(found.header.patientOrientation).toBeNull();
    expect(patientSideAt(found.header, found.x, found.y)).toEqual({ side: 'right', assumed: true });
  });

  test.each([
    ['L\\F', 'PixelAspectRatio'],
    ['L\\F', 'ImagerPixelSpacing'],
    ['H\\R', 'PixelAspectRatio'],
    ['H\\R', 'ImagerPixelSpacing'],
  ] as const)('1.3 non-square pixels, %s by %s: the same place in the body', async (orientation, saidBy) => {
    const form = { orientation, pixel: { height: 5, width: 4, saidBy } } as const;
    const found = await middleOfNodule(form);
    const truth = middleOf(form);
    expect(Math.hypot(found.x - truth.x, found.y - truth.y)).toBeLessThan(0.5);
    const { pixelAspectRatio, imagerPixelSpacing, rows, columns } = found.header;
    const [height, width] = (saidBy === 'PixelAspectRatio' ? pixelAspectRatio : imagerPixelSpacing) ?? [0, 0];
    expect(height / width).toBeCloseTo(5 / 4, 6);
    // Rows × their height over columns × their width is the film's shape, standing or lying.
    const shape = (rows * 5) / (columns * 4);
    expect(shape).toBeCloseTo(orientation === 'L\\F' ? 128 / 120 : 120 / 128, 1);
    if (saidBy === 'ImagerPixelSpacing')
      expect(Math.min(rows * height, columns * width)).toBeCloseTo((430 * 120) / 128, -1);
  });

  test('1.4 spacing is true, zero or not there', async () => {
    const spacing = async (form: Partial<FilmForm>) => (await shown(file(form))).header.imagerPixelSpacing;
    const true_ = await spacing({});
    expect(true_?.[0]).toBeCloseTo(430 / 128, 6);
    expect(await spacing({ spacing: 'zero' })).not.toEqual(true_);
    expect(await spacing({ spacing: 'absent' })).toBeNull();
  });
});

test('1.5 a file made from a description is that of its film', () => {
  expect(Buffer.compare(phantomFile(spec, USUAL, ids), file())).toBe(0);
});

describe('2 every encoding shows the same film', () => {
  const truth = plain.values;
  const largest = (values: Float32Array): number =>
    values.reduce((most, value, index) => Math.max(most, Math.abs(value - (truth[index] ?? 0))), 0);

  const forms = (['MONOCHROME1', 'MONOCHROME2'] as const).flatMap((photometric) =>
    ([8, 10, 12, 14, 16] as const).flatMap((bitsStored) =>
      (['LINEAR', 'LINEAR_EXACT', 'SIGMOID', 'LUT'] as const).map((voi) => ({ photometric, bitsStored, voi })),
    ),
  );
  test.each(forms)('2.1 $photometric, $bitsStored bits, $voi', async (form) => {
    const { header, values } = await shown(file(form));
    expect(header).toMatchObject({ photometric: form.photometric, bitsStored: form.bitsStored });
    // A step of the stored values, wherever the curve is steepest; the square root is that at 0.
    const step = 2 / 2 ** form.bitsStored;
    const allowed = form.voi === 'LUT' ? Math.sqrt(step) : form.voi === 'SIGMOID' ? 0.0021 + 3 * step : step;
    expect(largest(values)).toBeLessThan(allowed);
  });

  test('2.2 rescaled values', async () => {
    const { header, values } = await shown(file({ rescale: { slope: 0.5, intercept: -1000 } }));
    expect([header.rescaleSlope, header.rescaleIntercept]).toEqual([0.5, -1000]);
    expect(largest(values)).toBeLessThan(0.001);
    expect(() => file({ voi: 'LUT', rescale: { slope: 0.5, intercept: 0 } })).toThrow('VOI LUT over unscaled values');
  });

  test('2.3 a margin of padding is black and changes nothing else', async () => {
    for (const photometric of ['MONOCHROME1', 'MONOCHROME2'] as const) {
      const { header, values } = await shown(file({ padding: true, photometric }));
      expect(header.pixelPadding?.value).toBe(photometric === 'MONOCHROME1' ? 4095 : 0);
      expect(values[0]).toBe(0);
      const middle = 64 * 120 + 60;
      expect(Math.abs((values[middle] ?? 0) - (truth[middle] ?? 0))).toBeLessThan(0.001);
    }
  });

  test('2.4 FOR PROCESSING has no window and says what it is', async () => {
    const { header } = await shown(file({ intent: 'FOR PROCESSING' }));
    expect(header).toMatchObject({ presentationIntent: 'FOR PROCESSING', windows: [], voiLuts: [] });
  });
});

describe('3 what else a header may hold', () => {
  test('3.1 SYNTHETIC stands in the header and the product sees it', async () => {
    const parsed = parse(file()).file;
    expect(parsed?.header.synthetic).toBe(true);
    expect(parsed?.patient).toMatchObject({ id: 'SYNTHETIC-T1', name: { alphabetic: 'SYNTHETIC^PHANTOM' } });
  });

  test.each(['RECTANGULAR', 'CIRCULAR', 'POLYGONAL'] as const)('3.2 a %s shutter', async (shutter) => {
    expect((await shown(file({ shutter }))).header.shutters.map(({ shape }) => shape)).toEqual([shutter]);
  });

  test('3.3 an overlay plane: a frame, one bit a pixel', async () => {
    const overlay = (await shown(file({ overlay: true }))).header.overlays[0];
    expect(overlay).toMatchObject({ group: 0x6000, rows: 128, columns: 120, originRow: 1, originColumn: 1, type: 'G' });
    const bit = (row: number, column: number) =>
      ((overlay?.bits[(row * 120 + column) >> 3] ?? 0) >> ((row * 120 + column) & 7)) & 1;
    expect([bit(6, 6), bit(6, 60), bit(121, 113), bit(64, 60)]).toEqual([1, 1, 1, 0]);
  });

  test('3.4 view, age and burned-in annotation', async () => {
    const { header } = await shown(file({ view: 'LL', patientAge: '012Y', burnedIn: 'YES' }));
    expect(header).toMatchObject({
      viewPosition: 'LL',
      patientAgeYears: 12,
      burnedIn: 'YES',
      patientOrientation: ['P', 'F'],
    });
    expect((await shown(file({ view: 'AP', patientAge: '' }))).header).toMatchObject({
      viewPosition: 'AP',
      patientAgeYears: null,
    });
  });
});

const has = (tool: string): boolean => !spawnSync(tool, ['--version']).error;

describe('4 other readers', () => {
  let folder = '';
  let demo = '';
  let bytes: Uint8Array = new Uint8Array();
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'raddraft-phantom-'));
    demo = path.join(folder, 'demo.dcm');
    bytes = demoFilm();
    writeFileSync(demo, bytes);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('4.1 the demo film is the same on every call', () => {
    expect(Buffer.compare(demoFilm(), bytes)).toBe(0);
  });

  test.skipIf(!has('dcmdump'))('4.2 dcmtk reads the demo film without a word', () => {
    const { status, stdout, stderr } = spawnSync('dcmdump', ['+P', '0010,0010', demo], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('SYNTHETIC^PHANTOM');
  });

  test.skipIf(!has('dciodvfy'))('4.3 dciodvfy finds no error in the demo film', () => {
    const { stderr } = spawnSync('dciodvfy', [demo], { encoding: 'utf8' });
    expect(stderr).toContain('DXImageForPresentation');
    expect(stderr.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
  });

  const python = (code: string) => spawnSync('/usr/bin/python3', ['-c', code, demo], { encoding: 'utf8' });
  test.skipIf(python('import pydicom, numpy').status !== 0)('4.4 pydicom reads the same pixels', async () => {
    const { stdout } = python(
      'import sys, pydicom\nf = pydicom.dcmread(sys.argv[1])\np = f.pixel_array\nprint(p.shape, p.min(), p.max(), int(p.astype("u8").sum()))',
    );
    const { data, min, max } = await decodeFrame(bytes, 0);
    let sum = 0;
    for (const value of data) sum += value;
    expect(stdout.trim()).toBe(`(2048, 2048) ${min} ${max} ${sum}`);
  });
});
