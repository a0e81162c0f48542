/** `import.*`: files become instances, one answer a file; a picture without a header waits for a person's word. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type * as z from 'zod';
import type { ImportEntry, ImportSource, PictureFacts, Stage } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { ParsedFile } from '#contract/imaging.ts';
import { InstanceId } from '#core/study/ids.ts';
import { addInstance } from '../db/addInstance.ts';
import { instanceOf } from '../db/studies.ts';
import { uidOf } from '../dicom/uid.ts';
import { sha256Of } from '../files/objects.ts';
import type { Area, Services } from './context.ts';
import type { Frames } from './frames.ts';
import { sourceFiles, type SourceFile } from './sources.ts';
import type { Uploads } from './uploads.ts';

type Calls = Area<'import.run' | 'import.known' | 'import.lists' | 'import.list' | 'import.picture' | 'import.demo'>;

export function importCalls(services: Services, frames: Frames, uploads: Uploads): Calls {
  const { imaging, store, allowsPaths, openAtStart, broadcast, now } = services;

  function allowed(source: ImportSource): void {
    if (source.kind === 'upload' || allowsPaths) return;
    const named = path.resolve(source.path);
    if (!openAtStart.some((start) => named === start || named.startsWith(start + path.sep)))
      throw new AppError(
        'refused',
        'In a browser, files are handed over, not named. Use Open files or drop them here.',
      );
  }

  /** Stores one DICOM file that parsed; decodes its first frame first, so that what is stored can be shown. */
  async function take(name: string, bytes: Uint8Array, parsed: ParsedFile, signal?: AbortSignal): Promise<ImportEntry> {
    const sha256 = await sha256Of(bytes);
    const known = instanceOf(store.read, parsed.instance.id);
    if (!known)
      await frames.keep(sha256, 0, await imaging.decodeWithPreview(bytes, 0, parsed.header.pixelPadding, { signal }));
    // The same file again heals a stored one that was damaged; one of other content is not taken in.
    if (!known || known.sha256 === sha256) await store.objects.put(bytes);
    const added = store.write((write) =>
      addInstance(write, parsed, { sha256, importedAt: now(), actor: services.actor }),
    );
    if (added.outcome === 'read') broadcast('study.changed', { study: added.study });
    const warning =
      parsed.preamble === 'executable'
        ? 'Its first 128 bytes look like a program. Only the image was taken; do not run the file.'
        : '';
    return { name, ...added, reason: added.reason || warning, source: null };
  }

  async function importFile(file: SourceFile, signal: AbortSignal): Promise<ImportEntry> {
    try {
      const bytes = await file.bytes();
      const { file: parsed, picture } = await imaging.parse(bytes, signal);
      if (parsed) return await take(file.name, bytes, parsed, signal);
      const kind = picture === 'png' ? 'PNG' : 'JPEG';
      return {
        ...nothing(
          file.name,
          'needs-confirmation',
          `A ${kind} picture says nothing of its patient. Confirm what it shows.`,
        ),
        source: file.source,
      };
    } catch (error) {
      if (signal.aborted) throw error;
      return nothing(file.name, 'refused', reasonOf(error));
    }
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
    const { file: parsed } = await imaging.parse(captured);
    if (!parsed) throw new AppError('internal', 'the secondary capture did not parse');
    const entry = await take(file.name, captured, parsed);
    if (source.kind === 'upload') uploads.forget(source.upload);
    return entry;
  }

  return {
    'import.run': async ({ job, sources }, { signal, emit }) => {
      sources.forEach(allowed);
      const files: SourceFile[] = [];
      for (const source of sources) files.push(...(await sourceFiles(source, uploads)));
      const entries: ImportEntry[] = [];
      const stage: z.infer<typeof Stage> = 'reading';
      for (const file of files) {
        emit('job.progress', { job, stage, done: entries.length, total: files.length });
        if (signal.aborted) break;
        const entry = await importFile(file, signal).catch((error: unknown) => {
          if (signal.aborted) return null;
          throw error;
        });
        if (!entry) break;
        entries.push(entry);
        if (file.source.kind === 'upload' && entry.outcome !== 'needs-confirmation') uploads.forget(file.source.upload);
      }
      return { entries, cancelled: entries.length < files.length };
    },
    'import.known': async () => ({ indexes: [], entries: [] }),
    'import.lists': async () => [],
    'import.list': () => Promise.reject(new AppError('not-found', 'Expected a list that is kept, found none.')),
    'import.picture': async ({ source, facts }) => {
      allowed(source);
      return await importPicture(source, facts);
    },
    'import.demo': async ({ what }) => {
      const bytes = await imaging.demo(what);
      const { file } = await imaging.parse(bytes);
      if (!file) throw new AppError('internal', 'the demo film did not parse');
      return await take(what === 'film' ? 'Demo film' : 'Test pattern', bytes, file);
    },
  };
}

const nothing = (name: string, outcome: ImportEntry['outcome'], reason: string): ImportEntry => ({
  name,
  outcome,
  reason,
  study: null,
  instance: null,
  source: null,
});

function reasonOf(error: unknown): string {
  if (error instanceof AppError && error.code !== 'internal') return error.message;
  return 'The file could not be read. Copy it again, or open another.';
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
