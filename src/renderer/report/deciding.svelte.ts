/** What the reader decides on the model's findings, kept first and then carried out in the text. */
import type { Finding } from '#core/findings/findings.ts';
import {
  decisionsOf,
  planAgain,
  planOf,
  standingOf,
  statedOf,
  type Decision,
  type Drafted,
  type Standing,
} from '#core/report/decided.ts';
import { bookOf } from '#core/report/phrases/book.ts';
import { statedWords } from '#core/report/phrases/words.ts';
import { languageOf } from '#core/report/planned.ts';
import type { SentenceSpan } from '#core/report/sentences.ts';
import type { FindingVerdict } from '#core/report/signing.ts';
import type { AnalysisId, LabelId } from '#core/study/ids.ts';
import type { Link } from '../link/link.ts';
import type { Reading } from '../state/reading.svelte.ts';
import type { Toasts } from '../state/toasts.svelte.ts';
import { wordsOf } from '../state/words.ts';
import type { EditorHandle, TextChange } from './editorHandle.ts';

export type Deciding = ReturnType<typeof createDeciding>;

/** '' where nothing changed. */
function wordsOfChange({ out, written }: TextChange): string {
  const count = (n: number) => (n === 1 ? '1 sentence' : `${n} sentences`);
  const parts = [
    ...(out > 0 ? [`${count(out)} taken out`] : []),
    ...(written > 0 ? [`${count(written)} written`] : []),
  ];
  return parts.length === 0 ? '' : `In the text: ${parts.join(', ')}`;
}

export function createDeciding(on: {
  link: Link;
  reading: Reading;
  toasts: Toasts;
  editor: () => EditorHandle | null;
  /** The report may be written in now, by this person: what is signed is judged no more. */
  editable: () => boolean;
}) {
  const { link, reading, toasts, editable } = on;
  const { api } = link;
  let verdicts = $state.raw<{ analysis: AnalysisId; list: readonly FindingVerdict[] } | null>(null);
  /** The finding that is being rejected or modified: why, or how, is asked. */
  let asking = $state.raw<{ label: LabelId; act: 'rejected' | 'modified' } | null>(null);

  const analysis = () => reading.session?.view?.analysis ?? null;
  const known = (): readonly FindingVerdict[] => (verdicts?.analysis === analysis()?.id ? (verdicts?.list ?? []) : []);
  const drafted = (): Drafted => ({
    sources: reading.session?.view?.draft.sources ?? [],
    findings: analysis()?.findings ?? [],
  });

  link.on('finding.judged', (event) => {
    if (event.analysis === verdicts?.analysis) void read(event.analysis);
  });

  async function read(of: AnalysisId): Promise<void> {
    try {
      const list = await api['finding.verdicts']({ analysis: of });
      if (of === analysis()?.id) verdicts = { analysis: of, list };
    } catch {
      verdicts = null;
    }
  }

  /** Stored first: a text that was not carried along says so, a decision that was not stored leaves the text alone. */
  async function decide(next: Decision, note = ''): Promise<void> {
    const of = analysis()?.id;
    const text = reading.session;
    if (!of || !text || !editable()) return;
    if (verdicts?.analysis !== of) await read(of);
    const before = known();
    try {
      await api['finding.judge']({ analysis: of, ...next, note });
    } catch (error) {
      toasts.show(wordsOf(error), { kind: 'warning' });
      return;
    }
    asking = null;
    // The reader went on to another study: this one's text is as it was, and says so when it is opened again.
    if (reading.session !== text) return;
    const done = on.editor()?.decide(planOf(drafted(), before, next), { typed: next.verdict === 'modified' }) ?? null;
    await read(of);
    if (done === null) toasts.show('The decision is kept. The text cannot be written in now, and stays as it is');
    else {
      const words = wordsOfChange(done);
      if (words !== '') toasts.show(words);
      await text.flush();
    }
  }

  return {
    get asking() {
      return asking;
    },
    ask: (label: LabelId, act: 'rejected' | 'modified') => (asking = { label, act }),
    askNothing: () => (asking = null),
    /** The newest verdict on a finding; null when nobody looked at it. */
    on: (label: LabelId): FindingVerdict | null => known().findLast((one) => one.label === label) ?? null,
    /** Whether the text follows the decision that is in force. */
    standing: (label: LabelId): Standing => standingOf(drafted(), known(), label, reading.session?.spans ?? []),

    /** The finding that the reader stated this sentence of; null for one that was typed. */
    statedOf: (sentence: SentenceSpan): LabelId | null => statedOf(known(), sentence),
    /** Findings of which the text says something else than was decided. */
    get differing(): readonly Finding[] {
      const spans = reading.session?.spans ?? [];
      return (analysis()?.findings ?? []).filter(
        ({ label }) => standingOf(drafted(), known(), label, spans).kind !== 'as-decided',
      );
    },

    /** What was decided before is known as soon as the report is open. */
    async know(): Promise<void> {
      const of = analysis()?.id;
      if (of && verdicts?.analysis !== of) await read(of);
    },
    /** What was selected has been looked at: kept once, before any other verdict. */
    async seen(label: LabelId): Promise<void> {
      const of = analysis()?.id;
      if (!of || !editable()) return;
      if (verdicts?.analysis !== of) await read(of);
      if (verdicts?.analysis !== of || known().some((one) => one.label === label)) return;
      // Nothing depends on it: the next selection asks again.
      await api['finding.judge']({ analysis: of, label, verdict: 'seen', note: '' }).catch(() => null);
      await read(of);
    },

    decide,
    /** Of a finding that the model did not mark, the reader's own sentence says that it is there. */
    accept(finding: Finding): Promise<void> {
      const { label, positive } = finding;
      const book = bookOf(languageOf(drafted().sources));
      const stated = positive ? '' : statedWords(book, finding, { side: null, zones: [], severity: null });
      return decide({ label, verdict: 'accepted', stated });
    },
    /** The text follows the decision again, also where the reader wrote in it. */
    async follow(label: LabelId): Promise<void> {
      const own = decisionsOf(known()).find((decision) => decision.label === label);
      if (!own) return;
      const plan = planAgain(drafted(), known(), own);
      const standing = standingOf(drafted(), known(), label, reading.session?.spans ?? []);
      // Those that were shown to the reader go, the typed ones too.
      const shown = standing.kind === 'stands' ? standing.sentences : [];
      const out = [...plan.out, ...shown.flatMap(({ sources }) => sources)];
      const unsay = [...plan.unsay, ...shown.filter(({ sources }) => sources.length === 0).map(({ text }) => text)];
      on.editor()?.decide({ ...plan, out, unsay }, { typed: true });
      await reading.session?.flush();
    },
  };
}
