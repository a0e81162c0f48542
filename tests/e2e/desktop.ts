/** Starts the desktop program as `npm start` does, in a real Electron on a real display, and knows its processes. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { installedElectron, type Runtime } from '../../scripts/electron.ts';
import { hasShared, shared } from '../shared.ts';
import { canShow } from './display.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A runtime, where there is a display for it; or why there is none. */
export type Ground = { runtime: Runtime } | { missing: string };

export function ground(): Ground {
  const runtime = installedElectron() ?? sharedRuntime();
  if (!runtime) return { missing: 'no Electron runtime is here, and none in ../shared/tools' };
  return canShow() ? { runtime } : { missing: 'there is neither a display nor Xvfb' };
}

function sharedRuntime(): Runtime | null {
  const tool = shared('tools/electron-runtime');
  if (!hasShared || !existsSync(tool) || process.platform !== 'linux' || process.arch !== 'x64') return null;
  const made = spawnSync(tool, { encoding: 'utf8', timeout: 120_000 });
  if (made.status !== 0) return null;
  const folder = made.stdout.trim();
  const major = Number.parseInt(readFileSync(path.join(folder, 'version'), 'utf8'), 10);
  return { program: path.join(folder, 'electron'), major };
}

export interface Place {
  runtime: Runtime;
  display: string;
  /** Holds the data folder and the key file. */
  home: string;
}

/** Program, arguments and environment of one start. */
export function startOf({ runtime, display, home }: Place, paths: string[]) {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return {
    program: runtime.program,
    args: [...sandbox, root, `--data=${path.join(home, 'data')}`, ...paths],
    env: {
      ...Object.fromEntries(Object.entries(process.env).flatMap(([key, value]) => (value ? [[key, value]] : []))),
      DISPLAY: display,
      RADDRAFT_KEY: path.join(home, 'machine.key'),
      ...(runtime.major < 42 ? { RADDRAFT_NODE: process.execPath } : {}),
    },
  };
}

export interface Desktop {
  app: ElectronApplication;
  page: Page;
  /** Errors of the page, and what its security policy stopped. */
  complaints: string[];
  pid: number;
}

/**
 * Once in a while the driver loses the page of an old Electron while it attaches: it sees the window but none of its
 * elements, not even those of index.html, or a page of no size. Then the program is started anew.
 */
export async function openDesktop(place: Place, paths: string[] = [], tries = 3): Promise<Desktop> {
  const { program, args, env } = startOf(place, paths);
  const app = await launchElectron({ executablePath: program, args, env, timeout: 30_000 });
  const page = await app.firstWindow();
  page.setDefaultTimeout(20_000);
  const seen = page.locator('body').waitFor({ state: 'attached', timeout: 8000 });
  const sized = () =>
    page.waitForFunction(() => innerWidth > 0 && innerHeight > 0, null, { polling: 100, timeout: 8000 });
  const lost = await seen.then(sized).then(
    () => null,
    (error: Error) => error,
  );
  const pid = app.process().pid ?? 0;
  if (lost) {
    const all = [...processesBelow(pid), { pid, command: '' }];
    app.process().kill('SIGKILL');
    while (all.some(({ pid: one }) => existsSync(`/proc/${one}`))) await new Promise((next) => setTimeout(next, 50));
    if (tries > 1) return openDesktop(place, paths, tries - 1);
    throw lost;
  }
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  return { app, page, complaints, pid };
}

/** Waits for a film in the window; where none comes, says how large and how visible the window is. */
export async function filmIn({ app, page, complaints }: Desktop): Promise<void> {
  try {
    await page.locator('.area[data-image^="raddraft:"]').waitFor();
  } catch (cause) {
    const windows = await app.evaluate(({ BrowserWindow, screen }) => ({
      screens: screen.getAllDisplays().map(({ workArea }) => workArea),
      windows: BrowserWindow.getAllWindows().map((window) => [window.getBounds(), window.isVisible()]),
    }));
    const inside = await page.evaluate(() => ({
      size: [innerWidth, innerHeight, document.visibilityState],
      area: document.querySelector('.area')?.getBoundingClientRect().toJSON() as unknown,
      sheets: [...document.styleSheets].map((sheet) => sheet.cssRules.length),
      text: document.body.innerText.slice(0, 500),
    }));
    throw new Error(`expected a film, found ${JSON.stringify({ ...windows, ...inside, complaints })}`, { cause });
  }
}

