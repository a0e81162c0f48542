/** `import.*`: files become instances, one answer a file; a picture without a header waits for a person's word. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { ImportEntry, ImportSource, PictureFacts } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import { InstanceId } from '#core/study/ids.ts';
import { instanceOf } from '../db/studies.ts';
import { uidOf } from '../dicom/uid.ts';
import { breath } from '../sources/breath.ts';
import type { Area, Services } from './context.ts';
import type { Frames } from './frames.ts';
import { importRun } from './importRun.ts';
import { rootOf } from './openingRoot.ts';
import { createOpenings } from './openings.ts';
import { sourceFiles } from './sources.ts';
import { createTaking, nothing } from './taking.ts';
import type { Uploads } from './uploads.ts';

type Calls = Area<'import.run' | 'import.known' | 'import.lists' | 'import.list' | 'import.picture' | 'import.demo'>;

export function importCalls(services: Services, frames: Frames, uploads: Uploads): Calls {
  const { imaging, store, allowsPaths, openAtStart, broadcast, now } = services;
  const taking = createTaking(services, frames);
  const openings = createOpenings(services);

  function allowed(source: ImportSource): void {
    if (source.kind === 'upload' || allowsPaths) return;
    const named = path.resolve(source.path);
    if (!openAtStart.some((start) => named === start || named.startsWith(start + path.sep)))
      throw new AppError(
        'refused',
        'In a browser, files are handed over, not named. Use Open files or drop them here.',
      );
  }

  async function importPicture(source: ImportSource, facts: PictureFacts): Promise<ImportEntry> {
    const [file] = await sourceFiles(source, uploads);
    if (!file) throw new AppError('not-found', 'Expected the picture, found none. Open it again.');
    const bytes = await file.bytes();
    const uids = captureUids(bytes, facts);
    const there = instanceOf(store.read, InstanceId.parse(uids.instanceUid));
    if (there) {
      const { study, id } = there;
      return { ...nothing(file.name, 'already-here', 'The same picture is here already.'), study, instance: id };
    }
    const captured = await imaging.capture({ bytes: new Uint8Array(bytes), facts, now: dicomTime(now()), ...uids });
    const { file: parsed, ...read } = await imaging.read(captured);
    if (!parsed) throw new AppError('internal', 'the secondary capture did not parse');
    const entry = await taking.take(file.name, { parsed, ...read });
    if (source.kind === 'upload') uploads.forget(source.upload);
    return entry;
  }

  /** The list's last words; where the disk does not take them, why. */
  function endOf(job: string, done: boolean): { stopped?: string } {
    try {
      openings.end(job, done);
      return {};
    } catch (error) {
      if (error instanceof AppError) return { stopped: error.message };
      throw error;
    }
  }

  return {
    'import.run': async ({ job, sources, more }, context) => {
      sources.forEach(allowed);
      const names = sources.flatMap((source) => (source.kind === 'upload' ? [uploads.bytes(source.upload).name] : []));
      const opening = openings.of(job, rootOf(sources, names));
      const needs = { imaging, broadcast, now, taking, uploads };
      try {
        const report = await importRun(needs, { job, sources, last: !more, opening }, context);
        const done = !report.cancelled && report.stopped === '';
        if (more && done) return report;
        return { ...report, ...endOf(job, done) };
      } catch (error) {
        openings.end(job, false);
        throw error;
      }
    },
    'import.known': async ({ job, files }) => {
      const names = files.map(({ name }) => name);
      const opening = openings.of(job, rootOf([], names));
      const indexes: number[] = [];
      const entries: ImportEntry[] = [];
      for (const [index, { name, bytes, modified }] of files.entries()) {
        const entry = opening.known({ place: name, bytes, modified: Math.floor(modified) });
        if (!entry) continue;
        opening.saw(name);
        indexes.push(index);
        entries.push(entry);
        if (indexes.length % 50 === 0) await breath();
      }
      return { indexes, entries };
    },
    'import.lists': async () => openings.lists(),
    'import.list': async (query) => openings.list(query),
    'import.picture': async ({ source, facts }) => {
      allowed(source);
      return await importPicture(source, facts);
    },
    'import.demo': async ({ what }) => {
      const { file, ...read } = await imaging.read(await imaging.demo(what));
      if (!file) throw new AppError('internal', 'the demo film did not parse');
      return await taking.take(what === 'film' ? 'Demo film' : 'Test pattern', { parsed: file, ...read });
    },
  };
}

/** The same picture with the same facts gets the same UIDs; a patient's pictures share no study that nobody stated. */
export function captureUids(bytes: Uint8Array, facts: PictureFacts) {
  const uid = (what: string): string => {
    const hash = createHash('sha256').update(what).update(JSON.stringify(facts)).update(bytes).digest('hex');
    return uidOf(
      [
        hash.slice(0, 8),
        hash.slice(8, 12),
        `8${hash.slice(13, 16)}`,
        `8${hash.slice(17, 20)}`,
        hash.slice(20, 32),
      ].join('-'),
    );
  };
  return { studyUid: uid('study'), seriesUid: uid('series'), instanceUid: uid('instance') };
}

/** `YYYYMMDDHHMMSS`, UTC. */
export const dicomTime = (ms: number): string => new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14);
