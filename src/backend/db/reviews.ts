/** Peer review: what was drawn, what was said of it, what the reader answered. Nothing is taken back, only added to. */
import * as z from 'zod';
import type { DeskFilter } from '#contract/desk.ts';
import { AppError } from '#contract/errors.ts';
import { Review, Sample, Score } from '#core/desk/review.ts';
import { DraftId } from '#core/study/ids.ts';
import { toJson } from '../files/json.ts';
import { append } from './audit.ts';
import type { Read, Write } from './handles.ts';
import { Flag } from './rows.ts';

const ReviewRow = z.object({ ...Review.shape, score: Score, matters: Flag }).transform((row): Review => row);
const columns = `r.id, r.draft, r.version, coalesce(r.sample, '') AS sample, r.reader, r.reviewer, r.score, r.matters,
  r.comment, r.at, a.at AS answeredAt, coalesce(a.answer, '') AS answer`;
const from = 'FROM reviews r LEFT JOIN review_answers a ON a.review = r.id';

/** Oldest first. */
export const reviewsOf = (read: Read, draft: DraftId): Review[] =>
  read.all(ReviewRow, `SELECT ${columns} ${from} WHERE r.draft = ? ORDER BY r.id`, draft);

/** Of what `reader` signed, newest first. */
export const reviewsFor = (read: Read, reader: string): Review[] =>
  read.all(ReviewRow, `SELECT ${columns} ${from} WHERE r.reader = ? ORDER BY r.id DESC`, reader);

export const allReviews = (read: Read): Review[] => read.all(ReviewRow, `SELECT ${columns} ${from} ORDER BY r.id`);

/** AppError `not-found`. */
export function reviewById(read: Read, id: number): Review {
  const found = read.get(ReviewRow, `SELECT ${columns} ${from} WHERE r.id = ?`, id);
  if (!found) throw new AppError('not-found', 'Expected a stored peer review, found none under this number.');
  return found;
}

const sampleColumns = `s.id, s.kind, s.finding, s.seed, s.candidates, s.login, s.at,
  (SELECT count(*) FROM review_items i WHERE i.sample = s.id) AS size,
  (SELECT count(*) FROM review_items i WHERE i.sample = s.id AND EXISTS
    (SELECT 1 FROM reviews r WHERE r.sample = i.sample AND r.draft = i.draft)) AS reviewed`;

/** Newest first. */
export const samplesOf = (read: Read): Sample[] =>
  read.all(Sample, `SELECT ${sampleColumns} FROM review_samples s ORDER BY s.place DESC`);

/** In the order in which they were drawn; AppError `not-found`. */
export function itemsOf(read: Read, sample: string): { draft: DraftId; version: number }[] {
  const rows = read.all(
    z.object({ draft: DraftId, version: z.int() }),
    'SELECT draft, version FROM review_items WHERE sample = ? ORDER BY place',
    sample,
  );
  if (rows.length === 0) throw new AppError('not-found', 'Expected a sample that was drawn, found none under this id.');
  return rows;
}

export interface NewSample extends Pick<Sample, 'id' | 'kind' | 'finding' | 'seed' | 'candidates' | 'login' | 'at'> {
  filter: DeskFilter;
  items: readonly { draft: DraftId; version: number }[];
}

export function addSample(write: Write, { items, filter, ...sample }: NewSample): Sample {
  const { id, kind, finding, seed, candidates, login, at } = sample;
  write.run(
    `INSERT INTO review_samples (id, kind, finding, seed, filter, candidates, login, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[id, kind, finding, seed, toJson(filter), candidates, login, at],
  );
  for (const [place, { draft, version }] of items.entries())
    write.run(
      'INSERT INTO review_items (sample, place, draft, version) VALUES (?, ?, ?, ?)',
      id,
      place,
      draft,
      version,
    );
  const detail = { kind, finding, seed, candidates, size: items.length };
  append(write, { at, actor: login, event: 'review.sampled', subject: id, detail });
  return { ...sample, size: items.length, reviewed: 0 };
}

export type NewReview = Omit<Review, 'id' | 'answeredAt' | 'answer'>;

export function addReview(write: Write, review: NewReview): Review {
  const { draft, version, sample, reader, reviewer, score, matters, comment, at } = review;
  write.run(
    `INSERT INTO reviews (draft, version, sample, reader, reviewer, score, matters, comment, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[draft, version, sample === '' ? null : sample, reader, reviewer, score, matters ? 1 : 0, comment, at],
  );
  const [made] = reviewsOf(write, draft).slice(-1);
  if (!made) throw new AppError('internal', 'the review that was written is not there');
  const detail = { review: made.id, version, sample, score, matters, commentCharacters: comment.length };
  append(write, { at, actor: reviewer, event: 'review.given', subject: draft, detail });
  return made;
}

/** AppError `conflict` when it is answered already. */
export function addAnswer(
  write: Write,
  { id, draft }: Review,
  by: { login: string; answer: string; at: number },
): Review {
  if (reviewById(write, id).answeredAt !== null)
    throw new AppError('conflict', 'Expected a review that is not answered yet, found that it is.');
  write.run(
    'INSERT INTO review_answers (review, login, answer, at) VALUES (?, ?, ?, ?)',
    ...[id, by.login, by.answer, by.at],
  );
  const detail = { review: id, answerCharacters: by.answer.length };
  append(write, { at: by.at, actor: by.login, event: 'review.answered', subject: draft, detail });
  return reviewById(write, id);
}