/** Chooses an item of the native menu by the words on it, as if the first window had the focus. */
export function chooseFromMenu({ app }: Desktop, label: string): Promise<void> {
  return app.evaluate(({ Menu, BrowserWindow }, wanted) => {
    const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? [];
    const item = items.find((candidate) => candidate.label === wanted);
    if (!item) throw new Error(`expected "${wanted}" in the menu, found ${items.map((one) => one.label).join(', ')}`);
    const window = BrowserWindow.getAllWindows().at(-1);
    Reflect.apply(item.click, item, [{}, window, window?.webContents]);
  }, label);
}

/** What the system's dialog for files and folders answers from now on. */
export const dialogAnswers = ({ app }: Desktop, filePaths: string[]): Promise<void> =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: chosen });
  }, filePaths);

/** As the system opens a file with this program (macOS says it by this event). */
export const openBySystem = ({ app }: Desktop, file: string): Promise<void> =>
  app.evaluate(
    ({ app: program }, named) => void program.emit('open-file', { preventDefault: () => undefined }, named),
    file,
  );

/** Lets files fall on the window; `over` is run while they are above it. */
export async function dropFiles({ page }: Desktop, files: string[], over?: () => Promise<void>): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  await drag('dragEnter');
  await drag('dragOver');
  await over?.();
  await drag('drop');
  await session.detach();
}

/** The process that runs `backend.mjs` or `engine.mjs` below the program. */
export const processOf = ({ pid }: Desktop, name: 'backend' | 'engine'): Process | undefined =>
  processesBelow(pid).find(({ command }) => command.includes(`${name}.mjs`));

/** Every item of the menu that is no line, by the words on it. */
export const menuLabels = ({ app }: Desktop): Promise<string[]> =>
  app.evaluate(({ Menu }) =>
    (Menu.getApplicationMenu()?.items ?? [])
      .flatMap(({ submenu }) => submenu?.items ?? [])
      .filter(({ type }) => type !== 'separator')
      .map(({ label }) => label),
  );

/** One call over a line of its own, as the page itself would speak. */
export const call = (page: Page, name: string, input: object): Promise<unknown> =>
  page.evaluate(
    ([method, given]) =>
      new Promise((resolve) => {
        const id = Math.floor(Math.random() * 1e9) + 1e6;
        const heard = (event: MessageEvent): void => {
          const port = event.ports[0];
          if (event.data !== 'raddraft-port' || !port) return;
          window.removeEventListener('message', heard);
          port.addEventListener('message', ({ data: answer }: MessageEvent<{ id?: number }>) => {
            if (answer.id === id) resolve(answer);
          });
          port.start();
          port.postMessage({ t: 'call', id, name: method, input: given });
        };
        window.addEventListener('message', heard);
        window.postMessage('raddraft-ready', window.location.origin);
      }),
    [name, input] as const,
  );

export interface Process {
  pid: number;
  command: string;
}

/** Every process below `pid` that is alive (Linux). */
export function processesBelow(pid: number): Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return []; // it ended while it was looked at
      }
    });
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid);
}

export const isAlive = ({ pid, command }: Process): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() === command;
  } catch {
    return false;
  }
};

/** The driver sometimes does not get hold of an Electron that has started: it is started again, twice at most. */
export async function launchElectron(
  options: Parameters<typeof _electron.launch>[0],
  tries = 3,
): Promise<ElectronApplication> {
  try {
    return await _electron.launch(options);
  } catch (error) {
    if (tries <= 1) throw error;
    await new Promise((next) => setTimeout(next, 2000));
    return await launchElectron(options, tries - 1);
  }
}
