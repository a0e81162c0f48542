/** Critical results: those of the study on the screen, and all that nobody was told of yet. */
import type { CriticalItem } from '#contract/critical.ts';
import { closing, dueAt, type Critical } from '#core/desk/critical.ts';
import type { StudyId } from '#core/study/ids.ts';
import type { Link } from '../link/link.ts';
import type { Session } from '../state/session.svelte.ts';
import { wordsOf } from '../state/words.ts';

/** What is overdue becomes so without anybody's doing: looked at so often. */
const TICK_MS = 20_000;

export type Criticals = ReturnType<typeof createCriticals>;

export function createCriticals({ link, session }: { link: Link; session: Session }) {
  const { api } = link;
  let own = $state.raw<{ study: StudyId; list: readonly Critical[] } | null>(null);
  let open = $state.raw<readonly CriticalItem[]>([]);
  let error = $state('');
  let now = $state(Date.now());
  const overdue = $derived(open.filter(({ critical }) => now > dueAt(critical)).length);

  async function load(): Promise<void> {
    now = Date.now();
    const { state } = session;
    const inside = state?.kind === 'evaluation' || (state?.kind === 'signed-in' && !state.mustChangePassword);
    if (!inside || !session.reads) {
      open = [];
      own = null;
      return;
    }
    try {
      open = await api['critical.list']({});
      error = '';
    } catch (thrown) {
      error = wordsOf(thrown);
    }
  }
  async function follow(study: StudyId | null): Promise<void> {
    if (study === null) {
      own = null;
      return;
    }
    try {
      const list = await api['critical.of']({ study });
      own = { study, list };
    } catch (thrown) {
      error = wordsOf(thrown);
    }
  }
  session.onChange(() => void load());
  link.on('critical.changed', ({ study }) => {
    void load();
    if (own?.study === study) void follow(study);
  });
  setInterval(() => (now = Date.now()), TICK_MS);

  return {
    /** Milliseconds since 1970; goes on by itself. */
    get now() {
      return now;
    },
    get open() {
      return open;
    },
    get overdue() {
      return overdue;
    },
    get error() {
      return error;
    },
    load,
    /** The study on the screen; null: none. */
    follow,
    of: (study: StudyId | null): readonly Critical[] => (own !== null && own.study === study ? own.list : []),
    openOf(study: StudyId | null): readonly Critical[] {
      return this.of(study).filter((critical) => closing(critical) === null);
    },
    all: () => api['critical.list']({ open: false, limit: 1000 }),
    /** These throw what the backend refused. */
    found: (what: Parameters<(typeof api)['critical.found']>[0]) => api['critical.found'](what),
    tell: (what: Parameters<(typeof api)['critical.tell']>[0]) => api['critical.tell'](what),
    withdraw: (critical: string, reason: string) => api['critical.withdraw']({ critical, reason }),
  };
}
