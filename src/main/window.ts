/** A window: sandboxed, isolated, without Node, where and as large as it was left. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BrowserWindow, screen, type Session } from 'electron';
import { placeOn, WindowPlace } from '#contract/windowPlace.ts';
import { PAGE } from './page.ts';
import { tell } from './words.ts';

export interface WindowWanted {
  session: Session;
  preload: string;
  /** The folder that remembers the window's place; nothing of a patient is kept there. */
  profile: string;
  /** `report`: the second window, on another screen than `beside` where there is one. */
  part?: 'report';
  beside?: BrowserWindow;
}

export function openWindow({ session, preload, profile, part, beside }: WindowWanted): BrowserWindow {
  const file = path.join(profile, part ? `window-${part}.json` : 'window.json');
  const left = placeLeft(file);
  const displays = screen.getAllDisplays();
  const taken = beside && screen.getDisplayMatching(beside.getBounds());
  const usual = displays.find(({ id }) => taken && id !== taken.id) ?? taken ?? screen.getPrimaryDisplay();
  const place = placeOn(
    displays.map(({ workArea }) => workArea),
    left,
    usual.workArea,
    part ? { width: 900, height: 1000 } : { width: 1440, height: 900 },
  );
  const window = new BrowserWindow({
    ...place,
    minWidth: Math.min(part ? 480 : 960, place.width),
    minHeight: Math.min(part ? 480 : 640, place.height),
    show: false,
    title: 'RadDraft',
    backgroundColor: '#0b0b0b',
    autoHideMenuBar: true,
    webPreferences: {
      session,
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      disableBlinkFeatures: 'Auxclick', // a middle click opens nothing
    },
  });
  // The title is the host's to set: a page's own title might name a patient.
  window.on('page-title-updated', (event) => event.preventDefault());
  window.once('ready-to-show', () => (left?.maximized ? window.maximize() : window.show()));
  window.on('close', () => {
    const now: WindowPlace = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    writeFileSync(file, JSON.stringify(now));
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    tell(window.webContents, { word: 'recovered' });
    window.webContents.reload();
  });
  void window.loadURL(part ? `${PAGE}#${part}` : PAGE);
  return window;
}

/** null when there is none or it cannot be read. */
function placeLeft(file: string): WindowPlace | null {
  try {
    return WindowPlace.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
