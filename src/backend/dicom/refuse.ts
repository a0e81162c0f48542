/** How the reader of DICOM files says no: what was expected, what was found, what to do. */
import { AppError } from '#contract/errors.ts';

/** The person can act on it: get the file again, export it otherwise, open another. */
export function refused(expected: string, found: string, todo: string): AppError {
  return new AppError('refused', `Expected ${expected}, found ${found}. ${todo}`);
}

export const COPY_AGAIN = 'Copy or export the file again.';
export const EXPORT_UNCOMPRESSED = 'Export it uncompressed or as JPEG 2000 and open that.';
export const EXPORT_SINGLE = 'Export it as single images and open those.';
export const OPEN_AN_IMAGE = 'Open the images of the study instead.';

/** A value of a damaged file as it may stand in a message: short, and of the characters that codes and UIDs have. */
export const quoted = (value: string): string => value.slice(0, 64).replace(/[^A-Z0-9_. ]/g, '?');
