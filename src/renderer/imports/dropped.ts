/** What was dropped on the window: files, and folders with everything in them. */
import type { Host, Picked } from '#contract/host.ts';

/** Must be called inside the drop event: the items are gone afterwards. Electron hands over paths, a browser files. */
export async function droppedItems(transfer: DataTransfer, host: Host): Promise<Picked[]> {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const now = items.map((item) => ({ file: item.getAsFile(), entry: item.webkitGetAsEntry() }));
  const found: Picked[] = [];
  for (const { file, entry } of now) {
    const path = file && host.pathOf(file);
    if (path) found.push({ kind: 'path', path, name: file.name });
    else if (entry) found.push(...(await filesOf(entry)));
    else if (file) found.push({ kind: 'file', file, name: file.name });
  }
  return found;
}

async function filesOf(entry: FileSystemEntry): Promise<Picked[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ kind: 'file', file, name: entry.fullPath.replace(/^\//, '') }];
  }
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const found: Picked[] = [];
  // A reader answers with at most a hundred entries at a time, and with none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const inside of some) found.push(...(await filesOf(inside)));
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
