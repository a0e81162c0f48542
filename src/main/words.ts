/** What main says to a window: kept until its page listens, so that nothing is lost while it loads. */
import { ipcMain, type WebContents } from 'electron';
import type { HostWord } from '#contract/host.ts';
import { isOurs } from './page.ts';

const listening = new Set<WebContents>();
const waiting = new WeakMap<WebContents, HostWord[]>();

export function tell(contents: WebContents, word: HostWord): void {
  if (listening.has(contents) && !contents.isCrashed()) contents.send('host:word', word);
  else waiting.set(contents, [...(waiting.get(contents) ?? []), word]);
}

export function answerListeners(): void {
  ipcMain.on('host:listens', (event) => {
    const { sender } = event;
    if (!isOurs(event)) return;
    listening.add(sender);
    const deaf = () => listening.delete(sender);
    sender.once('did-start-loading', deaf).once('render-process-gone', deaf).once('destroyed', deaf);
    for (const word of waiting.get(sender) ?? []) sender.send('host:word', word);
    waiting.delete(sender);
  });
}
