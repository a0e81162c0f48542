/** A large film's preview: made when the film comes in, kept encrypted beside it, and made again where it is lost. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeFrame } from '#backend/dicom/decode.ts';
import { phantomFile, USUAL } from '#backend/dicom/phantomFile.ts';
import { previewOf } from '#core/imaging/preview.ts';
import { PLAIN } from '#core/phantom/phantom.ts';
import { InstanceId, StudyId } from '#core/study/ids.ts';
import { openStation, take, type Station } from './station.ts';

const home = mkdtempSync(path.join(tmpdir(), 'raddraft-preview-'));
const derived = path.join(home, 'data', 'objects', 'derived');
const ids = { studyUid: '1.2.3', seriesUid: '1.2.3.1', instanceUid: '1.2.3.1.1', patient: 'P', now: '20260101120000' };
const film = phantomFile({ ...PLAIN, rows: 1500, columns: 1300, seed: 3 }, { ...USUAL, bitsStored: 12 }, ids);
const wanted = { instance: InstanceId.parse(ids.instanceUid), frame: 0 };

let station: Station;
const start = async () => void (station = await openStation(home, { packFolders: [] }));
const copy = () => path.join(derived, readdirSync(derived)[0] ?? '');

beforeAll(async () => {
  await start();
  await take(station.api, 'film.dcm', film);
});
afterAll(async () => {
  await station.close();
  rmSync(home, { recursive: true, force: true });
});

describe('1 the preview of a large film', () => {
  test('1.1 is the decoded frame, halved', async () => {
    const found = await station.api['image.preview'](wanted);
    const expected = previewOf(await decodeFrame(film.slice(), 0), null);
    expect(found?.halvings).toBe(1);
    expect(found?.info).toMatchObject({ rows: 1500, columns: 1300, kind: 'u16' });
    const bytes = Buffer.from(expected?.level.data.buffer ?? new ArrayBuffer(0));
    expect(Buffer.compare(Buffer.from(found?.bytes ?? []), bytes)).toBe(0);
  });

  test('1.2 lies encrypted beside the film, one copy', async () => {
    const found = await station.api['image.preview'](wanted);
    expect(readdirSync(derived)).toHaveLength(1);
    const stored = readFileSync(copy());
    expect(stored.length).toBeGreaterThan(650 * 750 * 2);
    expect(stored.includes(Buffer.from(found?.bytes.subarray(200_000, 200_064) ?? []))).toBe(false);
  });

  test('1.3 a damaged or lost copy is made again, and says the same', async () => {
    const before = await station.api['image.preview'](wanted);
    for (const spoil of [() => writeFileSync(copy(), readFileSync(copy()).fill(7, 100, 200)), () => rmSync(copy())]) {
      await station.close();
      spoil();
      await start();
      const after = await station.api['image.preview'](wanted);
      expect(Buffer.compare(Buffer.from(after?.bytes ?? []), Buffer.from(before?.bytes ?? [1]))).toBe(0);
    }
  });

  test('1.3b opening the study begins to read it: the same, and a damaged copy is made again here too', async () => {
    const before = await station.api['image.preview'](wanted);
    for (const spoil of [() => undefined, () => writeFileSync(copy(), readFileSync(copy()).fill(7, 100, 200))]) {
      await station.close();
      spoil();
      await start();
      await station.api['study.open']({ study: StudyId.parse(ids.studyUid) });
      for (const _ of [1, 2]) {
        const after = await station.api['image.preview'](wanted);
        expect(Buffer.compare(Buffer.from(after?.bytes ?? []), Buffer.from(before?.bytes ?? [1]))).toBe(0);
      }
    }
  });

  test('1.4 after a restart it comes without the film being read', async () => {
    await station.close();
    const folder = path.join(home, 'data', 'objects');
    const shelf = readdirSync(folder).find((name) => name.length === 2) ?? '';
    await start();
    rmSync(path.join(folder, shelf), { recursive: true });
    expect((await station.api['image.preview'](wanted))?.halvings).toBe(1);
    await expect(station.api['image.info'](wanted)).rejects.toMatchObject({ code: 'not-found' });
  });
});
