import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { phantomFile, USUAL, type FilmForm } from '#backend/dicom/phantomFile.ts';
import { PLAIN } from '#core/phantom/phantom.ts';
import { analyzeCommand } from './analyze.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-cli-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

const ids = {
  studyUid: '1.2',
  seriesUid: '1.2.1',
  instanceUid: '1.2.1.1',
  patient: 'SECRET-ID',
  now: '20260101120000',
};
function film(name: string, form: Partial<FilmForm> = {}): string {
  const file = path.join(home, name);
  writeFileSync(file, phantomFile({ ...PLAIN, rows: 320, columns: 300, seed: 3 }, { ...USUAL, ...form }, ids));
  return file;
}
/** What is written with `--out`, and what was said on standard error meanwhile. */
async function written(file: string) {
  const out = path.join(home, `${path.basename(file)}-out`);
  const said: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  await analyzeCommand([file], { out, json: true, engine: 'cpu' });
  const read = (name: string) => readFileSync(path.join(out, name), 'utf8');
  return { out, said: said.join(''), draft: read('draft.txt'), result: read('result.json') };
}

describe('1 what --out writes', () => {
  test('1.1 the draft says what it is, of which film, by which pack, and what must be known', async () => {
    const { draft, result, said } = await written(film('a.dcm', { orientation: null, view: 'AP' }));
    const [label, by, ...rest] = draft.split('\n');
    expect(label).toBe('For research and evaluation. Not for clinical use.');
    expect(by).toMatch(
      /^Drafted by chest-findings \d+\.\d+\.\d+ \(evaluation\) from the film 1\.2\.1\.1\. Not read or/,
    );
    for (const caveat of [/^Not a film of a person/, /^Side assumed/, /^AP film/])
      expect(rest.filter((line) => caveat.test(line)).length).toBeGreaterThan(0);
    expect(said).toBe('');
    // The phantom's name and id stand in its header and nowhere else.
    expect(draft + result).not.toMatch(/SECRET-ID|SYNTHETIC\^PHANTOM/);
  });

  test('1.2 a refused film gets no draft, and the file says why', async () => {
    const { draft, result } = await written(film('b.dcm', { patientAge: '017Y' }));
    expect(draft).toMatch(/^Not drafted by /m);
    expect(draft).toContain('No draft was made. Expected a patient of at least 18 years, found 17 years.');
    expect(JSON.parse(result)).toMatchObject({ draft: null, findings: [], gate: { accepted: false, reason: 'age' } });
  });

  test('1.3 text burned into the pixels is warned about', async () => {
    const { said, result } = await written(film('c.dcm', { burnedIn: 'YES', patientAge: '017Y' }));
    expect(said).toContain('it may name the patient');
    expect(JSON.parse(result)).toMatchObject({ film: { burnedIn: 'YES' } });
  });

  test.skipIf(process.platform === 'win32')('1.4 is for its owner alone', async () => {
    const { out } = await written(film('d.dcm', { patientAge: '017Y' }));
    expect((statSync(out).mode & 0o777).toString(8)).toBe('700');
    for (const name of ['draft.txt', 'result.json', 'overlay.png'])
      expect((statSync(path.join(out, name)).mode & 0o777).toString(8)).toBe('600');
  });

  test('1.5 a file in the place of the folder is refused in words', async () => {
    const file = film('e.dcm', { patientAge: '017Y' });
    await expect(analyzeCommand([file], { out: file, json: true, engine: 'cpu' })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/Expected --out to name a folder/) as string,
    });
  });
});
