/** The command line, started as a person starts it: no build, no display. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { writePhantom } from './phantoms.ts';

const root = path.resolve(import.meta.dirname, '../..');
const home = mkdtempSync(path.join(tmpdir(), 'raddraft-cli-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function raddraft(...args: string[]) {
  const { DISPLAY: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'src/cli/main.ts'), ...args], {
    encoding: 'utf8',
    cwd: home,
    env: { ...env, RADDRAFT_KEY: path.join(home, 'key'), RADDRAFT_DATA: path.join(home, 'data') },
  });
  return { status, stdout, stderr };
}

const Result = z.object({
  film: z.object({ file: z.string(), modality: z.string(), rows: z.int(), columns: z.int(), synthetic: z.boolean() }),
  gate: z.object({ accepted: z.boolean(), reason: z.string().nullable(), message: z.string() }),
  findings: z.array(
    z.object({
      label: z.string(),
      probability: z.number().min(0).max(1),
      threshold: z.number().min(0).max(1),
      positive: z.boolean(),
      region: z.unknown(),
    }),
  ),
  measurements: z.array(z.unknown()),
  draft: z.object({ text: z.string(), sentences: z.array(z.object({ text: z.string() })) }).nullable(),
  pack: z.object({ id: z.string(), version: z.string() }),
  engine: z.object({ provider: z.enum(['cuda', 'dml', 'cpu']) }).nullable(),
  timings: z.record(z.string(), z.number()),
});

/** One line on standard error, nothing on standard output, exit 2, and no trace of the program's inside. */
function expectClearFailure({ status, stdout, stderr }: ReturnType<typeof raddraft>): string {
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^raddraft: .+\n$/);
  expect(stderr).not.toMatch(/\bat .*\.(ts|js|mjs):\d+|node_modules|node:internal/);
  return stderr;
}

describe('1 analyze', () => {
  let film = '';
  beforeAll(() => {
    film = writePhantom(home, 11);
  });

  test('1.1 --json prints one object with everything in it', () => {
    const { status, stdout, stderr } = raddraft('analyze', film, '--json', '--engine', 'cpu');
    expect([status, stderr]).toEqual([0, '']);
    const result = Result.parse(JSON.parse(stdout));
    expect(result.film).toMatchObject({ modality: 'DX', rows: 512, columns: 512, synthetic: true });
    expect(result.gate).toMatchObject({ accepted: true, reason: null });
    expect(result.findings.length).toBeGreaterThan(0);
    for (const { probability, threshold, positive } of result.findings) expect(positive).toBe(probability >= threshold);
    expect(result.engine?.provider).toBe('cpu');
    const text = (result.draft?.text ?? '').replace(/\s+/g, ' ');
    for (const sentence of result.draft?.sentences ?? []) expect(text).toContain(sentence.text);
    expect(Object.values(result.timings).every((ms) => ms >= 0)).toBe(true);
  });

  test('1.2 --out writes the draft, the object and the film with what was found drawn on it', () => {
    const out = path.join(home, 'out');
    const { status, stdout } = raddraft('analyze', film, '--json', '--out', out);
    expect(status).toBe(0);
    expect(readdirSync(out).toSorted()).toEqual(['draft.txt', 'overlay.png', 'result.json']);
    const written = Result.parse(JSON.parse(readFileSync(path.join(out, 'result.json'), 'utf8')));
    expect(written.findings).toEqual(Result.parse(JSON.parse(stdout)).findings);
    const draft = readFileSync(path.join(out, 'draft.txt'), 'utf8');
    expect(draft).toContain(written.draft?.text);
    expect(draft).toContain('For research and evaluation. Not for clinical use.');
    const png = PNG.sync.read(readFileSync(path.join(out, 'overlay.png')));
    expect([png.width, png.height]).toEqual([512, 512]);
    // It is the film: black outside the neck, white in the abdomen.
    const grey = (x: number, y: number) => png.data[4 * (y * 512 + x)] ?? 0;
    expect(grey(120, 60)).toBeLessThan(30);
    expect(grey(256, 480)).toBeGreaterThan(200);
  });

  test('1.3 a refused film is said, with no finding and no draft', () => {
    const side = writePhantom(home, 12, { view: 'LL' });
    const { status, stdout } = raddraft('analyze', side, '--json');
    expect(status).toBe(0);
    const result = Result.parse(JSON.parse(stdout));
    expect(result.gate).toMatchObject({ accepted: false, reason: 'view' });
    expect(result.gate.message).not.toBe('');
    expect([result.findings, result.draft]).toEqual([[], null]);
  });

  test('1.4 without --json it speaks to a person', () => {
    const { status, stdout } = raddraft('analyze', film);
    expect(status).toBe(0);
    expect(stdout).toContain('For research and evaluation. Not for clinical use.');
    expect(stdout).toMatch(/FINDINGS/);
  });

  test('1.5 keeps nothing: no data folder, no key', () => {
    expect(existsSync(path.join(home, 'data'))).toBe(false);
    expect(existsSync(path.join(home, 'key'))).toBe(false);
  });

  test('1.6 the same through npm, as the manual says', () => {
    const { status, stdout } = spawnSync('npm', ['run', '-s', 'raddraft', '--', 'analyze', film, '--json'], {
      encoding: 'utf8',
      cwd: root,
      shell: process.platform === 'win32',
    });
    expect(status).toBe(0);
    expect(Result.parse(JSON.parse(stdout)).film.file).toBe('phantom-11.dcm');
  });
});

