/** Opening files: picked, dropped or named at the start; what became of each; pictures that wait for a word. */
import type { ImportEntry, ImportList, ImportReport, ImportSource, PictureFacts } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { Host, Picked } from '#contract/host.ts';
import type { StudyId } from '#core/study/ids.ts';
import { droppedItems } from '../imports/dropped.ts';
import { batchesOf, handOver, inOrder, measured, notKnown } from '../imports/upload.ts';
import type { Link } from '../link/link.ts';
import type { JobHandle, Jobs } from './jobs.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import { wordsOf } from './words.ts';

/** An earlier opening is fetched in pages of so many. */
const PAGE = 1000;

type Part = Pick<ImportReport, 'entries'> & Partial<ImportReport>;

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
  let title = $state('');
  let note = $state('');
  let view = $state<'entries' | 'lists'>('entries');
  let lists = $state.raw<readonly ImportList[]>([]);

  /** All of one opening: its batches one after the other, then the report. The first study read is opened. */
  async function run(work: (handle: JobHandle, found: (more: Part) => void) => Promise<void>): Promise<void> {
    const found: ImportEntry[] = [];
    let opened = false;
    let resumed = 0;
    let cancelled = false;
    error = '';
    try {
      await jobs.run('Opening files', null, (handle) =>
        work(handle, (part) => {
          for (const entry of part.entries) found.push(entry);
          resumed += part.resumed ?? 0;
          cancelled ||= part.cancelled ?? false;
          if (part.stopped) error = part.stopped;
          const first = opened ? undefined : part.entries.find((entry) => entry.study !== null);
          if (!first?.study) return;
          opened = true;
          openStudy(first.study);
        }),
      );
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'cancelled') cancelled = true;
      else error = wordsOf(thrown);
    }
    note = noteOf(cancelled || error !== '', resumed);
    finish(found, cancelled);
  }

  function finish(found: readonly ImportEntry[], cancelled: boolean): void {
    pictures = [...pictures, ...found.filter((entry) => entry.outcome === 'needs-confirmation')];
    const rest = found.filter((entry) => entry.outcome !== 'needs-confirmation');
    if (rest.length === 0 && !error) return;
    entries = rest;
    title = rest.length > 0 ? summary(rest) : 'The files could not be opened';
    const well = rest.every((entry) => entry.outcome === 'read' || entry.outcome === 'already-here');
    const smooth =
      !error && !cancelled && well && rest.every((entry) => entry.reason === '' || entry.outcome !== 'read');
    shown = !smooth;
    view = 'entries';
    if (smooth) toasts.show(title, { action: { label: 'Details', run: () => (shown = true) } });
  }

  const runSources = (sources: ImportSource[]) =>
    run(async ({ id, signal }, found) => found(await api['import.run']({ job: id, sources }, signal)));

  async function runPicked(items: readonly Picked[]): Promise<void> {
    if (items.length === 0) return;
    await run(async ({ id, signal, report }, found) => {
      const { fresh, known } = await notKnown(api, id, await measured(inOrder(items)), signal);
      found({ entries: known, resumed: known.length });
      let done = known.length;
      const batches = batchesOf(fresh);
      // One batch is handed over while the one before it is read. Without a batch the opening still has its end.
      let next = handOver(api, batches[0] ?? [], signal);
      for (let index = 0; index < Math.max(1, batches.length); index++) {
        const sources = await next;
        const more = index + 1 < batches.length;
        if (more) next = handOver(api, batches[index + 1] ?? [], signal);
        next.catch(() => undefined); // heard when its turn comes
        const part = await api['import.run']({ job: id, sources, more }, signal);
        found(part);
        done += part.entries.length;
        if (fresh.some(({ item }) => item.kind === 'file')) report({ stage: 'reading', done, total: items.length });
        if (part.cancelled || part.stopped !== '') return;
      }
    });
  }

  /** An earlier opening, page by page: the first is shown as soon as it is here. */
  async function showList(id: string): Promise<void> {
    view = 'entries';
    error = '';
    entries = [];
    note = '';
    try {
      const all: ImportEntry[] = [];
      for (let more = true; more;) {
        const page = await api['import.list']({ id, offset: all.length, limit: PAGE });
        for (const entry of page.entries) all.push(entry);
        title = `${page.list.name} · ${summary(all)}`;
        if (page.list.state === 'stopped') note = noteOf(true, 0);
        entries = [...all];
        more = all.length < page.total && page.entries.length > 0;
      }
    } catch (thrown) {
      error = wordsOf(thrown);
    }
  }

  async function showLists(): Promise<void> {
    shown = true;
    view = 'lists';
    error = '';
    try {
      lists = await api['import.lists']({});
    } catch (thrown) {
      error = wordsOf(thrown);
    }
  }

  return {
    get entries() {
      return entries;
    },
    get title() {
      return title;
    },
    /** What the person should know of the opening as a whole; empty when nothing. */
    get note() {
      return note;
    },
    /** The files of one opening, or the openings. */
    get view() {
      return view;
    },
    get lists() {
      return lists;
    },
    showList,
    showLists,
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
      run(async (_handle, found) => found({ entries: [await api['import.demo']({ what })] })),
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

function noteOf(cut: boolean, resumed: number): string {
  const before = resumed > 0 ? `${count(resumed)} of them were read before. ` : '';
  return before + (cut ? 'It did not come to its end. Open the same again, and it goes on where it stopped.' : '');
}

const count = (n: number): string => n.toLocaleString('en-GB');

/** "12 files: 9 read, 3 already here", "1 file refused" */
export function summary(entries: readonly ImportEntry[]): string {
  const counts: Partial<Record<ImportEntry['outcome'], number>> = {};
  for (const { outcome } of entries) counts[outcome] = (counts[outcome] ?? 0) + 1;
  const words: [number, string][] = [
    [counts.read ?? 0, 'read'],
    [counts['already-here'] ?? 0, 'already here'],
    [counts.conflict ?? 0, 'in conflict'],
    [counts.refused ?? 0, 'refused'],
    [counts['needs-confirmation'] ?? 0, 'waiting for you'],
  ];
  const there = words.filter(([number]) => number > 0);
  const files = entries.length === 1 ? '1 file' : `${count(entries.length)} files`;
  if (there.length === 1) return `${files} ${there[0]?.[1] ?? ''}`;
  const said = there.map(([number, word]) => `${count(number)} ${word}`);
  return said.length === 0 ? 'Nothing was read' : `${files}: ${said.join(', ')}`;
}
