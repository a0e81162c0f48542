/** `npm run build`: the window, the node programs and Electron's main and preload, each only when it is stale. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

export type Part = 'renderer' | 'node' | 'main' | 'preload';
export const allParts: readonly Part[] = ['renderer', 'node', 'main', 'preload'];

/** What each part is built from, besides the configuration. */
const sources: Record<Part, string[]> = {
  renderer: ['src/renderer', 'src/core', 'src/contract'],
  node: ['src/backend', 'src/engine', 'src/server', 'src/cli', 'src/core', 'src/contract'],
  main: ['src/main', 'src/contract'],
  preload: ['src/main', 'src/contract'],
};
const configuration = ['package.json', 'package-lock.json', 'vite.config.ts', 'svelte.config.js'];

/** Throws when a part does not build. Quiet unless something is built. Two at once: one waits for the other. */
export function build(parts: readonly Part[]): void {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const release = hold(path.join(root, 'dist', '.building'));
  try {
    buildStale(parts);
  } finally {
    release();
  }
}

function buildStale(parts: readonly Part[]): void {
  // `main` empties the folder that it shares with `preload`.
  const stale = parts.filter(
    (part) => isStale(part) || (part === 'preload' && parts.includes('main') && isStale('main')),
  );
  for (const part of stale) {
    console.log(`Building ${part} …`);
    const { status } = spawnSync('vite', ['build', '--mode', part, '--logLevel', 'warn'], {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
    if (status !== 0) throw new Error(`building ${part} failed`);
    writeFileSync(stamp(part), '');
  }
}

/** A builder that died leaves its mark behind: one older than this counts for nothing. */
const LONGEST_BUILD = 180_000; // ms

function hold(mark: string): () => void {
  for (;;) {
    try {
      mkdirSync(mark);
      return () => rmSync(mark, { recursive: true, force: true });
    } catch {
      const since = statSync(mark, { throwIfNoEntry: false })?.mtimeMs;
      if (since !== undefined && Date.now() - since > LONGEST_BUILD) rmSync(mark, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}

const stamp = (part: Part): string => path.join(root, 'dist', `.built-${part}`);

function isStale(part: Part): boolean {
  if (!existsSync(stamp(part))) return true;
  const built = statSync(stamp(part)).mtimeMs;
  const files = [...sources[part].flatMap(filesBelow), ...configuration.map((file) => path.join(root, file))];
  return files.some((file) => statSync(file).mtimeMs > built);
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

if (import.meta.main) {
  try {
    build(allParts);
  } catch (error) {
    console.error(error instanceof Error ? error.message : 'the build failed');
    process.exitCode = 1;
  }
}
