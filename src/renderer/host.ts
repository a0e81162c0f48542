/** The window's host: Electron's, or what a browser can do by itself. */
import type { Host, Picked } from '#contract/host.ts';

declare global {
  interface Window {
    raddraftHost?: Host;
  }
}

export function hostOf(window: Window): Host {
  return window.raddraftHost ?? browserHost(window.document);
}

function browserHost(document: Document): Host {
  return {
    shell: 'browser',
    pickFiles: (kind) => pick(document, kind),
    pathOf: () => null,
    setTitle: (title) => {
      document.title = title;
    },
    onWord: () => () => undefined,
    print: () => {
      document.defaultView?.print();
      return Promise.resolve('');
    },
    saveFile: (name, text) => {
      save(document, name, text);
      return Promise.resolve('');
    },
    savePdf() {
      return this.print();
    },
    openReport: () => undefined,
  };
}

/** Empty when the person cancels. */
function pick(document: Document, kind: 'files' | 'folder'): Promise<Picked[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = kind === 'folder';
    input.hidden = true;
    const done = () => {
      input.remove();
      resolve([...(input.files ?? [])].map((file): Picked => ({ kind: 'file', file, name: nameOf(file) })));
    };
    input.addEventListener('change', done, { once: true });
    input.addEventListener('cancel', done, { once: true });
    // Held by the page: one that nobody holds may be collected before the person has chosen.
    document.body.append(input);
    input.click();
  });
}

/** By the browser's own way of saving. */
function save(document: Document, name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A file's name as the person knows it: with its folders when a folder was picked. */
export const nameOf = (file: File): string => file.webkitRelativePath || file.name;
