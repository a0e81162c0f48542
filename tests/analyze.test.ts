/** A path on the command line is one study of one patient: what else lies there is named, never mixed in. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { analyze } from '#backend/analyze.ts';
import { ownPackFolder } from '#backend/backend.ts';
import { decodeFrame } from '#backend/dicom/decode.ts';
import { parse } from '#backend/dicom/parse.ts';
import { phantomFile, USUAL, type FilmForm, type FilmIds } from '#backend/dicom/phantomFile.ts';
import { createEngine } from '#backend/engine/engine.ts';
import { forkEngine } from '#backend/engine/start.ts';
import { openPackStore } from '#backend/files/packs.ts';
import { PLAIN } from '#core/phantom/phantom.ts';
import { transcoded } from './drive/transcode.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-analyze-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const usual: FilmIds = {
  studyUid: '1.2.3',
  seriesUid: '1.2.3.1',
  instanceUid: '1.2.3.1.1',
  patient: 'A',
  now: '20260101120000',
};
const film = (ids: Partial<FilmIds> = {}, form: Partial<FilmForm> = {}, seed = 3) =>
  phantomFile({ ...PLAIN, rows: 320, columns: 300, seed }, { ...USUAL, ...form }, { ...usual, ...ids });

let folders = 0;
function folderOf(files: Record<string, Uint8Array>): string {
  const folder = path.join(home, String(++folders));
  mkdirSync(folder);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes);
  return folder;
}
const read = (files: Record<string, Uint8Array>) =>
  analyze(folderOf(files), {
    packFolders: [ownPackFolder()],
    choice: 'cpu',
    startEngine: forkEngine,
    picture: { view: null, ageYears: null },
  }).then(({ result }) => result);

describe('1 whose films', () => {
  test('1.1 of two studies: nothing is read', async () => {
    const files = {
      'a.dcm': film(),
      'b.dcm': film({ studyUid: '1.2.4', seriesUid: '1.2.4.1', instanceUid: '1.2.4.1.1' }),
    };
    await expect(read(files)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/2 studies/) as string,
    });
  });

  test('1.2 of two patients under one study: nothing is read', async () => {
    const files = { 'a.dcm': film(), 'b.dcm': film({ instanceUid: '1.2.3.1.2', patient: 'B' }) };
    await expect(read(files)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/several patients/) as string,
    });
  });

  test('1.3 the same film twice is one; other bytes under its UID are a conflict, and the first is read', async () => {
    const { film: chosen, notUsed } = await read({ 'a.dcm': film(), 'b.dcm': film(), 'c.dcm': film({}, {}, 4) });
    expect(chosen.file).toBe('a.dcm');
    expect(notUsed).toEqual([
      { file: 'b.dcm', reason: 'The same film as a.dcm.' },
      {
        file: 'c.dcm',
        reason: expect.stringMatching(/SOPInstanceUID of a\.dcm but other content: a conflict/) as string,
      },
    ]);
  });
});

describe('2 which film', () => {
  test('2.1 the larger PA does not decode: the next one is read, and both others are named', async () => {
    const broken = await transcoded(film({ instanceUid: '1.2.3.1.1' }), '1.2.840.10008.1.2.4.90');
    const start = Buffer.from(broken).indexOf(Buffer.from('ff4fff51', 'hex'));
    broken.fill(0x55, start + 4, start + 60);
    const {
      film: chosen,
      notUsed,
      draft,
    } = await read({
      'a.dcm': broken,
      'b.dcm': film({ instanceUid: '1.2.3.1.2' }, { view: 'AP' }),
      'c.dcm': film({ instanceUid: '1.2.3.1.3' }, { view: 'LL' }),
    });
    expect([chosen.file, draft !== null]).toEqual(['b.dcm', true]);
    expect(notUsed.map(({ file, reason }) => [file, /^Expected /.test(reason)])).toEqual([
      ['a.dcm', true],
      ['c.dcm', true],
    ]);
  });
});

describe('3 negatives', () => {
  test('3.1 none but those that the figures of the pack allow', async () => {
    const { draft, findings } = await read({ 'a.dcm': film() });
    const { labels } = (await openPackStore([ownPackFolder()])).get('chest-findings').pack;
    const proven = labels.filter(({ listed, sensitivity }) => listed && sensitivity.low >= 0.95).map(({ id }) => id);
    const written = draft?.sentences.filter(({ text, finding }) => finding !== null && /^No /.test(text)) ?? [];
    expect(findings.some(({ positive }) => !positive)).toBe(true);
    expect(written.map(({ finding }) => finding).sort()).toEqual(
      findings.flatMap(({ label, positive }) => (!positive && proven.includes(label) ? [label] : [])).sort(),
    );
    expect(draft?.text).toMatch(/Only .* assessed by the model; nothing else was/);
  });
});

describe('4 figures', () => {
  test('4.1 listed findings only, each with Platt’s calibration of its own logit and its own operating point', async () => {
    const packs = await openPackStore([ownPackFolder()]);
    const { labels } = packs.get('chest-findings').pack;
    const { file } = parse(film());
    if (!file) throw new Error('the film did not parse');
    const engine = createEngine({ start: forkEngine, packs, choice: 'cpu', onChange: () => undefined });
    const pixels = await decodeFrame(film(), 0);
    const { logits } = await engine.analyse({ pack: 'chest-findings', header: file.header, pixels });
    engine.close();
    const expected = labels.flatMap(({ id, listed, calibration: { slope, intercept }, threshold }, i) => {
      const probability = 1 / (1 + Math.exp(-(slope * (logits[i] ?? NaN) + intercept)));
      return listed ? [{ label: id, threshold, positive: probability >= threshold, probability }] : [];
    });
    expect(labels.some(({ listed }) => !listed)).toBe(true);
    const { findings } = await read({ 'a.dcm': film() });
    expect(findings.map(({ label, threshold, positive }) => ({ label, threshold, positive }))).toEqual(
      expected.map(({ label, threshold, positive }) => ({ label, threshold, positive })),
    );
    for (const [i, { probability }] of findings.entries())
      expect(probability).toBeCloseTo(expected[i]?.probability ?? NaN, 6);
  });
});
