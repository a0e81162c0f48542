/** Opens what a second start of the program was given: the running window learns of it by `study.changed`. */
import { randomUUID } from 'node:crypto';
import { dialog, type BrowserWindow, type MessagePortMain } from 'electron';
import { product } from '#contract/calls.ts';
import { messagePort } from '#contract/ports/messagePort.ts';
import { connect } from '#contract/rpc.ts';

const MOST_NAMED = 8;

/** What could not be taken is named over `window`: nobody else would say it. */
export async function importPaths(port: MessagePortMain, paths: string[], window: BrowserWindow): Promise<void> {
  const { api } = connect(messagePort(port), product);
  try {
    const { entries } = await api['import.run']({
      job: randomUUID(),
      sources: paths.map((file) => ({ kind: 'path', path: file })),
    });
    const refused = entries.filter(({ outcome }) => outcome !== 'read' && outcome !== 'already-here');
    if (refused.length > 0 && !window.isDestroyed())
      await dialog.showMessageBox(window, {
        type: 'warning',
        message: refused.length === 1 ? 'A file was not opened.' : `${refused.length} files were not opened.`,
        detail: refused
          .slice(0, MOST_NAMED)
          .map(({ name, reason }) => `${name}: ${reason}`)
          .join('\n'),
      });
  } catch {
    // The backend went away meanwhile; the person sees that, and opens the file again.
  } finally {
    port.close();
  }
}
