/** One file of what a person opened, wherever it lies: in a folder, in a ZIP, in what a browser handed over. */
import type { ImportSource } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';

export interface SourceFile {
  /** As the person knows it: the name below what was opened, never the full path. */
  name: string;
  source: ImportSource;
  /** The same file at another time has the same; `modified` is milliseconds since 1970. */
  identity: { place: string; bytes: number; modified: number };
  /** Inside an archive it cannot be named by `source` alone. */
  archived: boolean;
  /** AppError `not-found`, `too-large`, `refused`, `cancelled`. */
  bytes(signal?: AbortSignal): Promise<Uint8Array>;
  /** Bytes that were handed over once are needed again later. */
  giveBack?(bytes: Uint8Array): void;
}

/** A file larger than this is not read into memory. */
export const MAX_FILE_BYTES = 512 * 1024 * 1024;

export const tooLarge = (bytes: number): AppError =>
  new AppError('too-large', `Expected a file of at most 512 MB, found ${Math.ceil(bytes / 1e6)} MB. It is left out.`);

/** A place where a file should be, or is not fit to be read: it is listed with its reason. */
export const failing = (name: string, source: ImportSource, place: string, error: AppError): SourceFile => ({
  name,
  source,
  // What was missing or locked may be there the next time: never the same as before.
  identity: { place, bytes: -1, modified: -1 },
  archived: true,
  bytes: () => Promise.reject(error),
});

/** `DICOMDIR`, in any case, with or without the trailing dot or version of old media. */
export const isDirectoryName = (name: string): boolean => /(^|[/›] ?)dicomdir\.?(;1)?$/i.test(name);
export const isZipName = (name: string): boolean => /\.zip$/i.test(name);
