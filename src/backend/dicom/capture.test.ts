import { describe, expect, test } from 'vitest';
import { captureFile, type CaptureInput } from './capture.ts';
import { decodeFrame } from './decode.ts';
import { parse } from './parse.ts';
import type { Picture } from './picture.ts';

const input = (facts: Partial<CaptureInput['facts']> = {}): CaptureInput => ({
  facts: {
    patientName: 'Test^Anna',
    patientId: '17',
    patientSex: 'F',
    patientAgeYears: 7,
    shows: 'chest-pa',
    ...facts,
  },
  now: '20260203040506',
  studyUid: '2.25.1',
  seriesUid: '2.25.2',
  instanceUid: '2.25.3',
});

const picture = (samplesPerPixel: 1 | 3, bits: 8 | 16): Picture => {
  const values = Array.from({ length: 3 * 5 * samplesPerPixel }, (_, i) => (i * (bits === 8 ? 5 : 1311)) % 2 ** bits);
  return {
    rows: 3,
    columns: 5,
    samplesPerPixel,
    bits,
    data: bits === 8 ? Uint8Array.from(values) : Uint16Array.from(values),
  };
};

const parsed = (bytes: Uint8Array) => {
  const { file } = parse(bytes);
  if (!file) throw new Error('expected DICOM');
  return file;
};

describe('1 a picture as a secondary capture', () => {
  test.each([8, 16] as const)('1.1 grey of %i bits keeps every value', async (bits) => {
    const made = picture(1, bits);
    const bytes = captureFile(made, input());
    expect(parsed(bytes).header).toMatchObject({ photometric: 'MONOCHROME2', bitsStored: bits, rows: 3, columns: 5 });
    expect((await decodeFrame(bytes, 0)).data).toEqual(made.data);
  });

  test('1.2 colour is RGB', async () => {
    const made = picture(3, 8);
    const bytes = captureFile(made, input({ shows: 'other' }));
    expect(parsed(bytes).header).toMatchObject({ photometric: 'RGB', samplesPerPixel: 3, modality: 'OT' });
    expect((await decodeFrame(bytes, 0)).data).toEqual(made.data);
  });

  test('1.3 samples that are a view of a larger buffer are written, not the buffer', async () => {
    const pool = Uint8Array.from({ length: 40 }, (_, i) => i);
    const bytes = captureFile(
      { rows: 3, columns: 5, samplesPerPixel: 1, bits: 8, data: pool.subarray(9, 24) },
      input(),
    );
    expect((await decodeFrame(bytes, 0)).data).toEqual(pool.slice(9, 24));
  });

  test('1.4 too few samples are refused', () => {
    expect(() => captureFile({ ...picture(1, 8), rows: 4 }, input())).toThrow('expected 20 samples, found 15');
  });
});

describe('2 what the person said', () => {
  test.each([
    ['chest-pa', 'CR', 'CHEST', 'PA'],
    ['chest-ap', 'CR', 'CHEST', 'AP'],
    ['chest-lateral', 'CR', 'CHEST', 'LL'],
    ['other', 'OT', '', ''],
  ] as const)('2.1 %s: modality %s, body part "%s", view "%s"', (shows, modality, bodyPart, viewPosition) => {
    const { header } = parsed(captureFile(picture(1, 8), input({ shows })));
    expect(header).toMatchObject({ modality, bodyPart, viewPosition, conversionType: 'WSD', patientOrientation: null });
  });

  test('2.2 name, id, sex, age and UIDs come back', () => {
    const file = parsed(captureFile(picture(1, 8), input({ patientName: 'Ёлкина^Мария' })));
    expect(file.patient).toMatchObject({ id: '17', sex: 'F', name: { alphabetic: 'Ёлкина^Мария' } });
    expect(file.header.patientAgeYears).toBe(7);
    expect([file.study.id, file.series.id, file.instance.id]).toEqual(['2.25.1', '2.25.2', '2.25.3']);
    expect([file.study.date, file.study.time]).toEqual(['20260203', '040506']);
  });

  test('2.3 an age that nobody gave is left out', () => {
    expect(parsed(captureFile(picture(1, 8), input({ patientAgeYears: null }))).header.patientAgeYears).toBeNull();
  });

  test('2.4 a backslash in a name begins no second value', () => {
    expect(parsed(captureFile(picture(1, 8), input({ patientName: 'A\\B' }))).patient.name.alphabetic).toBe('A B');
  });
});
