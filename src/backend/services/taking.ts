/** One file's way in: parsed and decoded in the imaging worker, kept encrypted, then listed in the database. */
import type { ImportEntry } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { ParsedFile } from '#contract/imaging.ts';
import { addInstance } from '../db/addInstance.ts';
import type { Write } from '../db/handles.ts';
import { instanceOf } from '../db/studies.ts';
import type { Services } from './context.ts';
import type { Frames } from './frames.ts';
import type { SourceFile } from './sources.ts';

export interface Options {
  signal?: AbortSignal;
  /** Writes into the transaction that stores the file; not called where nothing is stored. */
  record?: (write: Write, entry: ImportEntry) => void;
}

export interface Taking {
  /** Stores a file that parsed. Throws AppError: why it does not decode, or `StoreFailed`. */
  take(name: string, read: DicomFile, options?: Options): Promise<ImportEntry>;
  /**
   * What became of a file; one that cannot be read is refused with the reason. `settled`: the file itself is the
   * reason, so that reading it again would say the same. Throws when cancelled, and `StoreFailed`.
   */
  open(file: SourceFile, options: Options): Promise<{ entry: ImportEntry; settled: boolean }>;
}

export interface DicomFile {
  parsed: ParsedFile;
  /** They are moved: the array is empty after. */
  bytes: Uint8Array;
  sha256: string;
}

/** The store did not take the image in: nothing more will fit until somebody does something about it. */
export class StoreFailed extends AppError {}

export function createTaking(services: Services, frames: Frames): Taking {
  const { store, imaging, now } = services;

  async function take(
    name: string,
    { parsed, bytes: moved, sha256 }: DicomFile,
    { signal, record }: Options = {},
  ): Promise<ImportEntry> {
    const known = instanceOf(store.read, parsed.instance.id);
    // Decoded first, so that what is stored can be shown.
    const { pixelPadding } = parsed.header;
    const moving = { ...(signal ? { signal } : {}), handOver: true, giveBack: true };
    const decoded = known ? null : await imaging.decodeWithPreview(moved, 0, pixelPadding, moving);
    const bytes = decoded?.file ?? moved;
    return await storing(async () => {
      // The same file again heals a stored one that was damaged; one of other content is not taken in.
      if (!known || known.sha256 === sha256) await store.objects.put(bytes, sha256);
      const entry = store.write((write) => {
        const added = addInstance(write, parsed, { sha256, importedAt: now(), actor: services.actor });
        const told: ImportEntry = { name, ...added, reason: added.reason || warningOf(parsed), source: null };
        if (added.outcome === 'read') record?.(write, told);
        return told;
      });
      if (decoded) await frames.keep(sha256, 0, { pixels: decoded.pixels, preview: decoded.preview });
      return entry;
    });
  }

  async function open(file: SourceFile, options: Options): Promise<{ entry: ImportEntry; settled: boolean }> {
    let whole = false;
    try {
      const bytes = await file.bytes(options.signal);
      whole = true;
      const { file: parsed, picture, ...read } = await imaging.read(bytes, options.signal);
      if (parsed) return { entry: await take(file.name, { parsed, ...read }, options), settled: true };
      if (!file.archived) file.giveBack?.(read.bytes);
      return { entry: pictureEntry(file, picture === 'png' ? 'PNG' : 'JPEG'), settled: file.archived };
    } catch (error) {
      if (options.signal?.aborted || error instanceof StoreFailed) throw error;
      const fault = whole && error instanceof AppError && error.code === 'refused';
      return { entry: nothing(file.name, 'refused', reasonOf(error)), settled: fault };
    }
  }

  return { take, open };
}

function pictureEntry({ name, source, archived }: SourceFile, kind: string): ImportEntry {
  if (archived)
    return nothing(
      name,
      'refused',
      `Expected DICOM in the ZIP, found a ${kind} picture. Unpack and open it by itself.`,
    );
  const words = `A ${kind} picture says nothing of its patient. Confirm what it shows.`;
  return { ...nothing(name, 'needs-confirmation', words), source };
}

const warningOf = ({ preamble }: ParsedFile): string =>
  preamble === 'executable'
    ? 'Its first 128 bytes look like a program. Only the image was taken; do not run the file.'
    : '';

export const nothing = (name: string, outcome: ImportEntry['outcome'], reason: string): ImportEntry => ({
  name,
  outcome,
  reason,
  study: null,
  instance: null,
  source: null,
});

export function reasonOf(error: unknown): string {
  if (error instanceof AppError && error.code !== 'internal') return error.message;
  return 'The file could not be read. Copy it again, or open another.';
}

const DISK = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO', 'EACCES']);

/** What fails here is the store's, not the file's. */
async function storing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) throw new StoreFailed(error.code, error.message, { cause: error });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!DISK.has(code)) throw error;
    const words = `Expected a disk that can be written, found one that is full or refuses (${code}): the image was not kept. Free some space and open it again.`;
    throw new StoreFailed('refused', words, { cause: error });
  }
}
