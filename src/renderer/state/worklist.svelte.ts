/** The studies that are here: searched, read page by page, with a cursor for the keyboard. */
import type { StudySummary } from '#core/study/study.ts';
import type { Link } from '../link/link.ts';
import { wordsOf } from './words.ts';

const PAGE = 100;
const TYPING_MS = 120;

export type Worklist = ReturnType<typeof createWorklist>;

export function createWorklist(link: Link) {
  let text = $state('');
  let studies = $state.raw<readonly StudySummary[]>([]);
  let total = $state(0);
  let status = $state<'loading' | 'ready' | 'failed'>('loading');
  let error = $state('');
  let cursor = $state(0);
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reading = false;
  /** Who waits until what is shown is what was last asked for. */
  const waiting: (() => void)[] = [];

  /** Reads `count` studies from the start; an answer to an older question is dropped. */
  async function read(count: number): Promise<void> {
    const ask = ++asked;
    reading = true;
    try {
      let found: StudySummary[] = [];
      let all = 0;
      do {
        const limit = Math.min(500, count - found.length);
        const page = await link.api['study.list']({ text, limit, offset: found.length });
        if (ask !== asked) return;
        found = [...found, ...page.studies];
        all = page.total;
        if (page.studies.length < limit) break;
      } while (found.length < count);
      studies = found;
      total = all;
      cursor = Math.min(cursor, Math.max(0, found.length - 1));
      status = 'ready';
      error = '';
    } catch (thrown) {
      if (ask !== asked) return;
      status = 'failed';
      error = wordsOf(thrown);
    } finally {
      if (ask === asked) reading = false;
      if (!reading && timer === undefined) for (const go of waiting.splice(0)) go();
    }
  }
  const later = (ms: number, count = Math.max(PAGE, studies.length)) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      void read(count);
    }, ms);
  };
  link.on('study.changed', () => later(TYPING_MS));
  link.onState((to) => {
    if (to === 'open') later(0);
  });

  /** Settles when what is shown is what was last asked for. */
  const settled = (): Promise<void> =>
    reading || timer !== undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();

  return {
    get text() {
      return text;
    },
    get studies() {
      return studies;
    },
    get total() {
      return total;
    },
    get status() {
      return status;
    },
    get error() {
      return error;
    },
    get cursor() {
      return cursor;
    },
    /** What changes meanwhile asks anew, and the answer to this question is dropped: then it lasts until the newer one. */
    load: () => read(PAGE).then(settled),
    search(words: string): void {
      text = words;
      cursor = 0;
      later(TYPING_MS, PAGE);
    },
    settled,
    more(): void {
      if (status === 'ready' && studies.length < total) void read(studies.length + PAGE);
    },
    move(to: number): void {
      cursor = Math.max(0, Math.min(studies.length - 1, to));
    },
  };
}
