/**
 * One study's report: opened, drafted, edited, saved. Everything here belongs to that study alone, so that a job that
 * ends after the reader went on to another study changes nothing there.
 */
import type { DraftView } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { DraftVersion, ReportDocument } from '#core/report/report.ts';
import { spansOf } from '#core/report/sentences.ts';
import type { StudyId } from '#core/study/ids.ts';
import type { Link } from '../link/link.ts';
import { createSaver, type Clock, type Saver, type SaveState } from '../report/saver.ts';
import type { Jobs } from './jobs.svelte.ts';
import { wordsOf } from './words.ts';

export type DraftStatus =
  | { kind: 'loading' | 'none' | 'making' | 'ready' }
  /** No film was accepted: `message` names the reasons. */
  | { kind: 'refused'; message: string }
  | { kind: 'failed'; message: string; during: 'open' | 'make' };

export type DraftSession = ReturnType<typeof createDraftSession>;

const wallClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** A text with what can be undone of it, asked for when it is saved. */
interface Written {
  document: ReportDocument;
  undo: () => string | null;
}
const nothing = () => null;
const same = (a: Written, b: Written) => JSON.stringify(a.document) === JSON.stringify(b.document);

export function createDraftSession(link: Link, jobs: Jobs, study: StudyId) {
  const { api } = link;
  let status = $state.raw<DraftStatus>({ kind: 'loading' });
  let view = $state.raw<DraftView | null>(null);
  let document = $state.raw<ReportDocument | null>(null);
  /** Goes up when the text is replaced by something other than the editor. */
  let generation = $state(0);
  let save = $state.raw<SaveState | null>(null);
  /** Nothing can be saved for a while: until a save gets through, nothing should be typed that a kill would lose. */
  let paused = $state(false);
  let saver: Saver<Written> | null = null;
  /** What can be undone of the present text. */
  let undo: () => string | null = nothing;
  let loading: Promise<void> = Promise.resolve();
  /** Given up: nothing is written any more, whoever sits here next. */
  let given = false;
  const spans = $derived(document && view ? spansOf(document, view.draft.sources) : []);

  function show(next: DraftView): void {
    const { draft } = next;
    view = next;
    document = draft.document;
    undo = () => next.undo;
    generation++;
    status = { kind: 'ready' };
    saver = createSaver({
      revision: draft.revision,
      savedAt: draft.savedAt,
      clock: wallClock,
      same,
      save: (content, revision) =>
        given
          ? Promise.reject(new AppError('conflict', 'This text was given up.'))
          : api['draft.save']({ draft: draft.id, revision, document: content.document, undo: content.undo() }),
      stored: async () => {
        const now = await reread();
        return { content: { document: now.document, undo: nothing }, revision: now.revision, savedAt: now.savedAt };
      },
      onState: (to) => {
        save = to;
        if (to.kind !== 'saving') paused = to.kind === 'failed' && to.paused;
      },
    });
    save = saver.state();
  }

  async function reread(): Promise<DraftView['draft']> {
    const now = await api['draft.open']({ study });
    if (!now) throw new AppError('not-found', 'The report of this study is not there any more.');
    return now.draft;
  }

  function load(): Promise<void> {
    loading = status.kind === 'making' ? Promise.resolve() : read();
    return loading;
  }

  async function read(): Promise<void> {
    try {
      const stored = await api['draft.open']({ study });
      if (stored) show(stored);
      else status = { kind: 'none' };
    } catch (error) {
      status = { kind: 'failed', message: wordsOf(error), during: 'open' };
    }
  }

  /** The outcome is in `status`. */
  async function make(again = false): Promise<'asked' | 'not asked'> {
    await loading; // a study that was opened a moment ago: whether it has a report is not known yet
    if (status.kind === 'making' || status.kind === 'loading') return 'not asked';
    // A discarded report makes room for another one.
    if (status.kind === 'ready' && !again) return 'not asked';
    status = { kind: 'making' };
    try {
      show(
        await jobs.run('Drafting the report', study, ({ id, signal }) => api['draft.make']({ job: id, study }, signal)),
      );
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal';
      if (code === 'cancelled') status = { kind: 'none' };
      else if (code === 'refused') status = { kind: 'refused', message: wordsOf(error) };
      else status = { kind: 'failed', message: wordsOf(error), during: 'make' };
    }
    return 'asked';
  }

  /** An empty report, for a reader who writes without the model. The outcome is in `status`. */
  async function write(): Promise<void> {
    await loading;
    if (status.kind === 'making' || status.kind === 'ready' || status.kind === 'loading') return;
    try {
      show(await api['draft.write']({ study }));
    } catch (error) {
      status = { kind: 'failed', message: wordsOf(error), during: 'make' };
    }
  }

  /** Somebody else's save: taken over at once where nothing of ours waits. */
  async function changedElsewhere(revision: number): Promise<void> {
    if (!saver || saver.pending() || save?.kind !== 'saved' || revision <= saver.revision()) return;
    const now = await reread().catch(() => null);
    if (!now || saver.pending() || now.revision <= saver.revision()) return;
    replace(now.document, now.revision, now.savedAt);
  }

  function replace(text: ReportDocument, revision: number, savedAt: number): void {
    document = text;
    undo = nothing;
    generation++;
    saver?.adopt(revision, savedAt);
  }

  /** Writes `first`, keeps it as a version, then writes `second`: both texts stay, the second one in front. */
  async function settle(second: ReportDocument, first: ReportDocument | null): Promise<void> {
    if (!view) return;
    const draft = view.draft.id;
    let { revision } = await reread();
    if (first) ({ revision } = await api['draft.save']({ draft, revision, document: first }));
    await api['draft.keep']({ draft });
    const done = await api['draft.save']({ draft, revision, document: second });
    replace(second, done.revision, done.savedAt);
  }

  const stops = [
    link.on('draft.changed', (event) => {
      if (event.study !== study) return;
      if (status.kind === 'none' || status.kind === 'refused') void load();
      else void changedElsewhere(event.revision);
    }),
    link.onState((to) => {
      if (to !== 'open') return;
      saver?.retry();
      if (status.kind === 'failed' && status.during === 'open') void load();
    }),
  ];

  return {
    study,
    get status() {
      return status;
    },
    get view() {
      return view;
    },
    get document() {
      return document;
    },
    get spans() {
      return spans;
    },
    get generation() {
      return generation;
    },
    get save() {
      return save;
    },
    get paused() {
      return paused;
    },
    load,
    make,
    write,
    edited(text: ReportDocument, undoOfText: () => string | null): void {
      document = text;
      undo = undoOfText;
      saver?.edited({ document: text, undo });
    },
    undo: (): string | null => undo(),
    forgetUndo(): void {
      undo = nothing;
    },
    flush: (): Promise<void> => saver?.flush() ?? Promise.resolve(),
    /** The present text as a version that never changes. */
    async keep(): Promise<DraftVersion | null> {
      if (!view || !saver) return null;
      await saver.flush();
      if (saver.pending())
        throw new AppError('conflict', 'The version is not kept, because the text itself is not saved yet.');
      return api['draft.keep']({ draft: view.draft.id });
    },
    /** After a conflict: mine goes on, theirs stays as a version. */
    async keepMine(): Promise<void> {
      if (document) await settle(document, null);
    },
    /** After a conflict: theirs goes on, mine stays as a version. */
    async useTheirs(): Promise<void> {
      if (document) await settle((await reread()).document, document);
    },
    dispose(): void {
      given = true;
      for (const stop of stops) stop();
    },
  };
}
