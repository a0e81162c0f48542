/** Phantoms as DICOM files: Digital X-Ray (PS3.3 A.26) in the poses, depths and windows that real archives hold. */
import { phantom, PLAIN, type Phantom, type PhantomSpec } from '#core/phantom/phantom.ts';
import { encodeFilm, type Encoding } from './phantomEncode.ts';
import { marks, type Marks } from './phantomMarks.ts';
import { isTransposed, storedFrame, type Lie } from './phantomPlace.ts';
import { uidOf } from './uid.ts';
import { writeDicom, type Element } from './write.ts';

export interface FilmForm extends Encoding, Lie, Marks {
  view: 'PA' | 'AP' | 'LL';
  /** As in (0010,1010), such as `045Y`; empty is allowed. */
  patientAge: string;
  intent: 'FOR PRESENTATION' | 'FOR PROCESSING';
  /** Imager Pixel Spacing (0018,1164): true, zeros, or left out. */
  spacing: 'present' | 'zero' | 'absent';
  burnedIn: 'YES' | 'NO';
}

export const USUAL: FilmForm = {
  orientation: 'L\\F',
  view: 'PA',
  patientAge: '045Y',
  intent: 'FOR PRESENTATION',
  photometric: 'MONOCHROME2',
  bitsStored: 12,
  voi: 'LINEAR',
  rescale: { slope: 1, intercept: 0 },
  padding: false,
  pixel: null,
  spacing: 'present',
  shutter: null,
  overlay: false,
  burnedIn: 'NO',
};

export interface FilmIds {
  studyUid: string;
  seriesUid: string;
  instanceUid: string;
  /** What follows `SYNTHETIC-` in the patient's id. */
  patient: string;
  /** `YYYYMMDDHHMMSS`. */
  now: string;
}

const DX = { 'FOR PRESENTATION': '1.2.840.10008.5.1.4.1.1.1.1', 'FOR PROCESSING': '1.2.840.10008.5.1.4.1.1.1.1.1' };

/**
 * The file. `spec.rows` × `spec.columns` is the film in the standard pose with square pixels; `storedFrame` says where
 * its pixels lie in the file.
 */
export const phantomFile = (spec: PhantomSpec, form: FilmForm, ids: FilmIds): Uint8Array =>
  filmFile(phantom(spec), form, ids);

/** The same of a phantom that is there already. */
export function filmFile(film: Phantom, form: FilmForm, ids: FilmIds): Uint8Array {
  const place = storedFrame(film, form);
  const stored = place.resample(film.values);
  const pixels = encodeFilm(stored, place.rows, place.columns, form);
  return writeDicom({
    sopClassUid: DX[form.intent],
    sopInstanceUid: ids.instanceUid,
    elements: [...identity(form, ids), ...acquisition(form, film.mmPerPixel), ...pixels, ...marks(form, place)],
  });
}

/** A 12-bit film of 2048 × 2048 with an effusion on the patient's left: the same bytes on every call. */
export function demoFilm(): Uint8Array {
  const spec = { ...PLAIN, rows: 2048, columns: 2048, seed: 20, age: 58, effusion: { side: 'left' as const } };
  return phantomFile(
    spec,
    { ...USUAL, patientAge: '058Y' },
    {
      studyUid: uidOf('0d1f9a52-6c54-4c0e-8d55-2f6f5c1e9b01'),
      seriesUid: uidOf('0d1f9a52-6c54-4c0e-8d55-2f6f5c1e9b02'),
      instanceUid: uidOf('0d1f9a52-6c54-4c0e-8d55-2f6f5c1e9b03'),
      patient: 'DEMO',
      now: '20260101080000',
    },
  );
}

const code = (tag: string, value: string, scheme: string, meaning: string): Element => [
  tag,
  'SQ',
  [
    ['0008,0100', 'SH', value],
    ['0008,0102', 'SH', scheme],
    ['0008,0104', 'LO', meaning],
  ],
];

