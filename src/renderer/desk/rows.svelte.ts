/** The rows of the auditor's list: read page by page as they come into sight, with a cursor for the keyboard. */
import type { DeskFilter, DeskRow, DeskSort } from '#contract/desk.ts';
import type { DraftId } from '#core/study/ids.ts';
import type { Link } from '../link/link.ts';
import { wordsOf } from '../state/words.ts';

const PAGE = 100;

export function createRows(link: Link, filter: () => DeskFilter) {
  let pages = $state.raw<Readonly<Record<number, readonly DeskRow[]>>>({});
  let total = $state(0);
  let sort = $state<DeskSort>('changedAt');
  let descending = $state(true);
  let cursor = $state(0);
  let status = $state<'loading' | 'ready' | 'failed'>('loading');
  let error = $state('');
  let asked = 0;
  let wanted: readonly number[] = [];

  async function read(page: number): Promise<void> {
    if (wanted.includes(page)) return;
    wanted = [...wanted, page];
    const ask = asked;
    try {
      const query = { filter: filter(), sort, descending, limit: PAGE, offset: page * PAGE };
      const answer = await link.api['desk.list'](query);
      if (ask !== asked) return;
      pages = { ...pages, [page]: answer.rows };
      total = answer.total;
      cursor = Math.max(0, Math.min(cursor, total - 1));
      status = 'ready';
      error = '';
    } catch (thrown) {
      if (ask !== asked) return;
      wanted = wanted.filter((one) => one !== page);
      status = 'failed';
      error = wordsOf(thrown);
    }
  }

  async function load(): Promise<void> {
    asked++;
    wanted = [];
    // What was seen first stays until the answer is there, so that nothing flickers.
    pages = pages[0] ? { 0: pages[0] } : {};
    await read(0);
  }
  const indexOf = (draft: DraftId): number =>
    Object.keys(pages)
      .map(Number)
      .map((page) => ({ page, at: (pages[page] ?? []).findIndex((row) => row.draft === draft) }))
      .filter(({ at }) => at >= 0)
      .map(({ page, at }) => page * PAGE + at)[0] ?? -1;
  const rowAt = (index: number): DeskRow | null => pages[Math.floor(index / PAGE)]?.[index % PAGE] ?? null;

  return {
    get total() {
      return total;
    },
    get sort() {
      return sort;
    },
    get descending() {
      return descending;
    },
    get cursor() {
      return cursor;
    },
    get status() {
      return status;
    },
    get error() {
      return error;
    },
    load,
    /** null while it is on its way. */
    at: rowAt,
    /** Rows `from` up to, not including, `to` are in sight. */
    need(from: number, to: number): void {
      for (let page = Math.floor(from / PAGE); page * PAGE < Math.min(to, total); page++) void read(page);
    },
    move(to: number): void {
      cursor = Math.max(0, Math.min(total - 1, to));
    },
    /** The same column again turns the order round. */
    sortBy(by: DeskSort): void {
      descending = by === sort ? !descending : by === 'changedAt' || by === 'share' || by === 'overrides';
      sort = by;
      cursor = 0;
      void load();
    },
    async beside(draft: DraftId, by: 1 | -1): Promise<DraftId | null> {
      const here = rowAt(cursor)?.draft === draft ? cursor : indexOf(draft);
      const to = here + by;
      if (here < 0 || to < 0 || to >= total) return null;
      await read(Math.floor(to / PAGE));
      cursor = to;
      return rowAt(to)?.draft ?? null;
    },
    clear(): void {
      asked++;
      wanted = [];
      pages = {};
      total = 0;
      cursor = 0;
      status = 'loading';
    },
  };
}
