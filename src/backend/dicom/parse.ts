/** Bytes of a file → what it says of itself, or a refusal that names why. */
import { ParsedFile } from '#contract/imaging.ts';
import { readDataset, type DicomData } from './dataset.ts';
import { pixelFormat } from './format.ts';
import { frameBytes } from './frames.ts';
import { imageHeader } from './header.ts';
import { requireImage } from './image.ts';
import { pictureKind, type PictureKind } from './magic.ts';
import { COPY_AGAIN, EXPORT_UNCOMPRESSED, refused } from './refuse.ts';
import { personName, plainName, text } from './text.ts';
import { code, date, integer } from './values.ts';

export type Parsed = { file: ParsedFile; picture: null } | { file: null; picture: PictureKind };

/** Throws AppError `refused` for everything that cannot be shown: its pixels are looked for, not decoded. */
export function parse(bytes: Uint8Array): Parsed {
  const picture = pictureKind(bytes);
  return picture ? { file: null, picture } : { file: parseDicom(bytes), picture: null };
}

function parseDicom(bytes: Uint8Array): ParsedFile {
  const data = readDataset(bytes);
  requireImage(data);
  if (data.syntax.codec === 'none')
    throw refused('a compression that can be read here', data.syntax.words, EXPORT_UNCOMPRESSED);
  const format = pixelFormat(data);
  // Refuses a file that is cut off: the last frame must be there.
  frameBytes(data, format, format.frames - 1);
  return ParsedFile.parse({
    kind: 'dicom',
    patient: {
      id: text(data, 'x00100020'),
      issuer: text(data, 'x00100021'),
      name: personName(data, 'x00100010'),
      birthDate: date(code(data, 'x00100030')),
      sex: code(data, 'x00100040'),
    },
    study: {
      id: uid(data, 'x0020000d', 'StudyInstanceUID'),
      date: date(code(data, 'x00080020') || code(data, 'x00080023')),
      time: time(code(data, 'x00080030') || code(data, 'x00080033')),
      accession: text(data, 'x00080050'),
      description: text(data, 'x00081030'),
      referrer: plainName(personName(data, 'x00080090')),
    },
    series: {
      id: uid(data, 'x0020000e', 'SeriesInstanceUID'),
      number: integer(data, 'x00200011', 'IS'),
      modality: code(data, 'x00080060'),
      description: text(data, 'x0008103e'),
      bodyPart: code(data, 'x00180015'),
    },
    instance: {
      id: uid(data, 'x00080018', 'SOPInstanceUID'),
      number: integer(data, 'x00200013', 'IS'),
    },
    header: imageHeader(data, format),
    preamble: data.start.preamble,
  });
}

/** Without its UIDs a film belongs to no study. */
function uid(data: DicomData, tag: string, name: string): string {
  const value = code(data, tag);
  if (value === '' || value.length > 64 || !/^[0-9A-Za-z._-]+$/.test(value))
    throw refused(`a ${name}`, value === '' ? 'none' : 'one that is not a UID', COPY_AGAIN);
  return value;
}

/** TM → HHMMSS; minutes and seconds may be missing, colons are of the old form. */
function time(value: string): string {
  const match = /^(\d{2})(\d{2})?(\d{2})?(\.\d+)?$/.exec(value.replaceAll(':', ''));
  return match ? `${match[1]}${match[2] ?? '00'}${match[3] ?? '00'}` : '';
}