describe('2 what goes wrong is one clear line', () => {
  test('2.1 no command, and one that is none', () => {
    expect(expectClearFailure(raddraft())).toContain('Expected a command');
    expect(expectClearFailure(raddraft('draw'))).toContain('"draw"');
  });

  test('2.2 an option that is none, and values that are none', () => {
    expectClearFailure(raddraft('analyze', 'x', '--colour'));
    expectClearFailure(raddraft('analyze', 'x', '--view', 'LL'));
    expectClearFailure(raddraft('analyze', 'x', '--age', 'old'));
    expectClearFailure(raddraft('analyze', 'x', '--engine', 'tpu'));
  });

  test('2.3 no file, or a file that is not there', () => {
    expectClearFailure(raddraft('analyze'));
    expect(expectClearFailure(raddraft('analyze', path.join(home, 'nowhere.dcm')))).toContain('nowhere.dcm');
  });

  test('2.4 files that are no films: empty, text, a DICOM file cut short', () => {
    const whole = readFileSync(writePhantom(home, 13));
    const cases = { 'empty.dcm': Buffer.alloc(0), 'text.dcm': 'no film', 'cut.dcm': whole.subarray(0, 60_000) };
    for (const [name, bytes] of Object.entries(cases)) {
      const file = path.join(home, name);
      writeFileSync(file, bytes);
      expectClearFailure(raddraft('analyze', file));
    }
  });

  test('2.5 an --out that cannot be written', () => {
    const film = writePhantom(home, 14);
    expect(expectClearFailure(raddraft('analyze', film, '--out', film))).toContain('EEXIST');
  });

  test('2.6 a data folder that is none: nothing is made there, and nothing proved', () => {
    const nowhere = path.join(home, 'nothing');
    expect(expectClearFailure(raddraft('audit', 'verify', '--data', nowhere))).toContain(nowhere);
    expect(existsSync(nowhere)).toBe(false);
    expectClearFailure(raddraft('audit', 'erase'));
    expectClearFailure(raddraft('packs', 'burn'));
  });
});

describe('3 the rest', () => {
  test('3.1 --help and --version', () => {
    expect(raddraft('--help')).toMatchObject({ status: 0, stderr: '' });
    expect(raddraft('--help').stdout).toContain('raddraft analyze PATH');
    expect(raddraft('--version')).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });

  test('3.2 packs list names what is here; packs verify runs each pack’s self-test', () => {
    const list = raddraft('packs', 'list');
    expect([list.status, list.stderr]).toEqual([0, '']);
    expect(list.stdout).toContain('chest-findings');
    const verify = raddraft('packs', 'verify');
    expect([verify.status, verify.stderr]).toEqual([0, '']);
    expect(verify.stdout).toMatch(/chest-findings.*ready/s);
  });
});
