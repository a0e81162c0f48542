/** What a set of reports says of the model and of how readers use it. Counts and times; nothing of a patient. */
import * as z from 'zod';
import { LabelId } from '../study/ids.ts';
import { agrees, isSaid, type Fate } from './fate.ts';

export interface ReportFacts {
  reader: string;
  /** `id version`; empty for a report without a model. */
  pack: string;
  /** Of the analysis, milliseconds since 1970, UTC; null without one. */
  analysedAt: number | null;
  createdAt: number;
  /** First signature; null while there is none. */
  signedAt: number | null;
  fates: readonly Fate[];
  /** Whether its language is one whose words are searched for. */
  searched: boolean;
  /** Checks that were signed over, once each. */
  overridden: readonly string[];
}

export const FindingRow = z.object({
  label: LabelId,
  name: z.string(),
  pack: z.string(),
  /** Drafts in which the model was asked for it, and in which it marked it. */
  drafts: z.int(),
  positive: z.int(),
  accepted: z.int(),
  rejected: z.int(),
  modified: z.int(),
  /** Marked by the model, and nobody looked. */
  notLookedAt: z.int(),
  /** Of the model's sentences about it, in signed reports. */
  kept: z.int(),
  edited: z.int(),
  removed: z.int(),
  /** Signed reports whose text agrees with the model, of those that could be searched. */
  agree: z.int(),
  compared: z.int(),
  /** Marked, not rejected, and the signed text says nothing of it. */
  omissions: z.int(),
  /** Not marked, and the signed text has it. */
  additions: z.int(),
  /** Checks about it that were signed over. */
  overrides: z.int(),
});
export type FindingRow = z.infer<typeof FindingRow>;

export const DriftRow = z.object({
  label: LabelId,
  name: z.string(),
  pack: z.string(),
  /** YYYY-MM, UTC. */
  month: z.string(),
  films: z.int(),
  meanProbability: z.number(),
  positiveShare: z.number(),
});
export type DriftRow = z.infer<typeof DriftRow>;

export const TimeRow = z.object({
  of: z.enum(['all', 'pack', 'reader']),
  name: z.string(),
  reports: z.int(),
  /** From the draft to the first signature, milliseconds. */
  median: z.number(),
  ninetieth: z.number(),
});
export type TimeRow = z.infer<typeof TimeRow>;

export const Monitoring = z.object({
  reports: z.int(),
  signed: z.int(),
  /** Signed ones in a language whose words are not searched for: no part of agreement, omissions and additions. */
  notSearched: z.int(),
  findings: z.array(FindingRow),
  drift: z.array(DriftRow),
  times: z.array(TimeRow),
  checks: z.array(z.object({ check: z.string(), reports: z.int() })),
});
export type Monitoring = z.infer<typeof Monitoring>;

export function monitoringOf(reports: readonly ReportFacts[]): Monitoring {
  return {
    reports: reports.length,
    signed: reports.filter(({ signedAt }) => signedAt !== null).length,
    notSearched: reports.filter(({ signedAt, searched }) => signedAt !== null && !searched).length,
    findings: findingRows(reports),
    drift: driftRows(reports),
    times: timeRows(reports),
    checks: checkRows(reports),
  };
}

function findingRows(reports: readonly ReportFacts[]): FindingRow[] {
  const rows = new Map<string, FindingRow>();
  for (const { pack, signedAt, fates } of reports)
    for (const fate of fates) {
      const key = JSON.stringify([pack, fate.label]);
      const row = rows.get(key) ?? emptyRow(fate, pack);
      rows.set(key, row);
      count(row, fate, signedAt !== null);
    }
  return [...rows.values()].sort((a, b) => a.name.localeCompare(b.name, 'en') || a.pack.localeCompare(b.pack, 'en'));
}

const emptyRow = ({ label, name }: Fate, pack: string): FindingRow => ({
  ...{ label, name, pack, drafts: 0, positive: 0, accepted: 0, rejected: 0, modified: 0, notLookedAt: 0 },
  ...{ kept: 0, edited: 0, removed: 0, agree: 0, compared: 0, omissions: 0, additions: 0, overrides: 0 },
});

function count(row: FindingRow, fate: Fate, signed: boolean): void {
  const { positive, verdict, sentence, said } = fate;
  row.drafts++;
  if (positive) row.positive++;
  if (verdict && verdict.verdict !== 'seen') row[verdict.verdict]++;
  if (positive && !verdict) row.notLookedAt++;
  if (!signed) return;
  if (sentence !== 'none') row[sentence]++;
  const same = agrees(fate);
  if (same !== null) {
    row.compared++;
    if (same) row.agree++;
  }
  if (positive && said === 'absent' && verdict?.verdict !== 'rejected') row.omissions++;
  if (!positive && isSaid(said)) row.additions++;
  row.overrides += fate.overridden.length;
}

const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);

function driftRows(reports: readonly ReportFacts[]): DriftRow[] {
  const sums = new Map<string, DriftRow>();
  for (const { pack, analysedAt, fates } of reports) {
    if (analysedAt === null) continue;
    const month = monthOf(analysedAt);
    for (const { label, name, probability, positive } of fates) {
      const key = JSON.stringify([label, pack, month]);
      const row = sums.get(key) ?? { label, name, pack, month, films: 0, meanProbability: 0, positiveShare: 0 };
      sums.set(key, row);
      row.films++;
      row.meanProbability += probability;
      row.positiveShare += positive ? 1 : 0;
    }
  }
  return [...sums.values()]
    .map((row) => ({
      ...row,
      meanProbability: row.meanProbability / row.films,
      positiveShare: row.positiveShare / row.films,
    }))
    .sort(
      (a, b) =>
        a.name.localeCompare(b.name, 'en') || a.month.localeCompare(b.month) || a.pack.localeCompare(b.pack, 'en'),
    );
}

function timeRows(reports: readonly ReportFacts[]): TimeRow[] {
  const took = reports.flatMap(({ pack, reader, createdAt, signedAt }) =>
    signedAt === null ? [] : [{ pack: pack || 'without a model', reader, ms: Math.max(0, signedAt - createdAt) }],
  );
  const row = (of: TimeRow['of'], name: string, times: readonly number[]): TimeRow => ({
    ...{ of, name, reports: times.length, median: quantile(times, 0.5), ninetieth: quantile(times, 0.9) },
  });
  const by = (of: 'pack' | 'reader'): TimeRow[] =>
    [...new Set(took.map((one) => one[of]))]
      .sort((a, b) => a.localeCompare(b, 'en'))
      .map((name) =>
        row(
          of,
          name,
          took.filter((one) => one[of] === name).map(({ ms }) => ms),
        ),
      );
  if (took.length === 0) return [];
  return [
    row(
      'all',
      'All',
      took.map(({ ms }) => ms),
    ),
    ...by('pack'),
    ...by('reader'),
  ];
}

/** The smallest value that at least the share `q` of `values` does not exceed; values must not be empty. */
function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}

function checkRows(reports: readonly ReportFacts[]): Monitoring['checks'] {
  const counts = new Map<string, number>();
  for (const { overridden } of reports) for (const check of overridden) counts.set(check, (counts.get(check) ?? 0) + 1);
  return [...counts].map(([check, n]) => ({ check, reports: n })).sort((a, b) => b.reports - a.reports);
}
