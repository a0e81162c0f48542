/** Many windows over a backend's one channel: this end hands each window's messages on under an id of its own. */
import { WindowEnvelope } from '../shell.ts';

/** Electron's MessagePortMain. */
export interface WindowPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export function manyWindows(send: (envelope: WindowEnvelope) => void) {
  const windows = new Map<number, WindowPort>();
  let next = 0;
  return {
    join(port: WindowPort): void {
      const id = next++;
      windows.set(id, port);
      send({ t: 'window', id, kind: 'open' });
      port.on('message', ({ data }) => send({ t: 'window', id, kind: 'message', message: data }));
      port.on('close', () => {
        windows.delete(id);
        send({ t: 'window', id, kind: 'close' });
      });
      port.start();
    },
    /** Whatever the backend sent; what is for no window is left alone. */
    heard(message: unknown): void {
      const envelope = WindowEnvelope.safeParse(message);
      if (envelope.success && envelope.data.kind === 'message')
        windows.get(envelope.data.id)?.postMessage(envelope.data.message);
    },
    close(): void {
      for (const port of windows.values()) port.close();
      windows.clear();
    },
  };
}
