/** The bridge: the host's few methods, and the line to the backend, handed to the page as a MessagePort. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Host, HostWord, Picked } from '#contract/host.ts';

const host: Host = {
  shell: 'electron',
  pickFiles: (kind) => ipcRenderer.invoke('host:pick', kind) as Promise<Picked[]>,
  pathOf,
  setTitle: (title) => ipcRenderer.send('host:title', title),
  onWord(listener) {
    const heard = (_event: unknown, word: HostWord): void => listener(word);
    ipcRenderer.on('host:word', heard);
    ipcRenderer.send('host:listens');
    return () => ipcRenderer.off('host:word', heard);
  },
  print: () => ipcRenderer.invoke('host:print') as Promise<string>,
  saveFile: (name, text) => ipcRenderer.invoke('host:save', name, text) as Promise<string>,
  savePdf: (name) => ipcRenderer.invoke('host:pdf', name) as Promise<string>,
  openReport: () => ipcRenderer.send('host:report'),
};
contextBridge.exposeInMainWorld('raddraftHost', host);

/** Older Electron has no `webUtils`; there a file carries its path itself. */
function pathOf(file: unknown): string | null {
  if (!(file instanceof File)) return null;
  const utils: typeof webUtils | undefined = webUtils;
  const found: unknown = utils ? utils.getPathForFile(file) : Reflect.get(file, 'path');
  return typeof found === 'string' && found !== '' ? found : null;
}

window.addEventListener('message', (event) => {
  if (event.source === window && event.data === 'raddraft-ready') ipcRenderer.send('host:ready');
});
ipcRenderer.on('host:port', ({ ports }) => window.postMessage('raddraft-port', window.location.origin, ports));
