/** Says what a file is that holds no image: report, document, plan, waveform, index (PS3.4 table B.5-1). */
import type { AppError } from '#contract/errors.ts';
import { OPEN_AN_IMAGE, refused } from './refuse.ts';

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

/** The refusal of an object that by its class holds no image, or null. */
export function noImage(sopClassUid: string): AppError | null {
  const kind = kinds.find(([prefix]) => sopClassUid.startsWith(root + prefix));
  return kind ? refused('an image', kind[1], kind[2]) : null;
}
