/** `npm start [-- PATH …]`: the application in Electron where that can be, else in a browser, and says which. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { fetchElectron, installedElectron, type Runtime } from './electron.ts';

const root = path.resolve(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    browser: { type: 'boolean', default: false },
    port: { type: 'string' },
    data: { type: 'string' },
    'no-open': { type: 'boolean', default: false },
  },
});
const paths = positionals.map((name) => path.resolve(process.env['INIT_CWD'] ?? '.', name));
const data = values.data ? [`--data=${path.resolve(process.env['INIT_CWD'] ?? '.', values.data)}`] : [];

const reason = await whyNotElectron();
if (reason !== null) await browserMode(reason);

/** Runs Electron to its end and answers null, or says why it cannot be. */
async function whyNotElectron(): Promise<string | null> {
  if (values.browser) return 'as asked';
  if (!hasDisplay()) return 'there is no display';
  const runtime = installedElectron() ?? (await fetchElectron());
  if (!runtime) return 'Electron’s runtime is not here and could not be fetched';
  build(['renderer', 'node', 'main', 'preload']);
  return await electron(runtime);
}

const FIRST_SECONDS = 10_000;

async function electron({ program, major }: Runtime): Promise<string | null> {
  const rootUser = process.platform === 'linux' && process.getuid?.() === 0;
  const args = [...(rootUser ? ['--no-sandbox'] : []), root, ...data, ...paths];
  // An Electron whose own Node is too old for the database forks the backend under this Node instead.
  const env = { ...process.env, ...(major < 42 ? { RADDRAFT_NODE: process.execPath } : {}) };
  const began = Date.now();
  const code = await runToEnd(program, args, env);
  // 2: it said in a window of its own why it cannot start.
  if (code === 0 || code === 2 || code === null) {
    process.exitCode = code ?? 0;
    return null;
  }
  if (Date.now() - began < FIRST_SECONDS) return `Electron did not start (exit ${code})`;
  process.exitCode = code;
  return null;
}

async function browserMode(why: string): Promise<void> {
  console.log(`RadDraft opens in browser mode: ${why}. It is the same application, served to this machine only.`);
  build(['renderer']);
  const open = values['no-open'] || !hasDisplay() ? [] : ['--open'];
  const port = values.port ? [`--port=${values.port}`] : [];
  const code = await runToEnd(process.execPath, [
    path.join(root, 'src/server/main.ts'),
    ...port,
    ...open,
    ...data,
    ...paths,
  ]);
  process.exitCode = code ?? 0;
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** Hands signals on, so that Ctrl+C ends what was started. */
function runToEnd(program: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<number | null> {
  const child = spawn(program, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(1));
  });
}
