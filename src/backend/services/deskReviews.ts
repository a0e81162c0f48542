/** `review.*`: reports are drawn, scored by a second reader, and read by who signed them. */
import { hash } from 'node:crypto';
import type { DeskFilter, DeskRow } from '#contract/desk.ts';
import { AppError } from '#contract/errors.ts';
import { isSigned } from '#core/report/states.ts';
import type { DraftId, LabelId } from '#core/study/ids.ts';
import { releasesOf } from '../db/reports.ts';
import * as db from '../db/reviews.ts';
import { callingPerson } from './calling.ts';
import type { Area, Services } from './context.ts';
import type { DeskIndex } from './deskIndex.ts';

type Calls = Area<
  'review.sample' | 'review.samples' | 'review.items' | 'review.give' | 'review.mine' | 'review.answer'
>;

export interface DeskSearch {
  index: DeskIndex;
  /** Rows that pass the filter, unsorted; `finding` narrows it down to reports in which the model marked it. */
  search(filter: DeskFilter, finding?: LabelId | null): Promise<DeskRow[]>;
}

/** As the sample says: ordered by SHA-256 over `seed:id`. */
export const drawn = <T extends { draft: DraftId }>(from: readonly T[], seed: string, size: number): T[] =>
  from
    .map((one) => ({ one, order: hash('sha256', `${seed}:${one.draft}`, 'hex') }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .slice(0, size)
    .map(({ one }) => one);

export function reviewCalls(services: Services, { index, search }: DeskSearch): Calls {
  const { store, now, newId, broadcast } = services;

  const known = (draft: DraftId): DeskRow => {
    const row = index.row(draft);
    if (!row) throw new AppError('not-found', 'Expected a stored report, found none under this id.');
    return row;
  };
  const signedVersions = (draft: DraftId) => releasesOf(store.read, draft).filter(({ kind }) => kind !== 'preliminary');

  return {
    'review.sample': async ({ kind, finding, size, seed, filter }) => {
      if (kind === 'finding' && finding === null)
        throw new AppError('invalid-input', 'Expected the finding to draw by, found none. Choose one.');
      const found = await search(filter, kind === 'finding' ? finding : null);
      const candidates = found.filter(({ stage }) => isSigned(stage));
      if (candidates.length === 0)
        throw new AppError('refused', 'Expected signed reports to draw from, found none. Widen the filters.');
      const chosen = seed || newId();
      const items = drawn(candidates, chosen, size).flatMap(({ draft }) => {
        const last = signedVersions(draft).at(-1);
        return last ? [{ draft, version: last.number }] : [];
      });
      const by = { login: callingPerson().login, at: now() };
      const sample = {
        ...{ id: newId(), kind, finding: kind === 'finding' ? finding : null, seed: chosen },
        ...{ candidates: candidates.length, filter, items },
      };
      return store.write((write) => db.addSample(write, { ...sample, ...by }));
    },
    'review.samples': async () => db.samplesOf(store.read),
    'review.items': async ({ sample }) =>
      db.itemsOf(store.read, sample).map(({ draft, version }) => ({
        row: known(draft),
        version,
        review: db.reviewsOf(store.read, draft).findLast((one) => one.sample === sample) ?? null,
      })),
    'review.give': async ({ draft, version, sample, ...said }) => {
      const signed = signedVersions(draft).find(({ number }) => number === version);
      if (!signed)
        throw new AppError(
          'refused',
          `Expected a signed version ${version}, found none. Only signed text is reviewed.`,
        );
      if (sample !== '' && !db.itemsOf(store.read, sample).some((item) => item.draft === draft))
        throw new AppError('refused', 'Expected a report of this sample, found one that was not drawn in it.');
      const { login: reviewer } = callingPerson();
      const review = { ...said, draft, version, sample, reader: signed.login, reviewer, at: now() };
      const made = store.write((write) => db.addReview(write, review));
      broadcast('review.changed', { review: made.id });
      return made;
    },
    'review.mine': async () =>
      db.reviewsFor(store.read, callingPerson().login).map((review) => {
        const { study, patient, date } = known(review.draft);
        return { review, study, patient, date };
      }),
    'review.answer': async ({ review: id, answer }) => {
      const review = db.reviewById(store.read, id);
      const { login } = callingPerson();
      if (review.reader !== login)
        throw new AppError('refused', 'Expected a review of a report that you signed, found one of somebody else.');
      const answered = store.write((write) => db.addAnswer(write, review, { login, answer, at: now() }));
      broadcast('review.changed', { review: id });
      return answered;
    },
  };
}