function identity(form: FilmForm, ids: FilmIds): Element[] {
  const [date, time] = [ids.now.slice(0, 8), ids.now.slice(8, 14)];
  return [
    ['0008,0008', 'CS', 'DERIVED', 'SECONDARY', '', 'SYNTHETIC'],
    ['0008,0012', 'DA', date],
    ['0008,0013', 'TM', time],
    ['0008,0020', 'DA', date],
    ['0008,0021', 'DA', date],
    ['0008,0022', 'DA', date],
    ['0008,0023', 'DA', date],
    ['0008,0030', 'TM', time],
    ['0008,0031', 'TM', time],
    ['0008,0032', 'TM', time],
    ['0008,0033', 'TM', time],
    ['0008,0050', 'SH'],
    ['0008,0060', 'CS', 'DX'],
    ['0008,0068', 'CS', form.intent],
    ['0008,0070', 'LO', 'RadDraft'],
    ['0008,0090', 'PN'],
    ['0008,1030', 'LO', 'SYNTHETIC chest film, shows nobody'],
    ['0008,103e', 'LO', `SYNTHETIC chest ${form.view}`],
    ['0008,1090', 'LO', 'Phantom'],
    ['0008,2111', 'ST', 'Computed from an analytic model of a chest'],
    ['0010,0010', 'PN', 'SYNTHETIC^PHANTOM'],
    ['0010,0020', 'LO', `SYNTHETIC-${ids.patient}`],
    ['0010,0030', 'DA'],
    ['0010,0040', 'CS', 'O'],
    ['0010,1010', 'AS', ...(form.patientAge === '' ? [] : [form.patientAge])],
    ['0018,1000', 'LO', '1'],
    ['0018,1020', 'LO', '1'],
    ['0020,000d', 'UI', ids.studyUid],
    ['0020,000e', 'UI', ids.seriesUid],
    ['0020,0010', 'SH'],
    ['0020,0011', 'IS', 1],
    ['0020,0013', 'IS', 1],
    ['0020,4000', 'LT', 'SYNTHETIC: made by mathematics, shows nobody. Not for clinical use.'],
  ];
}

const VIEW_CODES: Record<FilmForm['view'], [value: string, scheme: string, meaning: string]> = {
  PA: ['272479007', 'SCT', 'postero-anterior'],
  AP: ['399348003', 'SCT', 'antero-posterior'],
  LL: ['399173006', 'SCT', 'left lateral'],
};

function acquisition(form: FilmForm, mmPerPixel: number): Element[] {
  const { height, width } = form.pixel ?? { height: 1, width: 1 };
  // Along the patient's breadth the phantom keeps its pixels; along the height they are stretched.
  const unit = mmPerPixel / (isTransposed(form) ? height : width);
  const byRatio = form.pixel?.saidBy === 'PixelAspectRatio' && form.spacing === 'present';
  const spacing: Element[] =
    form.spacing === 'absent' || byRatio
      ? []
      : [['0018,1164', 'DS', ...(form.spacing === 'zero' ? [0, 0] : [unit * height, unit * width])]];
  const aspect: Element[] =
    form.pixel?.saidBy === 'PixelAspectRatio' ? [['0028,0034', 'IS', form.pixel.height, form.pixel.width]] : [];
  // A side view of the same pixels is a lie that only tests of the gate tell: its letters are those of a side view.
  const letters = (form.orientation ?? '').split('\\').map((l) => (form.view === 'LL' ? lateralLetter(l) : l));
  return [
    ['0018,0015', 'CS', 'CHEST'],
    ['0018,1508', 'CS', 'CARM'],
    ['0018,5101', 'CS', form.view],
    ['0018,7004', 'CS', 'DIRECT'],
    ...spacing,
    ...aspect,
    ['0020,0020', 'CS', ...(form.orientation === null ? [] : letters)],
    ['0020,0062', 'CS', 'U'],
    code('0008,2218', '51185008', 'SCT', 'Chest'),
    code('0054,0220', ...VIEW_CODES[form.view]),
    ['0040,0555', 'SQ'],
    ['0028,0301', 'CS', form.burnedIn],
    ['0028,2110', 'CS', '00'],
  ];
}

const lateralLetter = (letter: string): string => ({ L: 'P', R: 'A' })[letter] ?? letter;
