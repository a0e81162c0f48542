/** Small films on the disk for tests of the shells: nobody's, made by mathematics. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { phantomFile, USUAL, type FilmForm } from '../../src/backend/dicom/phantomFile.ts';
import { uidOf } from '../../src/backend/dicom/uid.ts';
import { PLAIN } from '../../src/core/phantom/phantom.ts';

/** Writes a square film and answers with its path; each `number` is another study. */
export function writePhantom(folder: string, number: number, form: Partial<FilmForm> = {}, size = 512): string {
  return write(folder, `phantom-${number}.dcm`, number, 3, form, size);
}

/** Another film of the same study. */
export const writeSecondFilm = (folder: string, number: number): string =>
  write(folder, `phantom-${number}-late.dcm`, number, 4, {}, 512);

function write(
  folder: string,
  name: string,
  number: number,
  instance: number,
  form: Partial<FilmForm>,
  size: number,
): string {
  const uid = (what: number) => uidOf(`00000000-0000-4000-8000-0000000${String(number).padStart(3, '0')}0${what}`);
  const file = path.join(folder, name);
  const bytes = phantomFile(
    { ...PLAIN, rows: size, columns: size, seed: number },
    { ...USUAL, ...form },
    {
      studyUid: uid(1),
      seriesUid: uid(2),
      instanceUid: uid(instance),
      patient: `E2E-${number}`,
      now: '20260304050607',
    },
  );
  writeFileSync(file, bytes);
  return file;
}
