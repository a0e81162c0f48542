/** The application's menu. Its items send command ids to the window, which knows what they mean. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';

type Entry = readonly [label: string, command: string] | NonNullable<MenuItemConstructorOptions['role']> | '-';

const menus: Record<string, readonly Entry[]> = {
  Study: [
    ['Open files…', 'study.open-files'],
    ['Open folder…', 'study.open-folder'],
    ['Open the demo film', 'study.demo'],
    '-',
    ['Studies', 'study.list'],
    ['Search studies', 'study.search'],
    '-',
    'quit',
  ],
  Edit: [['Undo', 'report.undo'], ['Redo', 'report.redo'], '-', 'cut', 'copy', 'paste', 'selectAll'],
  Report: [
    ['Draft report', 'report.draft'],
    ['Edit the report', 'report.edit'],
    ['Keep a version', 'report.keep'],
    ['Versions…', 'report.versions'],
  ],
  View: [['Show or hide AI', 'viewer.toggle-ai'], '-', 'resetZoom', 'zoomIn', 'zoomOut', '-', 'togglefullscreen'],
  Help: [
    ['All commands…', 'help.commands'],
    ['Keys…', 'help.keys'],
    ['Settings…', 'help.settings'],
    ['Models…', 'help.packs'],
    ['Test pattern for the display', 'help.test-pattern'],
    '-',
    ['About RadDraft', 'help.about'],
  ],
};

/** Keys belong to the window, where a person may change them: outside macOS the menu claims none. */
export function setMenu(command: (id: string) => void): void {
  const mac = process.platform === 'darwin';
  const item = (entry: Entry): MenuItemConstructorOptions => {
    if (entry === '-') return { type: 'separator' };
    if (typeof entry === 'string') return { role: entry, registerAccelerator: mac };
    const [label, id] = entry;
    return { label, click: () => command(id) };
  };
  const template = Object.entries(menus).map(([label, entries]) => ({ label, submenu: entries.map(item) }));
  const developer: MenuItemConstructorOptions[] = app.isPackaged ? [] : [{ role: 'toggleDevTools', visible: false }];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([...(mac ? [{ role: 'appMenu' } as const] : []), ...template, ...developer]),
  );
}
