/** The one window: sandboxed, isolated, without Node, as large as it was left. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BrowserWindow, screen, type Rectangle, type Session } from 'electron';
import { WindowPlace } from '#contract/shell.ts';
import { PAGE } from './page.ts';

/** `profile`: the folder that remembers the window's place; nothing of a patient is kept there. */
export function openWindow(session: Session, preload: string, profile: string): BrowserWindow {
  const file = path.join(profile, 'window.json');
  const window = new BrowserWindow({
    ...(placeLeft(file) ?? { width: 1440, height: 900 }),
    minWidth: 960,
    minHeight: 640,
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
    },
  });
  // The title is the host's to set: a page's own title might name a patient.
  window.on('page-title-updated', (event) => event.preventDefault());
  window.once('ready-to-show', () => window.show());
  window.on('close', () => writeFileSync(file, JSON.stringify(window.getNormalBounds())));
  // A page that crashed is shown again; what was typed is stored within a second.
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') window.webContents.reload();
  });
  void window.loadURL(PAGE);
  return window;
}

/** null when there is none, it cannot be read, or its screen is no longer there. */
function placeLeft(file: string): Rectangle | null {
  try {
    const place = WindowPlace.parse(JSON.parse(readFileSync(file, 'utf8')));
    const { x, y, width, height } = screen.getDisplayMatching(place).workArea;
    const seen = place.x + 200 < x + width && place.x + place.width > x + 200 && place.y >= y && place.y < y + height;
    return seen ? place : null;
  } catch {
    return null;
  }
}
