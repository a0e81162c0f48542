/** `npm test`: every test, then one plain closing line. `-- --no-skips` also fails on a skipped test and names it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { allParts, build } from './build.ts';

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

// Once, before tests that start what is built.
build(allParts);
const args = process.argv.slice(2);
const noSkips = args.includes('--no-skips');
const folder = mkdtempSync(path.join(tmpdir(), 'raddraft-test-'));
const file = path.join(folder, 'report.json');
try {
  const { status } = spawnSync(
    'vitest',
    [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...args.filter((arg) => arg !== '--no-skips'),
    ],
    { stdio: 'inherit', shell: process.platform === 'win32' },
  );
  const report = Report.parse(JSON.parse(readFileSync(file, 'utf8')));
  const skipped = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter((test) => test.status !== 'passed' && test.status !== 'failed'),
  );
  // A file that fails to load has no test of its own, and must not count as nothing.
  const broken = report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.every((t) => t.status !== 'failed'),
  );
  for (const test of skipped) console.log(`skipped: ${test.fullName}`);
  const unexpected = noSkips ? skipped.length : 0;
  if (unexpected > 0) console.log('Expected no skipped test here, where everything that tests need is there.');
  console.log(
    `${report.numPassedTests} passed, ${report.numFailedTests + broken.length} failed, ${skipped.length} skipped`,
  );
  process.exitCode = status === 0 && unexpected === 0 && broken.length === 0 && report.numPassedTests > 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
