/** `upload.*`: files that a browser hands over, kept in memory only: nothing unencrypted is written to disk. */
import { AppError } from '#contract/errors.ts';
import { MAX_FILE_BYTES, tooLarge } from '../sources/sourceFile.ts';
import type { Area, Services } from './context.ts';

const MAX_TOGETHER = 1536 * 1024 * 1024;

export interface Uploads {
  calls: Area<'upload.begin' | 'upload.piece'>;
  /** AppError `not-found`, or `invalid-input` while bytes are missing. */
  bytes(upload: string): { name: string; bytes: Uint8Array; modified: number };
  /** The bytes were moved to where they are read; they are kept on. */
  giveBack(upload: string, bytes: Uint8Array): void;
  forget(upload: string): void;
}

export function createUploads({ newId }: Pick<Services, 'newId'>): Uploads {
  const open = new Map<string, { name: string; bytes: Uint8Array; modified: number; received: number }>();

  function find(upload: string) {
    const found = open.get(upload);
    if (!found) throw new AppError('not-found', 'Expected a file that was handed over, found none. Open it again.');
    return found;
  }

  return {
    calls: {
      'upload.begin': async ({ name, bytes, modified }) => {
        if (bytes > MAX_FILE_BYTES) throw tooLarge(bytes);
        const together = [...open.values()].reduce((sum, file) => sum + file.bytes.length, bytes);
        if (together > MAX_TOGETHER)
          throw new AppError('busy', 'Too many files are being handed over at once. Wait for those under way.');
        const upload = newId();
        open.set(upload, { name, bytes: new Uint8Array(bytes), modified: Math.floor(modified), received: 0 });
        return { upload };
      },
      'upload.piece': async ({ upload, offset, bytes }) => {
        const file = find(upload);
        if (offset !== file.received || offset + bytes.length > file.bytes.length)
          throw new AppError('invalid-input', `Expected the piece at ${file.received}, found one at ${offset}.`);
        file.bytes.set(bytes, offset);
        file.received += bytes.length;
        return {};
      },
    },
    bytes(upload) {
      const { name, bytes, modified, received } = find(upload);
      if (received < bytes.length)
        throw new AppError('invalid-input', `Expected ${bytes.length} bytes of the file, found ${received}.`);
      return { name, bytes, modified };
    },
    giveBack(upload, bytes) {
      const file = open.get(upload);
      if (file) open.set(upload, { ...file, bytes });
    },
    forget: (upload) => open.delete(upload),
  };
}
