/** What the window asks of its host: open dialogs and the title. Only our own page is heard. */
import path from 'node:path';
import { BrowserWindow, dialog, ipcMain, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron';
import type { Picked } from '#contract/host.ts';
import { PAGE } from './page.ts';

/** Whether it is the page itself that speaks, in its main frame. */
export const isOurs = ({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean =>
  senderFrame?.parent === null && senderFrame.url === PAGE;

export function answerHost(): void {
  ipcMain.handle('host:pick', async (event, kind: unknown): Promise<Picked[]> => {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!window || !isOurs(event)) return [];
    const { filePaths } = await dialog.showOpenDialog(window, {
      properties: kind === 'folder' ? ['openDirectory'] : ['openFile', 'multiSelections'],
    });
    return filePaths.map((file) => ({ kind: 'path', path: file, name: path.basename(file) }));
  });
  ipcMain.on('host:title', (event, title: unknown) => {
    if (isOurs(event) && typeof title === 'string')
      BrowserWindow.fromWebContents(event.sender)?.setTitle(title.slice(0, 120));
  });
}
