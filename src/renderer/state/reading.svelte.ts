/** The study on the screen: its images, its report, and what of it is selected. */
import type { LabelId, StudyId } from '#core/study/ids.ts';
import type { Study } from '#core/study/study.ts';
import type { Link } from '../link/link.ts';
import type { PlacedSentence } from '../report/places.ts';
import { createDraftSession, type DraftSession } from './draft.svelte.ts';
import type { Jobs } from './jobs.svelte.ts';
import { wordsOf } from './words.ts';

export type Reading = ReturnType<typeof createReading>;

export function createReading(link: Link, jobs: Jobs) {
  let study = $state.raw<Study | null>(null);
  let opening = $state<StudyId | null>(null);
  let arriving: Promise<void> = Promise.resolve();
  let error = $state('');
  let session = $state.raw<DraftSession | null>(null);
  let selected = $state<LabelId | null>(null);
  let sentence = $state.raw<PlacedSentence | null>(null);
  let pointed = $state<LabelId | null>(null);
  /** Sessions of studies that were left while a job ran or text waited to be saved. */
  let left: readonly DraftSession[] = [];
  const forget = (old: DraftSession) => (left = left.filter((other) => other !== old));

  // More images of the study on the screen arrived, or its state changed.
  link.on('study.changed', ({ study: id }) => {
    if (study?.summary.id !== id) return;
    void link.api['study.open']({ study: id }).then(
      (next) => {
        if (study?.summary.id === id) study = next;
      },
      () => undefined, // what is shown stays; the next change asks again
    );
  });

  function leave(): void {
    if (!session) return;
    const old = session;
    session = null;
    left = [...left, old];
    void old.flush().finally(() => {
      if (old.status.kind === 'making' || old.save?.kind === 'failed' || old.save?.kind === 'conflict') return;
      if (!left.includes(old)) return;
      forget(old);
      old.dispose();
    });
  }

  function report(id: StudyId): DraftSession {
    const kept = left.find((old) => old.study === id);
    if (kept) {
      forget(kept);
      return kept;
    }
    const fresh = createDraftSession(link, jobs, id);
    void fresh.load();
    return fresh;
  }

  async function arrive(id: StudyId): Promise<void> {
    try {
      const next = await link.api['study.open']({ study: id });
      if (opening !== id) return;
      if (session?.study !== id) {
        leave();
        session = report(id);
      }
      study = next;
      selected = null;
      sentence = null;
      pointed = null;
    } catch (thrown) {
      if (opening === id) error = wordsOf(thrown);
    } finally {
      if (opening === id) opening = null;
    }
  }

  return {
    get study() {
      return study;
    },
    get opening() {
      return opening;
    },
    get error() {
      return error;
    },
    get session() {
      return session;
    },
    get selected() {
      return selected;
    },
    get sentence() {
      return sentence;
    },
    /** The finding that the pointer is on, in the text or the list of findings. */
    get pointed() {
      return pointed;
    },
    /** The last call wins; what is on the screen stays until the new study is there. */
    async open(id: StudyId): Promise<void> {
      opening = id;
      error = '';
      arriving = arrive(id);
      await arriving;
    },
    /** The report of the study on the screen; while another is being opened that one's, or null where it does not open. */
    async meant(): Promise<DraftSession | null> {
      if (!opening) return session;
      while (opening) await arriving;
      return error === '' ? session : null;
    },
    /** Something that was typed, here or in a study that was left, is not stored yet. */
    get unsaved(): boolean {
      const waits = (one: DraftSession) => one.save !== null && one.save.kind !== 'saved';
      return (session !== null && waits(session)) || left.some(waits);
    },
    /** Nothing of the present person stays on the screen. */
    close(): void {
      for (const old of [...left, ...(session ? [session] : [])]) old.dispose();
      left = [];
      study = null;
      session = null;
      opening = null;
      selected = null;
      sentence = null;
      pointed = null;
      error = '';
    },
    /** From the image or the list of findings. */
    select(label: LabelId | null): void {
      selected = label;
      sentence = null;
    },
    point(label: LabelId | null): void {
      pointed = label;
    },
    /** From the editor: where the caret stands. */
    caret(at: PlacedSentence | null): void {
      sentence = at;
      selected = at?.finding ?? null;
    },
  };
}
