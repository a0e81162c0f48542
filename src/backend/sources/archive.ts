/** A ZIP as source files: its own, and those of a ZIP inside it (one level). */
import { AppError } from '#contract/errors.ts';
import type { ImportSource } from '#contract/calls.ts';
import { byName } from './byName.ts';
import { failing, isZipName, type SourceFile } from './sourceFile.ts';
import { openZip, type ZipEntry } from './zip.ts';
import { fileReader, memoryReader } from './zipReader.ts';

export interface ArchivePlace {
  /** As the person knows the archive. */
  name: string;
  source: ImportSource;
  /** Of the archive itself, as in `SourceFile.identity`. */
  place: string;
  modified: number;
}

/** Never throws an AppError: an archive that cannot be read is one file that is refused. */
export async function archiveOfFile(file: string, bytes: number, at: ArchivePlace): Promise<SourceFile[]> {
  return await listed(at, () => openZip(fileReader(file), bytes), innerArchives());
}

export async function archiveInMemory(bytes: Uint8Array, at: ArchivePlace): Promise<SourceFile[]> {
  return await listed(
    at,
    () =>
      openZip(
        memoryReader(async () => bytes),
        bytes.length,
      ),
    innerArchives(),
  );
}

type Expand = (entry: ZipEntry, at: ArchivePlace) => Promise<SourceFile[]>;

async function listed(at: ArchivePlace, open: () => Promise<ZipEntry[]>, expand: Expand): Promise<SourceFile[]> {
  try {
    const entries = await open();
    if (entries.length === 0) throw new AppError('refused', 'Expected files in the ZIP, found none. Choose another.');
    const files: SourceFile[] = [];
    for (const entry of await byName(entries, ({ name }) => name))
      if (isZipName(entry.name)) files.push(...(await expand(entry, inside(entry, at))));
      else files.push(fileOf(entry, at));
    return files;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [failing(at.name, at.source, at.place, error)];
  }
}

const inside = (entry: ZipEntry, at: ArchivePlace): ArchivePlace => ({
  ...at,
  name: `${at.name} › ${entry.name}`,
  place: `${at.place}!/${entry.name}`,
});

function fileOf(entry: ZipEntry, { name, source, place, modified }: ArchivePlace): SourceFile {
  return {
    name: `${name} › ${entry.name}`,
    source,
    identity: { place: `${place}!/${entry.name}`, bytes: entry.bytes, modified },
    archived: true,
    bytes: (signal) => (entry.refused ? Promise.reject(entry.refused) : entry.read(signal)),
  };
}

/** The ZIPs inside one archive: only the one whose files are being read is held in memory. */
function innerArchives(): Expand {
  let held: { entry: ZipEntry; bytes: Promise<Uint8Array> } | null = null;
  return async (entry, at) => {
    const { refused } = entry;
    if (refused) return [failing(at.name, at.source, at.place, refused)];
    const load = (): Promise<Uint8Array> => {
      if (held?.entry !== entry) held = { entry, bytes: entry.read() };
      return held.bytes;
    };
    return await listed(at, () => openZip(memoryReader(load), entry.bytes), tooDeep);
  };
}

const tooDeep: Expand = (_entry, at) => {
  const words = 'Expected at most one ZIP inside another, found a third. Unpack it and open the folder.';
  return Promise.resolve([failing(at.name, at.source, at.place, new AppError('refused', words))]);
};
