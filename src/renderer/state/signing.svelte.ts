/** From the draft on the screen to a signed report: its status, and the acts that lead on. */
import { AppError } from '#contract/errors.ts';
import type { Override, RaisedCheck, ReportStatus } from '#core/report/signing.ts';
import type { ReportAct } from '#core/report/states.ts';
import type { DraftId } from '#core/study/ids.ts';
import type { Link } from '../link/link.ts';
import { createSaver, type Saver, type SaveState } from '../report/saver.ts';
import type { DialogName } from './desk.svelte.ts';
import type { Reading } from './reading.svelte.ts';
import type { Session } from './session.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import { wordsOf } from './words.ts';

/** What is about to be signed, as the backend has it. */
export interface Review {
  draft: DraftId;
  revision: number;
  text: string;
  sha256: string;
  checks: readonly RaisedCheck[];
  findingsNotLookedAt: number;
}

export type Signing = ReturnType<typeof createSigning>;

const clock = {
  now: () => Date.now(),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export function createSigning(on: {
  link: Link;
  session: Session;
  toasts: Toasts;
  reading: Reading;
  show: (name: DialogName | null) => void;
}) {
  const { link, session, toasts, reading, show } = on;
  const { api } = link;
  let known = $state.raw<ReportStatus | null>(null);
  let review = $state.raw<Review | null>(null);
  let addendum = $state.raw<{ draft: DraftId; text: string; saver: Saver<string> } | null>(null);
  let addendumSave = $state.raw<SaveState | null>(null);
  let busy = $state(false);

  const draft = () => reading.session?.view?.draft.id ?? null;
  /** Of the report on the screen; what came with it until something newer is known. */
  const status = $derived.by((): ReportStatus | null => {
    const opened = reading.session?.view?.report ?? null;
    return known && known.draft === reading.session?.view?.draft.id ? known : opened;
  });

  function take(next: ReportStatus): void {
    known = next;
  }
  async function refresh(): Promise<void> {
    const id = draft();
    if (!id) return;
    const next = await api['report.status']({ draft: id }).catch(() => null);
    if (next && next.draft === draft()) take(next);
  }
  // A new session hears of the report that stands open, so that its text is stored even while the window is locked.
  session.onChange(({ kind }) => {
    if (kind === 'signed-in') void refresh();
  });
  link.on('report.changed', (event) => {
    if (event.draft === draft()) void refresh();
  });
  link.on('draft.changed', (event) => {
    if (event.draft === draft()) void refresh();
  });
  link.on('study.changed', (event) => {
    if (event.study === reading.study?.summary.id) void refresh();
  });
  /** Everything typed is stored before anything is done with the report. */
  async function stored(): Promise<{ draft: DraftId; revision: number }> {
    const { session: text } = reading;
    const id = draft();
    if (!text || !id) throw new AppError('not-found', 'There is no report on the screen.');
    await text.flush();
    await addendum?.saver.flush();
    if (text.save?.kind !== 'saved' || (addendumSave && addendumSave.kind !== 'saved'))
      throw new AppError('conflict', 'The text is not stored yet. Wait until the status line says so, then try again.');
    const now = await api['report.status']({ draft: id });
    take(now);
    return { draft: id, revision: now.revision };
  }

  /** Runs one act; what went wrong is said in a toast, or thrown to the dialog that asked. */
  async function act(run: () => Promise<void>, loud = true): Promise<boolean> {
    if (busy) return false;
    busy = true;
    try {
      await run();
      return true;
    } catch (error) {
      if (!loud) throw error;
      toasts.show(wordsOf(error), { kind: 'warning' });
      return false;
    } finally {
      busy = false;
    }
  }

  function needsPerson(): boolean {
    if (session.state?.kind !== 'evaluation') return false;
    show('first-person');
    toasts.show('A report is signed by somebody: set up accounts first');
    return true;
  }
  const can = (name: ReportAct) => status?.acts.includes(name) ?? false;

  async function openReview(): Promise<void> {
    const { draft: id } = await stored();
    const next = await api['report.review']({ draft: id });
    review = { draft: id, ...next };
    show('sign');
  }

  function editAddendum(now: ReportStatus): void {
    if (addendum?.draft === now.draft) return;
    const saver = createSaver<string>({
      revision: now.revision,
      savedAt: Date.now(),
      clock,
      same: (a, b) => a === b,
      save: (text, revision) => api['report.saveAddendum']({ draft: now.draft, revision, text }),
      stored: async () => {
        const stands = await api['report.status']({ draft: now.draft });
        return { content: stands.addendum, revision: stands.revision, savedAt: Date.now() };
      },
      onState: (to) => (addendumSave = to),
    });
    addendum = { draft: now.draft, text: now.addendum, saver };
    addendumSave = saver.state();
  }
  function endAddendum(): void {
    addendum = null;
    addendumSave = null;
  }

  return {
    get status() {
      return status;
    },
    get review() {
      return review;
    },
    get busy() {
      return busy;
    },
    get addendumSave() {
      return addendumSave;
    },
    get unsaved(): boolean {
      return addendumSave !== null && addendumSave.kind !== 'saved';
    },
    /** The text may be edited now, by this person. */
    get editable(): boolean {
      return session.may('radiologist') && (status === null || can('edit'));
    },
    can,
    refresh,

    /** The exact text, its hash and what the checks say of it, before anything is signed. */
    async sign(): Promise<void> {
      if (!draft()) return;
      if (needsPerson()) return;
      if (!can('sign')) {
        toasts.show('This report is signed. Begin an addendum or a correction to add to it', { kind: 'warning' });
        return;
      }
      await act(openReview);
    },
    /** Throws what the backend refused. */
    async confirm(password: string, overrides: Override[]): Promise<void> {
      const shown = review;
      if (!shown) return;
      await act(async () => {
        const { draft: id, revision, sha256 } = shown;
        const now = await api['report.sign']({ draft: id, revision, sha256, password, overrides });
        take(now);
        endAddendum();
        review = null;
        show(null);
        toasts.show(`Signed: version ${now.inForce?.number ?? ''}`);
      }, false);
    },
    async preliminary(): Promise<void> {
      if (!draft() || needsPerson()) return;
      await act(async () => {
        const { draft: id } = await stored();
        const { revision, sha256 } = await api['report.review']({ draft: id });
        take(await api['report.preliminary']({ draft: id, revision, sha256 }));
        toasts.show('Released as preliminary');
      });
    },
    async beginAddendum(): Promise<void> {
      if (!draft() || needsPerson()) return;
      await act(async () => take(await api['report.addendum'](await stored())));
    },
    /** Throws what the backend refused. */
    correct: (reason: string) =>
      act(async () => {
        take(await api['report.correct']({ ...(await stored()), reason }));
        show(null);
      }, false),
    /** Throws what the backend refused. */
    discard: (reason: string) =>
      act(async () => {
        take(await api['report.discard']({ ...(await stored()), reason }));
        endAddendum();
        show(null);
        toasts.show('Discarded. What was typed is kept in the versions');
      }, false),
    async stands(): Promise<void> {
      const id = draft();
      if (id)
        await act(async () => take(await api['report.stands']({ draft: id, lateImages: status?.lateImages ?? 0 })));
    },

    /** The addendum that is being written on the report on the screen; null when none is. */
    get addendum(): string | null {
      return addendum && addendum.draft === reading.session?.view?.draft.id ? addendum.text : null;
    },
    editAddendum,
    endAddendum,
    typeAddendum(text: string): void {
      if (!addendum) return;
      addendum = { ...addendum, text };
      addendum.saver.edited(text);
    },
  };
}
