/** Recall and false alarms of each check over seeded reports, with Wilson's interval. */
import { CheckId } from '#core/report/checks/check.ts';
import { checksBeforeSigning } from '#core/report/checks/checks.ts';
import type { SeededReport } from './seeded.ts';

export interface Rate {
  count: number;
  of: number;
}
export interface CheckRates {
  check: CheckId;
  recall: Rate;
  /** Over the reports that are seeded with something else or with nothing. */
  falseAlarms: Rate;
  /** Over the reports with nothing wrong at all. */
  cleanAlarms: Rate;
  missed: string[];
  alarms: string[];
}

export function ratesOf(reports: readonly SeededReport[]): CheckRates[] {
  const answered = reports.map((report) => ({
    ...report,
    failed: new Set(checksBeforeSigning(report.input).map(({ check }) => check)),
  }));
  return CheckId.options.map((check) => {
    const seeded = answered.filter(({ expected }) => expected.includes(check));
    const others = answered.filter(({ expected }) => !expected.includes(check));
    const clean = others.filter(({ expected }) => expected.length === 0);
    const fires = ({ failed }: { failed: Set<CheckId> }) => failed.has(check);
    return {
      check,
      recall: { count: seeded.filter(fires).length, of: seeded.length },
      falseAlarms: { count: others.filter(fires).length, of: others.length },
      cleanAlarms: { count: clean.filter(fires).length, of: clean.length },
      missed: seeded.filter((report) => !fires(report)).map(({ name }) => name),
      alarms: others.filter(fires).map(({ name }) => name),
    };
  });
}

/** Wilson's 95 % interval of a share (Wilson 1927). */
export function wilson({ count, of }: Rate): { low: number; high: number } {
  if (of === 0) return { low: 0, high: 1 };
  const z = 1.959964;
  const p = count / of;
  const centre = p + (z * z) / (2 * of);
  const spread = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}
