/** The files of one path as the films of one study: what is not a film, or not of it, with the reason why. */
import { randomBytes } from 'node:crypto';
import type { PictureFacts } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { ParsedFile } from '#contract/imaging.ts';
import type { Instance } from '#core/study/study.ts';
import type { Imaging } from './dicom/imaging.ts';
import { captureUids, dicomTime } from './services/importing.ts';
import { pathFiles } from './services/sources.ts';

/** What a PNG or JPEG shows, since it cannot say so itself. */
export interface PictureWords {
  view: 'PA' | 'AP' | null;
  ageYears: number | null;
}

export interface Film {
  name: string;
  bytes: Uint8Array;
  instance: Instance;
  /** A PNG or JPEG before it became a secondary capture. */
  picture: boolean;
}

export interface Refused {
  file: string;
  reason: string;
}

/**
 * Every file at or below `path`, in order of name. AppError `refused` for films of several studies or patients: a
 * draft is of one.
 */
export async function readFilms(path: string, imaging: Imaging, picture: PictureWords) {
  const films: Film[] = [];
  const refused: Refused[] = [];
  const sources: ParsedFile[] = [];
  for (const file of await pathFiles(path, imaging)) {
    try {
      const { film, parsed } = await readFilm(file.name, await file.bytes(), imaging, picture);
      const there = films.find(({ instance }) => instance.id === film.instance.id);
      if (there) refused.push({ file: file.name, reason: sameUid(there, film) });
      else films.push(film);
      sources.push(parsed);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refused.push({ file: file.name, reason: error.message });
    }
  }
  requireOneStudy(sources);
  return { films, refused };
}

const sameUid = (there: Film, film: Film): string =>
  Buffer.compare(there.bytes, film.bytes) === 0
    ? `The same film as ${there.name}.`
    : `It has the SOPInstanceUID of ${there.name} but other content: a conflict. The first was kept.`;

function requireOneStudy(files: readonly ParsedFile[]): void {
  const studies = new Set(files.map(({ study }) => study.id)).size;
  if (studies > 1)
    throw new AppError(
      'refused',
      `Expected the films of one study, found films of ${studies} studies. Name one film, or the folder of one study.`,
    );
  const ids = new Set(files.map(({ patient }) => patient.id));
  const issuers = new Set(files.map(({ patient }) => patient.issuer).filter((issuer) => issuer !== ''));
  if (ids.size > 1 || issuers.size > 1)
    throw new AppError(
      'refused',
      'Expected the films of one patient, found several patients in one study. Name one film.',
    );
}

async function readFilm(
  name: string,
  bytes: Uint8Array,
  imaging: Imaging,
  { view, ageYears }: PictureWords,
): Promise<{ film: Film; parsed: ParsedFile }> {
  const first = await imaging.parse(bytes);
  if (first.file)
    return { film: { name, bytes, instance: instanceOf(first.file), picture: false }, parsed: first.file };
  const facts: PictureFacts = {
    patientName: '',
    // Nobody said whose picture it is: no two are taken for one patient's.
    patientId: `picture-${randomBytes(4).toString('hex')}`,
    patientSex: '',
    patientAgeYears: ageYears,
    shows: view === 'PA' ? 'chest-pa' : view === 'AP' ? 'chest-ap' : 'other',
  };
  const uids = captureUids(bytes, facts);
  const captured = await imaging.capture({ bytes: new Uint8Array(bytes), facts, now: dicomTime(Date.now()), ...uids });
  const { file } = await imaging.parse(captured);
  if (!file) throw new AppError('internal', 'the secondary capture did not parse');
  return { film: { name, bytes: captured, instance: instanceOf(file), picture: true }, parsed: file };
}

const instanceOf = ({ instance, series, header }: ParsedFile): Instance => ({
  id: instance.id,
  series: series.id,
  number: instance.number,
  header,
});
