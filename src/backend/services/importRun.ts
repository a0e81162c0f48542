/** Many files, one after the other: listed as they come, cancelled between two, progress now and then. */
import type { ImportEntry, ImportReport, ImportSource } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { JobId, StudyId } from '#core/study/ids.ts';
import { breath } from '../sources/breath.ts';
import { isDirectoryName } from '../sources/sourceFile.ts';
import type { Context, Services } from './context.ts';
import { missingFiles } from './missingFiles.ts';
import type { Opening } from './openings.ts';
import { sourceFiles, type SourceFile } from './sources.ts';
import { StoreFailed, type Taking } from './taking.ts';
import type { Uploads } from './uploads.ts';

/** Nobody reads progress faster. */
const PROGRESS_MS = 100;
/** The worklist is read anew at most so often while studies arrive. */
const STUDIES_MS = 500;

export interface ImportRun {
  job: JobId;
  sources: readonly ImportSource[];
  /** No other call follows for this opening. */
  last: boolean;
  opening: Opening;
}

export type ImportNeeds = Pick<Services, 'imaging' | 'broadcast' | 'now'> & { taking: Taking; uploads: Uploads };

export async function importRun(
  { imaging, broadcast, now, taking, uploads }: ImportNeeds,
  { job, sources, last, opening }: ImportRun,
  { signal, emit }: Context,
): Promise<ImportReport> {
  const entries: ImportEntry[] = [];
  const arrived = new Set<StudyId>();
  let resumed = 0;
  let stopped = '';
  let announced = 0;

  const announce = () => {
    for (const study of arrived) broadcast('study.changed', { study });
    arrived.clear();
    announced = now();
  };

  async function one(file: SourceFile): Promise<void> {
    opening.saw(file.name);
    const identity = opening.unique(file.identity);
    const before = opening.known(identity);
    if (before) {
      resumed++;
      entries.push(before);
      return;
    }
    if (isDirectoryName(file.name) && (await index(file))) return;
    const { entry, settled } = await taking.open(file, {
      signal,
      record: (write, told) => opening.putWith(write, identity, told),
    });
    if (entry.outcome === 'read') opening.stored();
    else opening.put(identity, entry, settled);
    entries.push(entry);
    if (entry.outcome === 'read' && entry.study) arrived.add(entry.study);
  }

  /** Whether it is a DICOMDIR that can be read: no image, and nothing to refuse. */
  async function index(file: SourceFile): Promise<boolean> {
    try {
      opening.directories.push({ name: file.name, files: await imaging.directory(await file.bytes(signal), signal) });
      return true;
    } catch (error) {
      if (signal.aborted || !(error instanceof AppError)) throw error;
      return false;
    }
  }

  async function all(): Promise<void> {
    const files: SourceFile[] = [];
    for (const source of sources) files.push(...(await sourceFiles(source, uploads, imaging, signal)));
    let told = 0;
    for (const [done, file] of files.entries()) {
      if (signal.aborted) return;
      if (now() - told >= PROGRESS_MS) {
        emit('job.progress', { job, stage: 'reading', done, total: files.length });
        told = now();
      }
      await one(file);
      if (files[done + 1]?.source !== file.source) forget(file.source);
      if (arrived.size > 0 && now() - announced > STUDIES_MS) announce();
      if (done % 16 === 0) await breath();
    }
    if (last)
      for (const { identity, entry } of missingFiles(opening)) {
        opening.put(identity, entry, false);
        entries.push(entry);
      }
  }

  /** A picture waits for a person's word, and what was handed over with it. */
  function forget(source: ImportSource): void {
    const waits = entries.some((entry) => entry.source === source);
    if (source.kind === 'upload' && !waits) uploads.forget(source.upload);
  }

  try {
    await all();
  } catch (error) {
    if (error instanceof StoreFailed) stopped = error.message;
    else if (!signal.aborted) throw error;
  } finally {
    announce();
    if (signal.aborted || stopped !== '') sources.forEach(forget);
  }
  return { entries, cancelled: signal.aborted, resumed, stopped };
}
