/** Whether a data set holds an image at all. */
import { hasPixels, type DicomData } from './dataset.ts';
import { noImage } from './kinds.ts';
import { COPY_AGAIN, quoted, refused } from './refuse.ts';
import { code } from './values.ts';

/** Throws AppError `refused` unless the file has pixels. */
export function requireImage(data: DicomData): void {
  if (hasPixels(data.elements)) return;
  const sopClass = code(data, 'x00080016') || data.start.mediaStorageSopClassUid;
  const found = sopClass ? `an object without pixels (SOP class ${quoted(sopClass)})` : 'a file without pixels';
  throw noImage(sopClass) ?? refused('an image', found, COPY_AGAIN);
}
