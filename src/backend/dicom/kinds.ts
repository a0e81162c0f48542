/** Says what a file is that holds no image: report, document, plan, waveform, index (PS3.4 table B.5-1). */
import { hasPixels, type DicomData } from './dataset.ts';
import { COPY_AGAIN, OPEN_AN_IMAGE, refused } from './refuse.ts';
import { code } from './values.ts';

const root = '1.2.840.10008.';
/** Longest prefix first where one is a prefix of the other. */
const kinds: readonly [prefix: string, words: string, todo: string][] = [
  ['1.3.10', 'a DICOMDIR (an index of other files)', 'Open the folder that it lies in.'],
  ['5.1.4.1.1.88.59', 'a key object selection', OPEN_AN_IMAGE],
  ['5.1.4.1.1.88.', 'a structured report', OPEN_AN_IMAGE],
  ['5.1.4.1.1.104.1', 'a PDF document', 'Open it in a PDF reader, or open the images of the study instead.'],
  ['5.1.4.1.1.104.', 'a document', OPEN_AN_IMAGE],
  ['5.1.4.1.1.11.', 'a presentation state', OPEN_AN_IMAGE],
  ['5.1.4.1.1.9.', 'a waveform (an ECG, pressure curve or sound)', OPEN_AN_IMAGE],
  ['5.1.4.1.1.481.', 'a radiotherapy object (plan, structures, dose or record)', OPEN_AN_IMAGE],
  ['5.1.4.34.', 'a radiotherapy work item', OPEN_AN_IMAGE],
  ['5.1.4.1.1.66', 'a registration, measurement or raw data object', OPEN_AN_IMAGE],
  ['5.1.4.38.', 'a hanging protocol', OPEN_AN_IMAGE],
  ['5.1.4.39.', 'a colour palette', OPEN_AN_IMAGE],
];

/** Throws AppError `refused` unless the file has pixels. */
export function requireImage(data: DicomData): void {
  if (hasPixels(data.elements)) return;
  const sopClass = code(data, 'x00080016') || data.start.mediaStorageSopClassUid;
  const kind = kinds.find(([prefix]) => sopClass.startsWith(root + prefix));
  if (kind) throw refused('an image', kind[1], kind[2]);
  throw refused(
    'an image',
    sopClass ? `an object without pixels (SOP class ${sopClass})` : 'a file without pixels',
    COPY_AGAIN,
  );
}
