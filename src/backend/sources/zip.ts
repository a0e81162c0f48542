/** A ZIP's files (also ZIP64): listed and checked before anything is inflated, each inflated into memory when asked. */
import { crc32 } from 'node:zlib';
import {
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  validateFileName,
  type Entry,
  type RandomAccessReader,
  type ZipFile,
} from 'yauzl';
import { AppError } from '#contract/errors.ts';
import { breath } from './breath.ts';
import { MAX_FILE_BYTES, tooLarge } from './sourceFile.ts';

export interface ZipEntry {
  /** With forward slashes, inside the archive. */
  name: string;
  bytes: number;
  /** Why it is not taken; null for a file that may be read. */
  refused: AppError | null;
  /** Throws AppError `refused`, `too-large`, `cancelled`; checks length and CRC-32. */
  read(signal?: AbortSignal): Promise<Uint8Array>;
}

/** A study archive of 50,000 images is larger than any that is handed about. */
const MAX_ENTRIES = 50_000;
/** Deflate makes at most 1,032 bytes of one: more is a lie. */
const MOST_FROM_ONE_BYTE = 1032;
/** An archive that grows beyond this and by more than `MAX_RATIO` is a bomb. */
const FREE_BYTES = 2 * 1024 * 1024 * 1024;
const MAX_RATIO = 200;

const UNPACK = 'Unpack it and open the folder.';

/** AppError `refused` for the whole archive: damaged, encrypted, too many files, a bomb. */
export async function openZip(reader: RandomAccessReader, size: number): Promise<ZipEntry[]> {
  const { zip, entries } = await listed(reader, size);
  if (entries.some((entry) => entry.isEncrypted())) throw encrypted();
  checkSizes(entries, size);
  return entries.filter((entry) => !isFolder(entry)).map((entry) => zipEntry(zip, entry));
}

const OPTIONS = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: true };

async function listed(reader: RandomAccessReader, size: number): Promise<{ zip: ZipFile; entries: Entry[] }> {
  try {
    const zip = await fromRandomAccessReaderPromise(reader, size, OPTIONS);
    if (zip.entryCount > MAX_ENTRIES) throw tooMany(zip.entryCount);
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) {
      // Read ahead, a long list would come without a pause.
      if (entries.push(entry) % 200 === 0) await breath();
    }
    return { zip, entries };
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(error);
  }
}

/** What is declared is checked here, what comes out is checked against it when it is read. */
function checkSizes(entries: readonly Entry[], size: number): void {
  let packed = 0;
  let whole = 0;
  for (const { compressedSize, uncompressedSize } of entries) {
    packed += compressedSize;
    whole += uncompressedSize;
    if (uncompressedSize > compressedSize * MOST_FROM_ONE_BYTE + 64) throw bomb('a file larger than its data can be');
  }
  // Files that lie upon each other make a small archive large without end.
  if (packed > size) throw bomb('files that lie upon each other');
  if (whole > FREE_BYTES && whole > size * MAX_RATIO)
    throw bomb(`${(whole / 1e9).toFixed(0)} GB packed into ${(size / 1e6).toFixed(1)} MB`);
}

function zipEntry(zip: ZipFile, entry: Entry): ZipEntry {
  const name = nameOf(entry);
  return {
    name,
    bytes: entry.uncompressedSize,
    refused: refusalOf(entry, name),
    read: (signal) => inflated(zip, entry, signal),
  };
}

/** yauzl turns backslashes, which old packers write, into slashes; a name is shown, and never used as a path. */
function nameOf(entry: Entry): string {
  const raw = Buffer.from(entry.fileNameRaw);
  return getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false).replaceAll('\0', '');
}

const isFolder = (entry: Entry): boolean => /[/\\]$/.test(nameOf(entry));

/** The upper half of the external attributes holds the mode of Unix (APPNOTE 4.4.15; 0xA000: a link). */
const isLink = (entry: Entry): boolean =>
  entry.versionMadeBy >> 8 === 3 && ((entry.externalFileAttributes >>> 16) & 0xf000) === 0xa000;

function refusalOf(entry: Entry, name: string): AppError | null {
  if (validateFileName(name) !== null)
    return new AppError('refused', 'Expected a name inside the ZIP, found one that leads out of it. It is left out.');
  if (isLink(entry)) return new AppError('refused', 'Expected a file in the ZIP, found a link. It is left out.');
  if (entry.uncompressedSize > MAX_FILE_BYTES) return tooLarge(entry.uncompressedSize);
  if (!entry.canDecodeFileData())
    return new AppError(
      'refused',
      `Expected a stored or deflated file in the ZIP, found compression method ${entry.compressionMethod}. ${UNPACK}`,
    );
  return null;
}

async function inflated(zip: ZipFile, entry: Entry, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const whole = new Uint8Array(entry.uncompressedSize);
  let at = 0;
  let sum = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const piece of stream) {
      if (signal?.aborted) throw new AppError('cancelled', 'cancelled');
      if (!(piece instanceof Uint8Array) || at + piece.length > whole.length) throw new Error('more than was declared');
      whole.set(piece, at);
      sum = crc32(piece, sum);
      at += piece.length;
    }
  } catch (error) {
    throw error instanceof AppError ? error : damaged();
  }
  if (at !== whole.length || sum !== entry.crc32) throw damaged();
  return whole;
}

const damaged = (): AppError =>
  new AppError('refused', 'Expected a whole file in the ZIP, found one whose checksum is wrong. Copy the ZIP again.');
const encrypted = (): AppError =>
  new AppError(
    'refused',
    'Expected a ZIP without a password, found an encrypted one. Unpack it with its password and open the folder.',
  );
const tooMany = (count: number): AppError =>
  new AppError('refused', `Expected at most ${MAX_ENTRIES} files in a ZIP, found ${count}. ${UNPACK}`);
const bomb = (found: string): AppError =>
  new AppError('refused', `Expected an honest ZIP, found ${found}. It is damaged or hostile; do not unpack it.`);

function unreadable(error: unknown): AppError {
  if (error instanceof Error && /encryption/i.test(error.message)) return encrypted();
  return new AppError('refused', 'Expected a whole ZIP, found one that cannot be read. Copy it again.', {
    cause: error,
  });
}
