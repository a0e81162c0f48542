/** Electron's main process: one window, one backend, nothing else. It parses no file and knows no patient. */
import path from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, session, type WebContents } from 'electron';
import { SecondStart } from '#contract/shell.ts';
import { keepBackend, type Keeper } from './backend.ts';
import { answerHost, isOurs } from './dialogs.ts';
import { guardContents, guardSession } from './guards.ts';
import { importPaths } from './importPaths.ts';
import { setMenu } from './menu.ts';
import { nodeBackend } from './nodeBackend.ts';
import { optionsOf } from './options.ts';
import { declareScheme, servePage } from './page.ts';
import { machineSecret } from './secret.ts';
import { utilityBackend } from './utilityBackend.ts';
import { openWindow } from './window.ts';

const options = optionsOf(process.argv.slice(1), !app.isPackaged);
const built = (...parts: string[]): string => path.join(app.getAppPath(), 'dist', ...parts);
const program = (name: string): string => built('node', `${name}.mjs`);
/** In an unpackaged run only: an environment must not decide what a shipped program executes. */
const node = app.isPackaged ? undefined : process.env['RADDRAFT_NODE'];

if (options.dataFolder) app.setPath('userData', `${options.dataFolder}.window`);
if (!app.requestSingleInstanceLock({ paths: options.paths } satisfies SecondStart)) app.exit(0);
else {
  // Chromium refuses to run sandboxed as root (test machines); the window's own sandbox stays on even there.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  declareScheme();
  guardContents(app);
  app.whenReady().then(run).catch(giveUp);
}

/** Says why there is no window, to who sees a screen and to who sees a terminal. */
function giveUp({ message }: Error): void {
  process.stderr.write(`RadDraft cannot run: ${message}\n`);
  dialog.showErrorBox('RadDraft cannot run', message);
  app.exit(2);
}

function run(): void {
  // In memory only: no cache, no history, nothing of a study on the disk.
  const page = session.fromPartition('raddraft');
  guardSession(page);
  guardSession(session.defaultSession);
  servePage(page, built('renderer'));
  answerHost();

  // The line that a page had ends with that page.
  const hand = (contents: WebContents) => contents.postMessage('host:port', null, [backend.line()]);
  const backend = keepBackend(
    node ? nodeBackend(node, program('backend')) : utilityBackend(program('backend'), program('engine')),
    {
      t: 'init',
      dataFolder: options.dataFolder,
      shell: 'electron',
      allowsPaths: true,
      openAtStart: options.paths,
      machineSecret: machineSecret(app.getPath('userData')),
      packFolders: [path.join(app.getAppPath(), 'models')],
    },
    {
      restarted: () => BrowserWindow.getAllWindows().forEach(({ webContents }) => hand(webContents)),
      failed: (message) => giveUp(new Error(message)),
    },
  );
  ipcMain.on('host:ready', (event) => {
    if (isOurs(event)) hand(event.sender);
  });

  const fresh = () => openWindow(page, built('main', 'preload.cjs'), app.getPath('userData'));
  let window = fresh();
  const show = (): void => {
    if (window.isDestroyed()) window = fresh();
    if (window.isMinimized()) window.restore();
    window.focus();
  };
  const open = (paths: string[]): void => {
    show();
    if (paths.length > 0) void importPaths(backend.line(), paths);
  };
  setMenu((id) => window.webContents.send('host:command', id));
  app.on('second-instance', (_event, _argv, _folder, data) => open(SecondStart.safeParse(data).data?.paths ?? []));
  app.on('open-file', (event, file) => {
    event.preventDefault();
    open([file]);
  });
  app.on('activate', show);
  app.on('window-all-closed', () => app.quit());
  quitAfter(backend);
}

/** The backend writes what it still has to write, and is gone before we are. */
function quitAfter(backend: Keeper): void {
  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void backend.stop().finally(() => {
      stopped = true;
      app.quit();
    });
  });
}
