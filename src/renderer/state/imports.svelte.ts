/** Opening files: picked, dropped or named at the start; what became of each; pictures that wait for a word. */
import type { ImportEntry, ImportSource, PictureFacts } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { Host, Picked } from '#contract/host.ts';
import type { StudyId } from '#core/study/ids.ts';
import { droppedItems } from '../imports/dropped.ts';
import { batchesOf, sourceOf } from '../imports/upload.ts';
import type { Link } from '../link/link.ts';
import type { JobHandle, Jobs } from './jobs.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import { wordsOf } from './words.ts';

export type Imports = ReturnType<typeof createImports>;

export interface ImportsOptions {
  link: Link;
  host: Host;
  jobs: Jobs;
  toasts: Toasts;
  openStudy: (study: StudyId) => void;
}

export function createImports({ link, host, jobs, toasts, openStudy }: ImportsOptions) {
  const { api } = link;
  let entries = $state.raw<readonly ImportEntry[]>([]);
  let shown = $state(false);
  let pictures = $state.raw<readonly ImportEntry[]>([]);
  let error = $state('');

  /** All of one opening: its batches one after the other, then the report. The first study read is opened. */
  async function run(
    work: (handle: JobHandle, found: (more: readonly ImportEntry[]) => void) => Promise<void>,
  ): Promise<void> {
    const found: ImportEntry[] = [];
    let opened = false;
    error = '';
    try {
      await jobs.run('Opening files', null, (handle) =>
        work(handle, (more) => {
          found.push(...more);
          const first = found.find((entry) => entry.study !== null);
          if (!first?.study || opened) return;
          opened = true;
          openStudy(first.study);
        }),
      );
    } catch (thrown) {
      if (!(thrown instanceof AppError && thrown.code === 'cancelled')) error = wordsOf(thrown);
    }
    finish(found);
  }

  function finish(found: readonly ImportEntry[]): void {
    pictures = [...pictures, ...found.filter((entry) => entry.outcome === 'needs-confirmation')];
    const rest = found.filter((entry) => entry.outcome !== 'needs-confirmation');
    if (rest.length === 0 && !error) return;
    entries = rest;
    const smooth = !error && rest.every((entry) => entry.outcome === 'read' || entry.outcome === 'already-here');
    shown = !smooth;
    if (smooth) toasts.show(summary(rest), { action: { label: 'Details', run: () => (shown = true) } });
  }

  const runSources = (sources: ImportSource[]) =>
    run(async ({ id, signal }, found) => found((await api['import.run']({ job: id, sources }, signal)).entries));

  async function runPicked(items: readonly Picked[]): Promise<void> {
    if (items.length === 0) return;
    await run(async ({ id, signal, report }, found) => {
      let sent = 0;
      for (const batch of batchesOf(items)) {
        const sources: ImportSource[] = [];
        for (const item of batch) {
          if (item.kind === 'file') report({ stage: 'reading', done: sent, total: items.length });
          sources.push(await sourceOf(api, item, signal));
          sent++;
        }
        found((await api['import.run']({ job: id, sources }, signal)).entries);
      }
    });
  }

  return {
    get entries() {
      return entries;
    },
    get shown() {
      return shown;
    },
    get error() {
      return error;
    },
    /** The picture that waits for its facts, and how many wait behind it. */
    get picture() {
      return pictures[0] ?? null;
    },
    get waiting() {
      return Math.max(0, pictures.length - 1);
    },
    runSources,
    async pick(kind: 'files' | 'folder'): Promise<void> {
      await runPicked(await host.pickFiles(kind));
    },
    async drop(transfer: DataTransfer): Promise<void> {
      await runPicked(await droppedItems(transfer, host));
    },
    demo: (what: 'film' | 'test-pattern' = 'film') =>
      run(async (_handle, found) => found([await api['import.demo']({ what })])),
    /** Throws when it is refused, so that the form can say so; the form goes on to the next picture when not. */
    async confirm(facts: PictureFacts): Promise<void> {
      const picture = pictures[0];
      if (!picture?.source) return;
      const entry = await api['import.picture']({ source: picture.source, facts });
      if (entry.outcome === 'refused') throw new AppError('refused', entry.reason);
      pictures = pictures.slice(1);
      if (entry.study) openStudy(entry.study);
    },
    skipPicture(): void {
      pictures = pictures.slice(1);
    },
    hide(): void {
      shown = false;
    },
  };
}

/** "12 files: 9 read, 3 already here", "1 file refused" */
export function summary(entries: readonly ImportEntry[]): string {
  const count = (outcome: ImportEntry['outcome']) => entries.filter((entry) => entry.outcome === outcome).length;
  const words: [number, string][] = [
    [count('read'), 'read'],
    [count('already-here'), 'already here'],
    [count('conflict'), 'in conflict'],
    [count('refused'), 'refused'],
  ];
  const there = words.filter(([number]) => number > 0);
  const files = entries.length === 1 ? '1 file' : `${entries.length} files`;
  if (there.length === 1) return `${files} ${there[0]?.[1] ?? ''}`;
  const said = there.map(([number, word]) => `${number} ${word}`);
  return said.length === 0 ? 'Nothing was read' : `${files}: ${said.join(', ')}`;
}
