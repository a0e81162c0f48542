/** Peer reviews of the reports that the person signed: how many they have not answered yet. */
import type { ReviewItem } from '#contract/desk.ts';
import type { Link } from '../link/link.ts';
import type { Session } from '../state/session.svelte.ts';
import { wordsOf } from '../state/words.ts';

export function createMine({ link, session }: { link: Link; session: Session }) {
  let list = $state.raw<readonly ReviewItem[]>([]);
  let error = $state('');

  async function load(): Promise<void> {
    const { state } = session;
    if (state?.kind !== 'signed-in' || state.mustChangePassword || !session.may('radiologist')) {
      list = [];
      return;
    }
    try {
      list = await link.api['review.mine']({});
      error = '';
    } catch (thrown) {
      error = wordsOf(thrown);
    }
  }
  session.onChange(() => void load());
  link.on('review.changed', () => void load());

  return {
    get list() {
      return list;
    },
    get error() {
      return error;
    },
    get open(): number {
      return list.filter(({ review }) => review.answeredAt === null).length;
    },
    /** Throws what the backend refused. */
    async answer(review: number, answer: string): Promise<void> {
      await link.api['review.answer']({ review, answer });
      await load();
    },
  };
}
