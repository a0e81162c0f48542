/** Recall and false alarms of the checks before signing do not fall behind what was measured (docs/checks.md). */
import { describe, expect, test } from 'vitest';
import type { CheckId } from '#core/report/checks/check.ts';
import { hasOpenI, openIReports } from './openI.ts';
import { ratesOf, wilson } from './rates.ts';
import { falseAlarmRows, type RealRow, recallRows } from './realRates.ts';
import { seededReports } from './seeded.ts';

type Floor = Record<CheckId, { recall: number; alarms: number }>;

const measured: Record<'development' | 'held-out', Floor> = {
  'held-out': {
    'missed-finding': { recall: 25, alarms: 0 },
    'denied-finding': { recall: 17, alarms: 0 },
    comparison: { recall: 17, alarms: 0 },
    laterality: { recall: 17, alarms: 0 },
    'sex-age': { recall: 16, alarms: 0 },
    contradiction: { recall: 17, alarms: 2 },
    'empty-impression': { recall: 11, alarms: 0 },
    unfilled: { recall: 16, alarms: 0 },
    'not-looked-at': { recall: 6, alarms: 0 },
    'not-read': { recall: 0, alarms: 0 },
    'critical-open': { recall: 0, alarms: 0 },
    'against-decision': { recall: 0, alarms: 0 },
  },
  development: {
    'missed-finding': { recall: 25, alarms: 0 },
    'denied-finding': { recall: 15, alarms: 0 },
    comparison: { recall: 16, alarms: 0 },
    laterality: { recall: 17, alarms: 0 },
    'sex-age': { recall: 14, alarms: 0 },
    contradiction: { recall: 17, alarms: 2 },
    'empty-impression': { recall: 12, alarms: 0 },
    unfilled: { recall: 16, alarms: 0 },
    'not-looked-at': { recall: 6, alarms: 0 },
    'not-read': { recall: 0, alarms: 0 },
    'critical-open': { recall: 0, alarms: 0 },
    'against-decision': { recall: 0, alarms: 0 },
  },
};

describe.each(['held-out', 'development'] as const)('1 seeded reports, %s', (half) => {
  const reports = seededReports(half);
  const rates = ratesOf(reports);
  test('1.1 there are at least 200', () => expect(reports.length).toBeGreaterThanOrEqual(200));
  test.each(rates.map((rate) => [rate.check, rate] as const))(
    '1.2 %s',
    (check, { recall, falseAlarms, missed, alarms }) => {
      expect(recall.count, `missed ${missed.join(' ')}`).toBeGreaterThanOrEqual(measured[half][check].recall);
      expect(falseAlarms.count, `alarms ${alarms.join(' ')}`).toBeLessThanOrEqual(measured[half][check].alarms);
    },
  );
});

test('2.1 Wilson’s interval of 8 in 10 (Wilson 1927; value from R’s prop.test without correction)', () => {
  const { low, high } = wilson({ count: 8, of: 10 });
  expect(low).toBeCloseTo(0.4902, 4);
  expect(high).toBeCloseTo(0.9433, 4);
});

describe.skipIf(!hasOpenI)(
  hasOpenI ? '3 real reports' : '3 real reports (skipped: ../shared/data/iu-reports.tgz is not here)',
  () => {
    // One in eight of all, from the half that was not developed on; all of them are counted by measure.ts --real.
    const some = hasOpenI ? openIReports().filter(({ id }) => Number(/(\d+)\.xml$/.exec(id)?.[1]) % 8 === 1) : [];
    const pooled = (rows: readonly RealRow[], name: string) => {
      const own = rows.filter((row) => row.name.startsWith(name)).map(({ rate }) => rate);
      const sum = (key: 'count' | 'of') => own.reduce((total, rate) => total + rate[key], 0);
      expect(sum('of'), name).toBeGreaterThan(20);
      return sum('count') / sum('of');
    };
    test('3.1 false alarms', () => {
      const rows = falseAlarmRows(some);
      for (const name of ['missed', 'denied', 'laterality', 'sex-age', 'empty', 'unfilled', 'not-read'])
        expect(pooled(rows, name), name).toBeLessThanOrEqual(0.02);
      for (const name of ['contradiction', 'comparison']) expect(pooled(rows, name), name).toBeLessThanOrEqual(0.04);
    });
    test('3.2 recall in the words of others', () => {
      const rows = recallRows(some);
      for (const name of ['missed', 'empty']) expect(pooled(rows, name), name).toBeGreaterThanOrEqual(0.97);
      for (const name of ['laterality', 'contradiction']) expect(pooled(rows, name), name).toBeGreaterThanOrEqual(0.75);
    });
  },
);
