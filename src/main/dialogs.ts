/** What the window asks of its host: dialogs, the title, printing. Only our own page is heard. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BrowserWindow, dialog, ipcMain, type IpcMainInvokeEvent } from 'electron';
import type { Picked } from '#contract/host.ts';
import { isOurs } from './page.ts';

export function answerHost(): void {
  ipcMain.handle('host:pick', async (event, kind: unknown): Promise<Picked[]> => {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!window || !isOurs(event)) return [];
    const { filePaths } = await dialog.showOpenDialog(window, {
      properties: kind === 'folder' ? ['openDirectory'] : ['openFile', 'multiSelections'],
    });
    return filePaths.map((file) => ({ kind: 'path', path: file, name: path.basename(file) }));
  });
  ipcMain.handle('host:print', async (event): Promise<string> => {
    if (!isOurs(event)) return '';
    if ((await event.sender.getPrintersAsync()).length === 0) return 'No printer is set up on this machine.';
    return new Promise((done) =>
      event.sender.print({}, (_printed, why) => done(/^(|.*cancell?ed)$/i.test(why) ? '' : why)),
    );
  });
  async function save(event: IpcMainInvokeEvent, name: unknown, content: () => string | Promise<Buffer>) {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!window || !isOurs(event) || typeof name !== 'string') return '';
    const { filePath } = await dialog.showSaveDialog(window, { defaultPath: path.basename(name) });
    if (!filePath) return '';
    const failed = (error: Error) => `The file was not written (${error.message}). Save it somewhere else.`;
    return writeFile(filePath, await content(), { mode: 0o600 }).then(() => '', failed);
  }
  ipcMain.handle('host:save', (event, name: unknown, text: unknown) =>
    typeof text === 'string' ? save(event, name, () => text) : '',
  );
  ipcMain.handle('host:pdf', (event, name: unknown) =>
    save(event, name, () => event.sender.printToPDF({ pageSize: 'A4', printBackground: true })),
  );
  ipcMain.on('host:title', (event, title: unknown) => {
    if (isOurs(event) && typeof title === 'string')
      BrowserWindow.fromWebContents(event.sender)?.setTitle(title.slice(0, 120));
  });
}
