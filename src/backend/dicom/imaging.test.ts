import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { PNG } from 'pngjs';
import { AppError } from '#contract/errors.ts';
import { changes, film } from '../../../tests/golden/film.ts';
import { hasShared, needsShared, shared } from '../../../tests/shared.ts';
import { startImaging } from './imaging.ts';
import type { Element } from './write.ts';

/** What a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError && error.code === 'refused') return error.message;
  throw new Error('expected a refusal', { cause: error });
}

describe('1 the imaging worker', () => {
  const imaging = startImaging();
  afterAll(() => imaging.close());

  test('1.1 parses, decodes, and leaves the caller its bytes', async () => {
    const bytes = film();
    const { file } = await imaging.parse(bytes);
    expect(file?.header).toMatchObject({ rows: 2, columns: 3 });
    const { data, ...info } = await imaging.decode(bytes, 0);
    expect(info).toEqual({ rows: 2, columns: 3, samplesPerPixel: 1, kind: 'u16', min: 0, max: 5 });
    expect(data).toEqual(Uint16Array.of(0, 1, 2, 3, 4, 5));
    expect(bytes.byteLength).toBeGreaterThan(0);
  });

  test('1.2 takes the bytes over when told to', async () => {
    const bytes = film();
    expect((await imaging.decode(bytes, 0, undefined, true)).max).toBe(5);
    expect(bytes.byteLength).toBe(0);
    // A view of a pool is copied all the same.
    const pooled = Buffer.from(film());
    expect((await imaging.decode(pooled.subarray(0), 0, undefined, true)).max).toBe(5);
  });

  test('1.3 a large frame crosses whole', async () => {
    const pixels = Uint16Array.from({ length: 1000 * 1000 }, (_, index) => index % 65_521);
    const large = film(
      changes(['0028,0010', 'US', 1000], ['0028,0011', 'US', 1000], ['7fe0,0010', 'OW', new Uint8Array(pixels.buffer)]),
    );
    expect((await imaging.decode(large, 0)).data).toEqual(pixels);
  });

  test('1.4 a refusal crosses with its words', async () => {
    expect(await refusal(imaging.parse(new TextEncoder().encode('no film at all')))).toContain('a DICOM file');
    expect(await refusal(imaging.decode(film(), 3))).toContain('frame 4');
  });

  test('1.5 a picture becomes a DICOM file that parses', async () => {
    const png = new Uint8Array(PNG.sync.write(new PNG({ width: 40, height: 30 })));
    expect(await imaging.parse(png)).toEqual({ file: null, picture: 'png' });
    const captured = await imaging.capture({
      bytes: png,
      facts: { patientName: 'Roe^Jane', patientId: 'P1', patientSex: 'F', patientAgeYears: 40, shows: 'chest-pa' },
      now: '20240131120000',
      studyUid: '1.2.3',
      seriesUid: '1.2.3.4',
      instanceUid: '1.2.3.4.5',
    });
    const { file } = await imaging.parse(captured);
    expect(file).toMatchObject({
      patient: { id: 'P1', name: { alphabetic: 'Roe^Jane' } },
      header: { rows: 30, columns: 40, samplesPerPixel: 1, patientAgeYears: 40 },
    });
  });

  test('1.6 many calls at once are answered each with its own', async () => {
    const films = Array.from({ length: 20 }, (_, index) =>
      film(changes(['7fe0,0010', 'OW', new Uint8Array(12).fill(index)])),
    );
    const maxima = await Promise.all(films.map(async (bytes) => (await imaging.decode(bytes, 0)).max));
    expect(maxima).toEqual(films.map((_, index) => index * 257));
  });

  test('1.7 a cancelled call ends, and the next one is served', async () => {
    const controller = new AbortController();
    const pending = imaging.decode(film(), 0, controller.signal);
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: 'cancelled' });
    await expect(imaging.parse(film(), AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect((await imaging.decode(film(), 0)).max).toBe(5);
  });
});

describe('2 what a hostile file can do', () => {
  /** A sequence of two million empty items: 16 MB of file, gigabytes of objects. */
  const items = (): Uint8Array => {
    const bytes = film(changes(['0008,1140', 'SQ', ...new Array<Element[]>(1).fill([])]));
    const at = bytes.findIndex((_, i) => [8, 0, 0x40, 0x11, 0x53, 0x51].every((byte, j) => bytes[i + j] === byte));
    const count = 2_000_000;
    const item = Uint8Array.of(0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0);
    const out = new Uint8Array(bytes.length + (count - 1) * 8);
    out.set(bytes.subarray(0, at + 12));
    new DataView(out.buffer).setUint32(at + 8, count * 8, true);
    for (let i = 0; i < count; i++) out.set(item, at + 12 + i * 8);
    out.set(bytes.subarray(at + 20), at + 12 + count * 8);
    return out;
  };

  test('2.1 out of memory: the worker dies, the caller is told, the next call is served', async () => {
    const imaging = startImaging({ memoryMb: 64 });
    try {
      expect(await refusal(imaging.parse(items()))).toContain('64 MB of memory');
      expect((await imaging.decode(film(), 0)).max).toBe(5);
    } finally {
      await imaging.close();
    }
  });

  test('2.2 out of time', async () => {
    const imaging = startImaging({ timeoutMs: 1 });
    try {
      await expect(imaging.parse(film())).rejects.toMatchObject({ code: 'timed-out' });
    } finally {
      await imaging.close();
    }
  });

  test('2.3 after closing nothing is answered', async () => {
    const imaging = startImaging();
    const pending = imaging.parse(film());
    const closing = imaging.close();
    await expect(pending).rejects.toMatchObject({ code: 'closed' });
    await closing;
    await expect(imaging.parse(film())).rejects.toMatchObject({ code: 'closed' });
  });
});

describe.skipIf(!hasShared)(needsShared('3 every codec inside the worker'), () => {
  test('3.1 the same slice, whatever its compression', async () => {
    const imaging = startImaging();
    try {
      const names = ['RLELossless', 'JPEGProcess14', 'JPEGLSLossless', 'JPEG2000LosslessOnly'];
      const endings = ['5', '4.57', '4.80', '4.90'];
      for (const [index, name] of names.entries()) {
        const file = `CTImage.dcm_${name}TransferSyntax_1.2.840.10008.1.2.${endings[index]}.dcm`;
        const pixels = await imaging.decode(readFileSync(shared('dicom/one-image-every-syntax', file)), 0);
        expect(pixels, name).toMatchObject({ rows: 512, columns: 512, kind: 'i16', min: -2000, max: 2402 });
      }
    } finally {
      await imaging.close();
    }
  });
});
