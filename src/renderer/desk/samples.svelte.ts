/** Samples for peer review: drawn, gone through report by report. */
import type { Api } from '#contract/protocol.ts';
import type { Product } from '#contract/calls.ts';
import type { Sample } from '#core/desk/review.ts';
import type { DraftId } from '#core/study/ids.ts';
import type { Link } from '../link/link.ts';

type Items = Awaited<ReturnType<Api<Product>['review.items']>>;

export function createSamples(link: Link) {
  const { api } = link;
  let list = $state.raw<readonly Sample[] | null>(null);
  let chosen = $state('');
  let items = $state.raw<Items>([]);
  let cursor = $state(0);

  async function choose(sample: string): Promise<void> {
    chosen = sample;
    const answer = sample === '' ? [] : await api['review.items']({ sample });
    if (chosen !== sample) return;
    items = answer;
    cursor = Math.max(
      0,
      items.findIndex(({ review }) => review === null),
    );
  }

  async function load(): Promise<void> {
    list = await api['review.samples']({});
    const stays = list.some(({ id }) => id === chosen);
    await choose(stays ? chosen : (list[0]?.id ?? ''));
  }

  return {
    get list() {
      return list;
    },
    get chosen() {
      return chosen;
    },
    get items() {
      return items;
    },
    get cursor() {
      return cursor;
    },
    load,
    choose,
    move(to: number): void {
      cursor = Math.max(0, Math.min(items.length - 1, to));
    },
    /** Throws what the backend refused. */
    async draw(wanted: Parameters<(typeof api)['review.sample']>[0]): Promise<void> {
      const sample = await api['review.sample'](wanted);
      chosen = sample.id;
      await load();
    },
    beside(draft: DraftId, by: 1 | -1): DraftId | null {
      const here = items.findIndex(({ row }) => row.draft === draft);
      return here < 0 ? null : (items[here + by]?.row.draft ?? null);
    },
    /** After a review: the next one that nobody has reviewed. */
    async next(): Promise<DraftId | null> {
      await load();
      return items.find(({ review }) => review === null)?.row.draft ?? null;
    },
    clear(): void {
      list = null;
      chosen = '';
      items = [];
      cursor = 0;
    },
  };
}
