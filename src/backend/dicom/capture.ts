/** A PNG or JPEG as DICOM: Secondary Capture Image (PS3.3 A.8.1) with what the person said of it. */
import type * as z from 'zod';
import type { ImagingProtocol } from '#contract/imaging.ts';
import type { Picture } from './picture.ts';
import { writeDicom, type Element } from './write.ts';

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

export type CaptureInput = Omit<z.output<ImagingProtocol['calls']['imaging.capture']['input']>, 'bytes'>;

/** A chest film's modality is CR, so that a chest pack may read it; anything else is OT. */
const VIEWS = { 'chest-pa': 'PA', 'chest-ap': 'AP', 'chest-lateral': 'LL', other: '' } as const;

/** The file's bytes. Grey becomes MONOCHROME2 of the picture's own depth, colour RGB. */
export function captureFile(picture: Picture, input: CaptureInput): Uint8Array {
  const { facts, now, studyUid, seriesUid, instanceUid } = input;
  const { rows, columns, samplesPerPixel, bits, data } = picture;
  const samples = rows * columns * samplesPerPixel;
  if (data.length !== samples) throw new RangeError(`expected ${samples} samples, found ${data.length}`);
  const [date, time] = [now.slice(0, 8), now.slice(8, 14)];
  const view = VIEWS[facts.shows];
  const chest: Element[] =
    view === ''
      ? []
      : [
          ['0018,0015', 'CS', 'CHEST'],
          ['0018,5101', 'CS', view],
        ];
  const colour: Element[] = samplesPerPixel === 3 ? [['0028,0006', 'US', 0]] : [];
  const age: Element[] =
    facts.patientAgeYears === null ? [] : [['0010,1010', 'AS', `${String(facts.patientAgeYears).padStart(3, '0')}Y`]];
  return writeDicom({
    sopClassUid: SECONDARY_CAPTURE,
    sopInstanceUid: instanceUid,
    elements: [
      ['0008,0008', 'CS', 'DERIVED', 'SECONDARY'],
      ['0008,0012', 'DA', date],
      ['0008,0013', 'TM', time],
      ['0008,0020', 'DA', date],
      ['0008,0023', 'DA', date],
      ['0008,0030', 'TM', time],
      ['0008,0033', 'TM', time],
      ['0008,0050', 'SH'],
      ['0008,0060', 'CS', view === '' ? 'OT' : 'CR'],
      ['0008,0064', 'CS', 'WSD'],
      ['0008,0070', 'LO'],
      ['0008,0090', 'PN'],
      ['0010,0010', 'PN', plain(facts.patientName)],
      ['0010,0020', 'LO', plain(facts.patientId)],
      ['0010,0030', 'DA'],
      ['0010,0040', 'CS', facts.patientSex],
      ...age,
      ...chest,
      ['0020,000d', 'UI', studyUid],
      ['0020,000e', 'UI', seriesUid],
      ['0020,0010', 'SH'],
      ['0020,0011', 'IS', 1],
      ['0020,0013', 'IS', 1],
      ['0020,0020', 'CS'],
      ['0028,0002', 'US', samplesPerPixel],
      ['0028,0004', 'CS', samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2'],
      ...colour,
      ['0028,0010', 'US', rows],
      ['0028,0011', 'US', columns],
      ['0028,0100', 'US', bits],
      ['0028,0101', 'US', bits],
      ['0028,0102', 'US', bits - 1],
      ['0028,0103', 'US', 0],
      ['7fe0,0010', bits === 16 ? 'OW' : 'OB', new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
    ],
  });
}

/** A typed text as one value: a backslash would begin another (PS3.5 6.1.3), control characters are no text. */
// eslint-disable-next-line no-control-regex
const plain = (typed: string): string => typed.replace(/[\u0000-\u001f\u007f\\]+/g, ' ').trim();
