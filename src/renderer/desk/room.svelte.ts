/** The auditor's room: the list of reports, the one that is open, samples for peer review, monitoring. */
import type { DeskChoices, DeskFilter, DeskReport, DeskSort } from '#contract/desk.ts';
import type { Monitoring } from '#core/desk/monitoring.ts';
import type { DraftId } from '#core/study/ids.ts';
import type { Link } from '../link/link.ts';
import type { Reading } from '../state/reading.svelte.ts';
import { wordsOf } from '../state/words.ts';
import { createRows } from './rows.svelte.ts';
import { createSamples } from './samples.svelte.ts';

export type RoomPage = 'reports' | 'review' | 'monitoring' | 'critical';
export type ReportTab = 'text' | 'findings' | 'history' | 'review';

export type Room = ReturnType<typeof createRoom>;

export const anyFilter = (): DeskFilter => ({
  ...{ text: '', reader: '', from: null, to: null, pack: '', stages: [], changedFrom: null, changedTo: null },
  ...{ overrides: 'any', finding: null },
});

export function createRoom({ link, reading }: { link: Link; reading: Reading }) {
  const { api } = link;
  let page = $state<RoomPage | null>(null);
  let filter = $state.raw<DeskFilter>(anyFilter());
  let choices = $state.raw<DeskChoices>({ readers: [], packs: [], findings: [] });
  let monitoring = $state.raw<Monitoring | null>(null);
  let report = $state.raw<DeskReport | null>(null);
  let tab = $state<ReportTab>('text');
  /** The sample that the open report was taken from; empty: from the list. */
  let sample = $state('');
  let error = $state('');
  let asked = 0;
  const rows = createRows(link, () => filter);
  const samples = createSamples(link);

  async function refresh(): Promise<void> {
    error = '';
    try {
      choices = await api['desk.choices']({});
      if (page === 'reports') await rows.load();
      if (page === 'review') await samples.load();
      if (page === 'monitoring') monitoring = await api['desk.monitoring']({ filter });
    } catch (thrown) {
      error = wordsOf(thrown);
    }
  }

  /** The last call wins. */
  async function open(draft: DraftId, at: ReportTab = tab, of = ''): Promise<void> {
    const ask = ++asked;
    error = '';
    try {
      const next = await api['desk.report']({ draft });
      await reading.open(next.draft.study);
      if (ask !== asked) return;
      report = next;
      tab = at;
      sample = of;
      reading.select(next.fates.find(({ positive }) => positive)?.label ?? null);
    } catch (thrown) {
      if (ask === asked) error = wordsOf(thrown);
    }
  }

  return {
    rows,
    samples,
    get page() {
      return page;
    },
    get filter() {
      return filter;
    },
    get choices() {
      return choices;
    },
    get monitoring() {
      return monitoring;
    },
    get report() {
      return report;
    },
    get tab() {
      return tab;
    },
    set tab(to: ReportTab) {
      tab = to;
    },
    get sample() {
      return sample;
    },
    get error() {
      return error;
    },
    async show(to: RoomPage): Promise<void> {
      page = to;
      report = null;
      asked++;
      reading.close();
      await refresh();
    },
    refresh,
    narrow(change: Partial<DeskFilter>): void {
      filter = { ...filter, ...change };
      if (page === 'monitoring') void refresh();
      else void rows.load();
    },
    widen(): void {
      filter = anyFilter();
      void refresh();
    },
    sort: (by: DeskSort) => rows.sortBy(by),
    open,
    /** Read again what is open: a review was given, a version was signed. */
    reopen: () => (report ? open(report.row.draft, tab, sample) : Promise.resolve()),
    /** Back to the list that the report came from. */
    async back(): Promise<void> {
      asked++;
      report = null;
      reading.close();
      await refresh();
    },
    /** The next or previous report of the list or the sample. */
    async step(by: 1 | -1): Promise<void> {
      if (!report) return;
      const { draft } = report.row;
      const next = sample === '' ? await rows.beside(draft, by) : samples.beside(draft, by);
      if (next) await open(next, tab, sample);
    },
    /** Nothing of it stays on the screen. */
    close(): void {
      asked++;
      page = null;
      report = null;
      monitoring = null;
      filter = anyFilter();
      rows.clear();
      samples.clear();
    },
  };
}
