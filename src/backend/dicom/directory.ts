/** A DICOMDIR (PS3.3 F.3): the files that its records name, as the components of their paths. */
import { readDataset } from './dataset.ts';
import { COPY_AGAIN, refused } from './refuse.ts';
import { codes, items } from './values.ts';

const DIRECTORY_RECORDS = 'x00041220';
const REFERENCED_FILE = 'x00041500';
const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';

/** A medium holds fewer. */
const MAX_FILES = 100_000;

/**
 * Each file once, in the order of the records. What a component holds is not checked: whoever looks for the files must
 * keep them inside the folder. Throws AppError `refused` for what is no DICOMDIR.
 */
export function directoryFiles(bytes: Uint8Array): string[][] {
  const data = readDataset(bytes);
  const isIndex = DIRECTORY_RECORDS in data.elements || data.start.mediaStorageSopClassUid === MEDIA_STORAGE_DIRECTORY;
  if (!isIndex) throw refused('a DICOMDIR', 'another DICOM file of that name', 'Open the folder that it lies in.');
  const files = new Map<string, string[]>();
  for (const record of items(data, DIRECTORY_RECORDS)) {
    const parts = codes(record, REFERENCED_FILE);
    if (parts.length === 0 || parts.every((part) => part === '')) continue;
    files.set(parts.join('\\'), parts);
    if (files.size > MAX_FILES) throw refused(`at most ${MAX_FILES} files in a DICOMDIR`, 'more', COPY_AGAIN);
  }
  return [...files.values()];
}
