/** Makes the application's menu of its table. Items send command ids to the window, which knows what they mean. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { menus, type MenuEntry } from '#contract/menu.ts';

/** Keys belong to the window, where a person may change them: outside macOS the menu claims none. */
export function setMenu(command: (id: string) => void): void {
  const mac = process.platform === 'darwin';
  const item = (entry: MenuEntry): MenuItemConstructorOptions => {
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
