import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { phantomFile, USUAL, type FilmForm } from '#backend/dicom/phantomFile.ts';
import { readCsv, writeCsv } from '#core/csv.ts';
import { PLAIN } from '#core/phantom/phantom.ts';
import { Pack } from '#core/pack/pack.ts';
import { hasShared, needsShared, shared } from '../../tests/shared.ts';
import { evaluateCommand } from './evaluate.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-evaluate-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

const Printed = z.object({
  first: z.array(z.string()),
  about: z.object({
    provider: z.string(),
    runtime: z.string(),
    remarks: z.array(z.string()),
    packs: z.array(z.object({ id: z.string(), version: z.string() })),
  }),
  counts: z.object({ lines: z.int(), unread: z.int(), refused: z.int(), accepted: z.int(), patients: z.int() }),
  gate: z.object({ reasons: z.array(z.object({ by: z.string(), reason: z.string(), films: z.int() })) }),
  findings: z.array(z.object({ id: z.string(), listed: z.boolean(), films: z.int(), positives: z.int() })),
  places: z.array(z.object({ id: z.string(), films: z.int() })),
  anatomy: z.object({
    masks: z.array(z.object({ id: z.string(), films: z.int(), dice: z.object({ value: z.number() }) })),
    ratio: z.object({ films: z.int(), worst: z.number() }).nullable(),
    lungs: z.array(z.object({ source: z.string(), films: z.int(), boxed: z.int() })),
  }),
});

/** Runs in this process; answers with what was printed and what was said on standard error. */
async function evaluated(folder: string, values: Record<string, unknown> = {}) {
  const said: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const text = await evaluateCommand([folder], { json: true, engine: 'cpu', data: path.join(home, 'none'), ...values });
  return { printed: Printed.parse(JSON.parse(text)), said: said.join('') };
}
const table = (out: string) => readCsv(readFileSync(path.join(out, 'films.csv'), 'utf8')).rows;

const COLUMNS = ['file', 'source', 'patient', 'sex', 'age', 'view', 'finding_labels', 'split'];
const folder = path.join(home, 'phantoms');
function film(n: number, form: Partial<FilmForm> = {}): Record<string, string> {
  const file = `film-${n}.dcm`;
  const uid = `1.2.${n}`;
  const ids = {
    studyUid: uid,
    seriesUid: `${uid}.1`,
    instanceUid: `${uid}.1.1`,
    patient: 'SECRET-ID',
    now: '20260101120000',
  };
  writeFileSync(
    path.join(folder, file),
    phantomFile({ ...PLAIN, rows: 260, columns: 240, seed: n }, { ...USUAL, ...form }, ids),
  );
  const finding_labels = n % 2 === 0 ? 'Effusion' : 'No Finding';
  return {
    file,
    source: 'phantoms',
    patient: `p${n}`,
    sex: 'F',
    age: '50',
    view: 'PA',
    finding_labels,
    split: n < 3 ? 'some' : 'rest',
  };
}
const rows: Record<string, string>[] = [];
beforeAll(() => {
  mkdirSync(folder);
  rows.push(...[1, 2, 3, 4].map((n) => film(n)), film(5, { view: 'LL' }), film(6, { patientAge: '009Y' }));
  writeFileSync(path.join(folder, 'garbage.dcm'), 'no film at all');
  rows.push({ ...film(7), file: 'garbage.dcm' }, { ...film(8), file: 'nowhere.dcm' });
  writeFileSync(path.join(folder, 'images.csv'), writeCsv(COLUMNS, rows));
});

