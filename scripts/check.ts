/** `npm run check`: types of every folder, lint, format. Stops at the end, not at the first failure, and says which. */
import { spawnSync } from 'node:child_process';

const folders = ['core', 'contract', 'backend', 'engine', 'server', 'cli', 'main'];
const steps: [string, string[]][] = [
  ...folders.map((folder): [string, string[]] => [`types ${folder}`, ['tsc', '-p', `src/${folder}`]]),
  ['types renderer', ['svelte-check', '--tsconfig', 'src/renderer/tsconfig.json', '--fail-on-warnings']],
  ['types tests and scripts', ['tsc', '-p', '.']],
  ['lint', ['eslint', '.', '--max-warnings', '0']],
  ['format', ['prettier', '--check', '--log-level', 'warn', '.']],
];

const failed = steps.filter(([name, [command = '', ...args]]) => {
  const started = performance.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return status !== 0;
});
process.exit(failed.length === 0 ? 0 : 1);
