/** Electron's runtime: the one that is there, or fetched once with progress shown and given up at the first no. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Runtime {
  program: string;
  /** Of Electron; 0 when the folder does not say. */
  major: number;
}

const home = path.resolve(import.meta.dirname, '../node_modules/electron');
const program: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};

/** `ELECTRON_OVERRIDE_DIST_PATH`, else the package's own folder; null where neither holds a runtime. */
export function installedElectron(): Runtime | null {
  const folders = [process.env['ELECTRON_OVERRIDE_DIST_PATH'], path.join(home, 'dist')];
  for (const folder of folders) {
    if (!folder) continue;
    const file = path.join(folder, program[process.platform] ?? 'electron');
    if (existsSync(file)) return { program: file, major: majorOf(folder) };
  }
  return null;
}

/** Gives up when the fetcher says no, or when nothing has come for `patienceMs`. */
export async function fetchElectron(patienceMs = 20_000): Promise<Runtime | null> {
  const install = path.join(home, 'install.js');
  if (!existsSync(install)) return null;
  console.log('Electron’s runtime is not here yet; fetching it once.');
  const folder = mkdtempSync(path.join(tmpdir(), 'raddraft-electron-'));
  try {
    const child = spawn(process.execPath, [install], {
      stdio: 'ignore',
      env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
    });
    let seen = 0;
    let since = Date.now();
    const watch = setInterval(() => {
      const bytes = sizeOf(folder);
      if (bytes > seen) {
        seen = bytes;
        since = Date.now();
        process.stdout.write(`\r  ${(bytes / 1e6).toFixed(0)} MB`);
      } else if (Date.now() - since > patienceMs) child.kill();
    }, 500);
    const code = await new Promise<number | null>((resolve) => {
      child.once('exit', resolve);
      child.once('error', () => resolve(null));
    });
    clearInterval(watch);
    if (seen > 0) process.stdout.write('\n');
    return code === 0 ? installedElectron() : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function majorOf(folder: string): number {
  const file = path.join(folder, 'version');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8').replace(/^v/, ''), 10) || 0 : 0;
}

function sizeOf(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
  } catch {
    return 0; // a file went away while it was looked at
  }
}
