/** The gate that ships, on real films and phantoms: what it lets through, what it refuses, and what is said. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ownPackFolder } from '#backend/backend.ts';
import { decodeFrame } from '#backend/dicom/decode.ts';
import { parse } from '#backend/dicom/parse.ts';
import { phantomFile, USUAL } from '#backend/dicom/phantomFile.ts';
import { createEngine } from '#backend/engine/engine.ts';
import { forkEngine } from '#backend/engine/start.ts';
import { openPackStore } from '#backend/files/packs.ts';
import { lookAtFilm } from '#backend/services/filmGate.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Pixels } from '#core/imaging/pixels.ts';
import { PLAIN } from '#core/phantom/phantom.ts';
import { JobId } from '#core/study/ids.ts';
import { hasShared, needsShared, shared } from './shared.ts';
import { openStation, take } from './station.ts';

const packs = await openPackStore([ownPackFolder()]);
const engine = createEngine({ start: forkEngine, packs, choice: 'cpu', onChange: () => undefined });
const home = mkdtempSync(path.join(tmpdir(), 'raddraft-gate-'));
afterAll(() => {
  engine.close();
  rmSync(home, { recursive: true, force: true });
});

interface Film {
  header: ImageHeader;
  pixels: Pixels;
}
const { accepts } = packs.get('chest-findings').pack;
const look = async (film: Film, from = packs) =>
  (
    await lookAtFilm(
      engine,
      from,
      accepts,
      { ...film, gate: { accepted: true, reason: null, message: '', caveats: [] } },
      {},
    )
  ).gate;

async function read(bytes: Uint8Array): Promise<Film> {
  const { file } = parse(bytes);
  if (!file) throw new Error('the film did not parse');
  return { header: file.header, pixels: await decodeFrame(bytes, 0) };
}
const ids = { studyUid: '1.2.3', seriesUid: '1.2.3.1', instanceUid: '1.2.3.1.1', patient: 'A', now: '20260101120000' };
const phantomBytes = (form = {}) =>
  phantomFile({ ...PLAIN, rows: 320, columns: 300, seed: 3 }, { ...USUAL, ...form }, ids);

/** Another film out of `film`, value by value: `from` answers with the stored value for a place. */
function remade(film: Film, rows: number, columns: number, from: (x: number, y: number) => number): Film {
  const data = new Uint16Array(rows * columns);
  for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) data[y * columns + x] = from(x, y);
  const header = { ...film.header, rows, columns, patientOrientation: null, bitsAllocated: 16 };
  return { header, pixels: { ...film.pixels, rows, columns, kind: 'u16', data } };
}

describe.skipIf(!hasShared)(needsShared('1 real films, none of which taught it'), () => {
  const file = (...parts: string[]) => read(new Uint8Array(readFileSync(shared('dicom', ...parts))));
  const chest = () => file('chest/1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819.dcm');

  test('1.1 chest films are let through, also one that is grey in three channels', async () => {
    const film = await chest();
    const { rows, columns, data, max } = film.pixels;
    const scaled = Uint8Array.from(
      { length: rows * columns * 3 },
      (_, i) => ((data[Math.floor(i / 3)] ?? 0) * 255) / max,
    );
    const header = { ...film.header, photometric: 'RGB', samplesPerPixel: 3 };
    const threefold: Film = { header, pixels: { ...film.pixels, samplesPerPixel: 3, kind: 'u8', data: scaled } };
    for (const one of [film, threefold, await file('pydicom-data/RG1_J2KI.dcm')])
      expect(await look(one)).toMatchObject({ accepted: true, pack: { id: 'chest-gate' } });
  });

  test('1.2 a film whose header lies about black and white is refused as inverted', async () => {
    const gate = await look(await file('chest/Fake_MONOHR1.dcm'));
    expect(gate).toMatchObject({ accepted: false, reason: 'inverted' });
    expect(gate.message).toMatch(/black and white exchanged.*Correct the photometric interpretation.*write without AI/);
  });

  test('1.3 the same chest turned, cropped, blank, inverted is refused by these names', async () => {
    const film = await chest();
    const { rows, columns, data, min, max } = film.pixels;
    const at = (x: number, y: number) => data[y * columns + x] ?? 0;
    const guises: [string, Film][] = [
      ['rotated', remade(film, columns, rows, (x, y) => at(y, rows - 1 - x))],
      ['rotated', remade(film, columns, rows, (x, y) => at(columns - 1 - y, x))],
      ['rotated', remade(film, rows, columns, (x, y) => at(columns - 1 - x, rows - 1 - y))],
      ['inverted', remade(film, rows, columns, (x, y) => max + min - at(x, y))],
      ['cropped', remade(film, rows >> 1, columns >> 1, (x, y) => at(x, y))],
      ['blank', remade(film, rows, columns, () => 700)],
    ];
    for (const [reason, guise] of guises) expect((await look(guise)).reason).toBe(reason);
  });

  test('1.4 another body part, and a slice, by name', async () => {
    expect((await look(await file('pydicom-data/RG3_J2KI.dcm'))).reason).toBe('other-part');
    expect((await look(await file('pydicom/693_J2KI.dcm'))).reason).toBe('section');
  });

  test('1.5 colour is refused before any model sees it', async () => {
    expect(await look(await file('pydicom/examples_rgb_color.dcm'))).toMatchObject({
      accepted: false,
      reason: 'colour',
    });
  });
});

describe('2 the phantom', () => {
  test('2.1 is not a film of a person: said, and the demonstration goes on', async () => {
    const gate = await look(await read(phantomBytes()));
    expect(gate.accepted).toBe(true);
    expect(gate.caveats.join(' ')).toMatch(/Input gate: not a film of a person\. .*the demonstration goes on/);
  });

  test('2.2 without the mark in its header it is refused as a drawing', async () => {
    const { header, pixels } = await read(phantomBytes());
    expect(await look({ header: { ...header, synthetic: false }, pixels })).toMatchObject({
      accepted: false,
      reason: 'synthetic',
    });
  });
});

describe('3 without a gate', () => {
  test('3.1 a film goes on, with the word that nobody looked', async () => {
    const none = await openPackStore([]);
    const gate = await look(await read(phantomBytes()), none);
    expect(gate).toMatchObject({ accepted: true, caveats: [expect.stringMatching(/^No input gate is installed/)] });
    expect(gate.pack).toBeUndefined();
  });
});

describe('4 a refused study', () => {
  test('4.1 can be written without AI, once', async () => {
    const station = await openStation(home);
    const { api } = station;
    const { study } = await take(api, 'f.dcm', phantomBytes({ view: 'LL' }));
    if (!study) throw new Error('the film was not taken in');
    await expect(api['draft.make']({ job: JobId.parse('d'), study })).rejects.toMatchObject({ code: 'refused' });
    const view = await api['draft.write']({ study });
    expect(view).toMatchObject({ analysis: null, sentences: [], notUsed: [], draft: { instance: null, sources: [] } });
    await expect(api['draft.write']({ study })).rejects.toMatchObject({ code: 'conflict' });
    expect((await api['draft.open']({ study }))?.draft.id).toBe(view.draft.id);
    await station.close();
  });
});
