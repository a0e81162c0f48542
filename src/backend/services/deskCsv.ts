/** The auditor's tables as CSV (RFC 4180): a cell of words never begins as a formula does. */
import type { DeskRow } from '#contract/desk.ts';
import { written } from '#core/csv.ts';
import type { Monitoring } from '#core/desk/monitoring.ts';
import type { Review } from '#core/desk/review.ts';

type Cell = string | number | null;

const csv = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [head, ...rows].map((row) => `${row.map(written).join(',')}\r\n`).join('');

const utc = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());
const share = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(4)));
const minutes = (ms: number): number => Number((ms / 60_000).toFixed(2));
const per = (some: number, all: number): number | null => (all === 0 ? null : share(some / all));

export const listCsv = (rows: readonly DeskRow[]): string =>
  csv(
    [
      ...['report', 'study', 'patient id', 'patient', 'study date', 'reader', 'pack', 'state', 'made', 'changed at'],
      ...['signed', 'share changed', 'overrides', 'reviews'],
    ],
    rows.map((row) => [
      ...[row.draft, row.study, row.patient.id, row.patient.name.alphabetic, row.date, row.reader, row.pack, row.stage],
      ...[utc(row.createdAt), utc(row.savedAt), utc(row.signedAt), share(row.changed), row.overrides, row.reviews],
    ]),
  );

export const findingsCsv = ({ findings }: Monitoring): string =>
  csv(
    [
      ...['finding', 'pack', 'drafts', 'marked', 'accepted', 'rejected', 'modified', 'never looked at'],
      ...['sentences kept', 'sentences edited', 'sentences removed', 'agree', 'compared', 'agreement'],
      ...['omissions', 'additions', 'overrides'],
    ],
    findings.map((row) => [
      ...[row.name, row.pack, row.drafts, row.positive, row.accepted, row.rejected, row.modified, row.notLookedAt],
      ...[row.kept, row.edited, row.removed, row.agree, row.compared, per(row.agree, row.compared)],
      ...[row.omissions, row.additions, row.overrides],
    ]),
  );

export const driftCsv = ({ drift }: Monitoring): string =>
  csv(
    ['finding', 'pack', 'month', 'films', 'mean probability', 'share marked'],
    drift.map((row) => [
      ...[row.name, row.pack, row.month, row.films, share(row.meanProbability), share(row.positiveShare)],
    ]),
  );

export const timesCsv = ({ times }: Monitoring): string =>
  csv(
    ['of', 'name', 'signed reports', 'median minutes', '90th percentile minutes'],
    times.map((row) => [row.of, row.name, row.reports, minutes(row.median), minutes(row.ninetieth)]),
  );

export const reviewsCsv = (reviews: readonly Review[]): string =>
  csv(
    [
      ...['review', 'report', 'version', 'sample', 'reader', 'reviewer', 'score', 'matters', 'comment', 'given'],
      ...['answered', 'answer'],
    ],
    reviews.map((one) => [
      ...[one.id, one.draft, one.version, one.sample, one.reader, one.reviewer, one.score, one.matters ? 'yes' : 'no'],
      ...[one.comment, utc(one.at), utc(one.answeredAt), one.answer],
    ]),
  );
