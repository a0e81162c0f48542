/** Damaged and hostile files: always a result or an AppError, never a crash, never without end. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { changes, film } from '../../../tests/golden/film.ts';
import { hasShared, needsShared, shared } from '../../../tests/shared.ts';
import { decodeFrame } from './decode.ts';
import { parse } from './parse.ts';

/** Whether parsing and decoding gave results; throws what is no AppError. */
async function survives(bytes: Uint8Array): Promise<boolean> {
  let whole = true;
  for (const work of [() => parse(bytes), () => decodeFrame(bytes, 0)])
    try {
      await work();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      expect(error.message).toMatch(/^Expected .+, found .+\. .+\.$/s);
      whole = false;
    }
  return whole;
}

/** Mulberry32: the same numbers in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('1 a film of our own', () => {
  test('1.1 cut off at every byte', async () => {
    const bytes = film();
    for (let length = 0; length < bytes.length; length++)
      expect(await survives(bytes.subarray(0, length)), `${length}`).toBe(false);
    expect(await survives(bytes)).toBe(true);
  });

  test('1.2 every byte set to 0, to 255, and turned', async () => {
    const bytes = film(
      changes(
        ['0028,1050', 'DS', '40'],
        ['0028,1051', 'DS', '400'],
        ['5200,9229', 'SQ', [['0028,9110', 'SQ', [['0028,0030', 'DS', '1', '1']]]]],
      ),
    );
    for (let at = 128; at < bytes.length; at++)
      for (const value of [0, 255, (bytes[at] ?? 0) ^ 0x80]) {
        const damaged = bytes.slice();
        damaged[at] = value;
        await survives(damaged);
      }
  });

  test('1.3 a header of 60,000 × 60,000 in a file of 1 kB', async () => {
    const large = film(changes(['0028,0010', 'US', 60_000], ['0028,0011', 'US', 60_000]));
    await expect(decodeFrame(large, 0)).rejects.toThrow('at most 100 million pixels a frame, found 60000 × 60000');
    const many = film(
      changes(['0028,0010', 'US', 9_000], ['0028,0011', 'US', 9_000], ['0028,0008', 'IS', 2_000_000_000]),
    );
    await expect(decodeFrame(many, 0)).rejects.toThrow('the file is cut off');
  });

  test('1.4 sequences nested fifty deep, and a hundred thousand deep', async () => {
    for (const depth of [50, 100_000]) {
      const open = Uint8Array.of(
        8,
        0,
        0x40,
        0x11,
        0x53,
        0x51,
        0,
        0,
        255,
        255,
        255,
        255,
        0xfe,
        0xff,
        0,
        0xe0,
        255,
        255,
        255,
        255,
      );
      const nested = new Uint8Array(132 + depth * open.length);
      nested.set(film().subarray(0, 132));
      for (let i = 0; i < depth; i++) nested.set(open, 132 + i * open.length);
      await expect(decodeFrame(nested, 0)).rejects.toThrow('at most 32 nested sequences');
    }
  });
});

describe.skipIf(!hasShared)(needsShared('2 real files'), () => {
  const files = [
    'pydicom/MR_small.dcm',
    'pydicom/MR_small_implicit.dcm',
    'pydicom/MR_small_bigendian.dcm',
    'pydicom/MR_small_RLE.dcm',
    'pydicom/MR_small_jp2klossless.dcm',
    'pydicom/MR_small_jpeg_ls_lossless.dcm',
    'pydicom/JPEG-lossy.dcm',
    'pydicom/JPEG2000.dcm',
    'pydicom/SC_rgb_jpeg_gdcm.dcm',
    'pydicom/SC_rgb_dcmtk_+eb+cy+s4.dcm',
    'pydicom/SC_rgb_jls_lossy_line.dcm',
    'pydicom/rtdose_rle.dcm',
    'pydicom/liver_1frame.dcm',
    'pydicom-data/emri_small_RLE.dcm',
    'pydicom-data/SC_rgb.dcm',
    'charset/chrH32.dcm',
  ];
  const read = (name: string) => new Uint8Array(readFileSync(shared('dicom', name)));

  test.each(files)('2.1 %s cut off at forty places', async (name) => {
    const bytes = read(name);
    for (let i = 0; i < 40; i++) await survives(bytes.subarray(0, Math.floor((bytes.length * i) / 40)));
  });

  test.each(files)('2.2 %s with thirty random changes of bytes', async (name) => {
    const bytes = read(name);
    const next = random(name.length * 7919);
    for (let i = 0; i < 30; i++) {
      const damaged = bytes.slice();
      // Half of them in the header, where every byte means something.
      const reach = i % 2 === 0 ? Math.min(2000, bytes.length) : bytes.length;
      for (let j = 0; j < 4; j++) damaged[128 + Math.floor(next() * (reach - 128))] = Math.floor(next() * 256);
      await survives(damaged);
    }
  });

  test('2.3 a codestream of another size than the header says', async () => {
    for (const name of [
      'pydicom/MR_small_jp2klossless.dcm',
      'pydicom/MR_small_jpeg_ls_lossless.dcm',
      'pydicom/JPEG-lossy.dcm',
    ]) {
      const bytes = read(name);
      const rows = bytes.findIndex((_, at) => [0x28, 0, 0x10, 0].every((byte, i) => bytes[at + i] === byte));
      bytes[rows + 8] = (bytes[rows + 8] ?? 0) ^ 1;
      await expect(decodeFrame(bytes, 0)).rejects.toThrow(/Expected a JPEG.* frame of .*, found one of/);
    }
  });
});