describe('1 a folder of drawn films', () => {
  const out = path.join(home, 'out');
  let straight: Awaited<ReturnType<typeof evaluated>>;
  beforeAll(async () => {
    straight = await evaluated(folder, { out });
    vi.restoreAllMocks();
  }, 60_000);

  test('1.1 every film is counted once: accepted, refused by name, or not read', () => {
    const { counts, gate, findings, about } = straight.printed;
    expect(counts).toEqual({ lines: 8, unread: 2, refused: 2, accepted: 4, patients: 4 });
    expect(gate.reasons.map(({ by, reason, films }) => [by, reason, films]).sort()).toEqual([
      ['header', 'age', 1],
      ['header', 'view', 1],
    ]);
    expect(findings.find(({ id }) => id === 'effusion')).toMatchObject({ films: 4, positives: 2 });
    expect(about.provider).toBe('cpu');
  });

  test('1.2 a film that is not there and one that is none have their reason, and the run goes on', () => {
    const by = new Map(table(out).map((row) => [row['file'], row]));
    expect(by.get('nowhere.dcm')?.['unread']).toBe('There is no such file.');
    expect(by.get('garbage.dcm')?.['unread']).toMatch(/^Expected .*found/);
    expect(straight.printed.about.remarks).toEqual(
      expect.arrayContaining(['1 films of images.csv have no file.', '1 files could not be read; films.csv says why.']),
    );
  });

  test('1.3 the page names no patient, and brings everything along', () => {
    const page = readFileSync(path.join(out, 'report.html'), 'utf8');
    expect(page).toContain('For research and evaluation. Not for clinical use.');
    expect(page).not.toMatch(/SECRET-ID|SYNTHETIC\^PHANTOM|<script|https?:/);
    expect(JSON.stringify(straight.printed)).not.toMatch(/SECRET-ID|SYNTHETIC/);
  });

  test.skipIf(process.platform === 'win32')('1.4 what is written is for its owner alone', () => {
    expect((statSync(out).mode & 0o777).toString(8)).toBe('700');
    for (const name of readdirSync(out)) expect((statSync(path.join(out, name)).mode & 0o777).toString(8)).toBe('600');
    expect(
      readdirSync(out)
        .map((name) => path.extname(name))
        .sort(),
    ).toEqual(['.csv', '.html', '.json', '.jsonl']);
  });

  test('1.5 killed in the middle, with half a line written, it goes on and ends with the same table', async () => {
    const again = path.join(home, 'killed');
    const child = spawn(
      process.execPath,
      [
        path.resolve(import.meta.dirname, 'main.ts'),
        'evaluate',
        folder,
        '--out',
        again,
        '--engine',
        'cpu',
        '--data',
        path.join(home, 'none'),
      ],
      { stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    const kept = () => (existsSync(again) ? readdirSync(again).find((name) => name.endsWith('.jsonl')) : undefined);
    const lines = () => readFileSync(path.join(again, kept() ?? ''), 'utf8').split('\n');
    while (child.exitCode === null && (kept() === undefined || lines().length < 4))
      await new Promise((next) => setTimeout(next, 20));
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    const file = path.join(again, kept() ?? '');
    const whole = readFileSync(file, 'utf8');
    const done = whole.trimEnd().split('\n').length - 1;
    writeFileSync(file, whole.trimEnd().slice(0, -40));
    const { printed, said } = await evaluated(folder, { out: again });
    expect(said).toContain(`Goes on: ${done - 1} films were measured before.`);
    expect(printed.counts).toEqual(straight.printed.counts);
    const timeless = (rows: Record<string, string>[]) => rows.map((row) => ({ ...row, milliseconds: '' }));
    expect(timeless(table(again))).toEqual(timeless(table(out)));
  }, 60_000);

  test('1.6 started once more, nothing is measured again, and the page says the same', async () => {
    const { printed, said } = await evaluated(folder, { out });
    expect(said).toContain('Goes on: 7 films were measured before.');
    expect(printed.about.runtime).toMatch(/^onnxruntime-node /);
    expect({ ...printed, about: null }).toEqual({ ...straight.printed, about: null });
  }, 60_000);

  test('1.7 a pack that changed starts anew, says which, and leaves the films measured before', async () => {
    const packs = path.join(home, 'packs');
    cpSync(path.resolve(import.meta.dirname, '../../models/chest-findings'), path.join(packs, 'chest-findings'), {
      recursive: true,
    });
    const description = path.join(packs, 'chest-findings/pack.json');
    const pack = Pack.parse(JSON.parse(readFileSync(description, 'utf8')));
    writeFileSync(description, JSON.stringify({ ...pack, version: '9.0.0' }));
    const before = readdirSync(out).filter((name) => name.endsWith('.jsonl'));
    const { said, printed } = await evaluated(folder, { out, pack: packs, split: 'some' });
    expect(said).toMatch(
      new RegExp(`Starts anew: chest-findings ${pack.version} → 9\\.0\\.0\\. .* kept in ${before[0] ?? ''}`),
    );
    expect(printed.counts.lines).toBe(2);
    expect(printed.about.packs.find(({ id }) => id === 'chest-findings')?.version).toBe('9.0.0');
    expect(readdirSync(out).filter((name) => name.endsWith('.jsonl'))).toHaveLength(2);
  }, 60_000);
});

describe('2 what is wrong with a folder is said before anything is run', () => {
  let count = 0;
  function folderWith(files: Record<string, string>): string {
    const at = path.join(home, `wrong-${++count}`);
    mkdirSync(at);
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(at, name), text);
    return at;
  }
  const images = 'file,view,finding_labels\na.png,PA,No Finding\n';
  test.each<[string, Record<string, string>, Record<string, unknown>, RegExp]>([
    ['no images.csv', {}, {}, /Expected a folder with images\.csv, found none/],
    [
      'a missing column',
      { 'images.csv': 'file,finding_labels\na.png,x\n' },
      {},
      /found no view \(it has file, finding_labels\)/,
    ],
    [
      'an unknown reason',
      { 'images.csv': 'file,view,finding_labels,expected\na.png,PA,x,upside\n' },
      {},
      /Expected accepted or a reason \(.*lateral.*found "upside"/,
    ],
    ['no split', { 'images.csv': images }, { split: 'test' }, /Expected a column split/],
    [
      'an unknown split',
      { 'images.csv': 'file,view,finding_labels,split\na,PA,x,train\n' },
      { split: 'test' },
      /with split test, found none/,
    ],
    [
      'a short row',
      { 'images.csv': 'file,view,finding_labels\na.png,PA\n' },
      {},
      /images\.csv cannot be read: expected 3 values/,
    ],
    ['a file elsewhere', { 'images.csv': 'file,view,finding_labels\n../a.png,PA,x\n' }, {}, /lie in the folder/],
    [
      'a box without numbers',
      { 'images.csv': images, 'boxes.csv': 'file,label,x,y,w,h\na.png,Mass,1,b,2,3\n' },
      {},
      /Expected numbers as x, y, w and h/,
    ],
    ['masks without classes', { 'images.csv': images, 'masks.csv': 'file,mask\na.png,m.png\n' }, {}, /found no class/],
  ])('2.1 %s', async (_, files, values, message) => {
    await expect(evaluated(folderWith(files), values)).rejects.toThrow(message);
  });

  test('2.2 a folder that is not there, and two of them', async () => {
    await expect(evaluateCommand([path.join(home, 'nowhere')], { json: false })).rejects.toThrow(
      /Expected a folder, found nothing/,
    );
    await expect(evaluateCommand(['a', 'b'], { json: false })).rejects.toThrow(/Expected one folder, found 2/);
  });

  test('2.3 columns that are not there are named on the page', async () => {
    const at = folderWith({ 'images.csv': images });
    const { printed } = await evaluated(at);
    for (const column of ['patient', 'source', 'sex', 'age'])
      expect(printed.about.remarks.join('\n')).toContain(`no column ${column}`);
    expect(printed.counts).toMatchObject({ lines: 1, unread: 1 });
  });
});

describe.skipIf(!hasShared)(needsShared('3 a folder of real films'), () => {
  test('3.1 masks, boxes, children and laterals of train and val', async () => {
    const at = path.join(home, 'real');
    const of = (name: string) => readCsv(readFileSync(shared('data', name), 'utf8'));
    const [images, boxes, masks] = [of('images.csv'), of('boxes.csv'), of('masks.csv')];
    const develop = images.rows.filter(({ split }) => split !== 'test');
    const having = (some: typeof boxes, label: string, column: string) =>
      new Set(some.rows.filter((row) => row[column] === label).map(({ file }) => file));
    const masked = having(masks, 'Cardiomediastinum', 'class');
    const boxed = having(boxes, 'Lung Opacity (RSNA)', 'label');
    const some = [
      ...develop.filter(({ file, view }) => masked.has(file) && view === 'PA').slice(0, 2),
      ...develop.filter(({ file }) => boxed.has(file)).slice(0, 2),
      ...develop.filter(({ view }) => view === 'L').slice(0, 1),
      ...develop.filter(({ age }) => age === 'paediatric').slice(0, 1),
    ];
    const files = new Set(some.map(({ file }) => file));
    for (const place of ['images', 'masks']) mkdirSync(path.join(at, place), { recursive: true });
    const bring = (name = '') => cpSync(shared('data', name), path.join(at, name));
    for (const file of files) bring(file);
    const theirMasks = masks.rows.filter(({ file }) => files.has(file));
    for (const { mask } of theirMasks) bring(mask);
    writeFileSync(path.join(at, 'images.csv'), writeCsv(images.columns, some));
    writeFileSync(
      path.join(at, 'boxes.csv'),
      writeCsv(
        boxes.columns,
        boxes.rows.filter(({ file }) => files.has(file)),
      ),
    );
    writeFileSync(path.join(at, 'masks.csv'), writeCsv(masks.columns, theirMasks));

    const out = path.join(home, 'real-out');
    const { printed } = await evaluated(at, { out });
    expect(printed.counts).toMatchObject({ lines: 6, accepted: 4, refused: 2, unread: 0 });
    expect(printed.gate.reasons.map(({ reason }) => reason).sort()).toEqual(['age', 'view']);
    expect(printed.places.find(({ id }) => id === 'lung-opacity')?.films).toBe(2);
    for (const id of ['right-lung', 'left-lung', 'cardiomediastinum'])
      expect(printed.anatomy.masks.find((mask) => mask.id === id)?.dice.value).toBeGreaterThan(0.8);
    expect(printed.anatomy.ratio?.films).toBe(2);
    expect(printed.anatomy.ratio?.worst).toBeLessThan(0.2);
    expect(readFileSync(path.join(out, 'report.html'), 'utf8')).toMatch(/<img src="data:image\/png;base64,/);
  }, 60_000);
});
