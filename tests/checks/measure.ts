/** Prints recall and false alarms of the checks before signing: `node tests/checks/measure.ts [--why]`. */
import { hasOpenI, openIReports } from './openI.ts';
import { ratesOf, type Rate, wilson } from './rates.ts';
import { falseAlarmRows, type RealRow, recallRows } from './realRates.ts';
import { seededReports } from './seeded.ts';

const why = process.argv.includes('--why');
const halves = process.argv.includes('--development')
  ? (['development'] as const)
  : (['held-out', 'development'] as const);

const percent = (value: number) => (100 * value).toFixed(1);
const cell = (rate: Rate) => {
  const { low, high } = wilson(rate);
  return `${rate.count}/${rate.of} ${rate.of ? percent(rate.count / rate.of) : '-'} % (${percent(low)}–${percent(high)})`;
};

for (const half of halves) {
  const reports = seededReports(half);
  process.stdout.write(
    `\n${half}: ${reports.length} reports\n| check | recall | false alarms, other reports | of these, clean reports |\n| --- | --- | --- | --- |\n`,
  );
  for (const { check, recall, falseAlarms, cleanAlarms, missed, alarms } of ratesOf(reports)) {
    process.stdout.write(`| ${check} | ${cell(recall)} | ${cell(falseAlarms)} | ${cell(cleanAlarms)} |\n`);
    if (why) process.stdout.write(`    missed ${missed.join(' ')}\n    alarms ${alarms.join(' ')}\n`);
  }
}

if (!hasOpenI)
  process.stdout.write('\nOpen-I: ../shared/data/iu-reports.tgz is not here, nothing was counted in real reports.\n');
else if (process.argv.includes('--real')) {
  const number = ({ id }: { id: string }) => Number(/(\d+)\.xml$/.exec(id)?.[1] ?? 0);
  const print = (title: string, rows: readonly RealRow[]) => {
    process.stdout.write(`\nOpen-I, ${title}\n| what | reports |\n| --- | --- |\n`);
    for (const { name, rate, ids } of rows) {
      process.stdout.write(`| ${name} | ${cell(rate)} |\n`);
      if (why) process.stdout.write(`    ${ids.slice(0, 12).join(' ')}\n`);
    }
  };
  // Words were learned from reports with an even number; those with an odd one were only counted.
  for (const [half, odd] of [['odd numbers, held out', 1] as const, ['even numbers, developed on', 0] as const]) {
    const reports = openIReports().filter((report) => number(report) % 2 === odd);
    print(`${half}: false alarms`, falseAlarmRows(reports));
    print(`${half}: recall`, recallRows(reports));
  }
}
