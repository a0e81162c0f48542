/** Electron's main process: two windows at most, one backend, nothing else. It parses no file and knows no patient. */
import path from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  MessageChannelMain,
  powerMonitor,
  session,
  type WebContents,
} from 'electron';
import type { HostWord } from '#contract/host.ts';
import { keepRunning } from '#contract/keepRunning.ts';
import { SecondStart, type BackendInit } from '#contract/shell.ts';
import { startOptions } from '#contract/startOptions.ts';
import { clock } from './backend.ts';
import { runCli } from './cli.ts';
import { answerHost } from './dialogs.ts';
import { guardContents, guardSession } from './guards.ts';
import { setMenu } from './menu.ts';
import { nodeBackend } from './nodeBackend.ts';
import { declareScheme, isOurs, servePage } from './page.ts';
import { ownNode, packs, preload, program, renderer } from './places.ts';
import { machineSecret } from './secret.ts';
import { utilityBackend } from './utilityBackend.ts';
import { openWindow } from './window.ts';
import { answerListeners, tell } from './words.ts';

const { data, cli, paths: named } = startOptions(process.argv.slice(1), !app.isPackaged);
const place = data || process.env['RADDRAFT_DATA'];
const dataFolder = place ? path.resolve(place) : '';
const paths = named.map((name) => path.resolve(name));
/** Opens files in the first window; until there is one they wait. */
let open = (more: string[]): void => void paths.push(...more);

// Not Electron's own choice: on macOS that is where the data lie.
app.setPath('userData', dataFolder ? `${dataFolder}.window` : path.join(app.getPath('appData'), 'RadDraft window'));
if (cli) {
  app
    .whenReady()
    .then(() => runCli(cli, machineSecret(app.getPath('userData'))))
    .then(app.exit)
    .catch(giveUp);
} else if (!app.requestSingleInstanceLock({ paths } satisfies SecondStart)) app.exit(0);
else {
  // Chromium refuses to run sandboxed as root (test machines); the window's own sandbox stays on even there.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  declareScheme();
  guardContents(app);
  // macOS names a file before the application is ready.
  app.on('open-file', (event, file) => {
    event.preventDefault();
    open([file]);
  });
  app.whenReady().then(run).catch(giveUp);
}

/** Says why there is no window, to who sees a screen and to who sees a terminal. */
function giveUp({ message }: Error): void {
  process.stderr.write(`RadDraft cannot run: ${message}\n`);
  if (!cli) dialog.showErrorBox('RadDraft cannot run', message);
  app.exit(2);
}

function run(): void {
  // In memory only: no cache, no history, nothing of a study on the disk.
  const page = session.fromPartition('raddraft');
  guardSession(page);
  guardSession(session.defaultSession);
  servePage(page, renderer());
  answerHost();
  answerListeners();

  const everywhere = (act: (contents: WebContents) => void) =>
    BrowserWindow.getAllWindows().forEach(({ webContents }) => act(webContents));
  const init: BackendInit = {
    t: 'init',
    dataFolder,
    shell: 'electron',
    allowsPaths: true,
    openAtStart: [],
    machineSecret: machineSecret(app.getPath('userData')),
    packFolders: [packs()],
  };
  const node = ownNode();
  const start = node ? nodeBackend(node, program('backend')) : utilityBackend(program('backend'), program('engine'));
  const backend = keepRunning((events) => start(init, events), clock, {
    restarted: () => everywhere(hand),
    failed: (message) => giveUp(new Error(message)),
  });
  /** A fresh line to the backend that runs now; the one that a page had ends with that page. */
  function hand(contents: WebContents): void {
    const { port1, port2 } = new MessageChannelMain();
    backend.now().join(port1);
    contents.postMessage('host:port', null, [port2]);
  }
  ipcMain.on('host:ready', (event) => {
    if (isOurs(event)) hand(event.sender);
  });

  const wanted = { session: page, preload: preload(), profile: app.getPath('userData') };
  let first = fresh();
  let report: BrowserWindow | null = null;
  function fresh(): BrowserWindow {
    // The report's window is nothing without the first.
    return openWindow(wanted).once('closed', () => report?.close());
  }
  function front(window: BrowserWindow): void {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }
  function show(): BrowserWindow {
    if (first.isDestroyed()) first = fresh();
    front(first);
    return first;
  }
  open = (files) => {
    const { webContents } = show();
    if (files.length > 0) tell(webContents, { word: 'open', paths: files });
  };
  if (paths.length > 0) tell(first.webContents, { word: 'open', paths });
  ipcMain.on('host:report', (event) => {
    if (!isOurs(event)) return;
    if (report) return front(report);
    report = openWindow({ ...wanted, part: 'report', beside: first }).once('closed', () => (report = null));
  });
  setMenu((id) => tell((BrowserWindow.getFocusedWindow() ?? first).webContents, { word: 'command', id }));
  app.on('second-instance', (_event, _argv, _folder, data) => open(SecondStart.safeParse(data).data?.paths ?? []));
  app.on('activate', show);
  app.on('window-all-closed', () => app.quit());
  const say = (word: HostWord) => () => everywhere((contents) => tell(contents, word));
  powerMonitor.on('suspend', say({ word: 'sleep' })).on('resume', say({ word: 'wake' }));
  powerMonitor.on('lock-screen', say({ word: 'sleep' })).on('shutdown', say({ word: 'sleep' }));
  // The backend writes what it still has to write, and is gone before we are.
  app.on('will-quit', (event) => {
    event.preventDefault();
    void backend.stop().finally(() => app.exit());
  });
}
