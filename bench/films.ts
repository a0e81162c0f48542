/** The films that the benchmarks read: phantoms, so that everybody measures the same. */
import { phantomFile, USUAL } from '#backend/dicom/phantomFile.ts';
import { PLAIN } from '#core/phantom/phantom.ts';
import { transcoded } from '../tests/drive/transcode.ts';

const JPEG_2000_LOSSLESS = '1.2.840.10008.1.2.4.90';

/** Ends in four digits, so that a copy can get UIDs of its own by changing them in place. */
const uid = (kind: number, copy: number) => `1.2.826.0.1.3680043.10.1.${kind}.${String(1000 + copy)}`;

/** 2,000 × 2,500, 12 bits, lossless JPEG 2000. */
export async function jpeg2000Film(): Promise<Uint8Array> {
  return await transcoded(film(2500, 2000, 12), JPEG_2000_LOSSLESS);
}

/** 3,000 × 3,000, 16 bits, uncompressed. */
export const largeFilm = (): Uint8Array => film(3000, 3000, 16);

/** 256 × 256, 12 bits, uncompressed. */
export const smallFilm = (): Uint8Array => film(256, 256, 12);

function film(rows: number, columns: number, bitsStored: 12 | 16): Uint8Array {
  const ids = {
    studyUid: uid(1, 0),
    seriesUid: uid(2, 0),
    instanceUid: uid(3, 0),
    patient: 'BENCH',
    now: '20260101120000',
  };
  return phantomFile({ ...PLAIN, rows, columns, seed: 7 }, { ...USUAL, bitsStored }, ids);
}

/** The same film as another study: the UIDs' last digits are changed where they stand. */
export function copyOf(file: Uint8Array, copy: number): Uint8Array {
  const bytes = Buffer.from(file);
  for (const kind of [1, 2, 3]) {
    const from = Buffer.from(uid(kind, 0), 'latin1');
    for (let at = bytes.indexOf(from); at >= 0 && at < bytes.length; at = bytes.indexOf(from, at + 1))
      bytes.write(uid(kind, copy), at, 'latin1');
  }
  return new Uint8Array(bytes);
}
