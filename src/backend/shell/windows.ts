/** Many windows over one channel: each gets a port of its own (see contract/shell). */
import type { Port, Wire } from '#contract/protocol.ts';
import { WindowEnvelope } from '#contract/shell.ts';

interface Channel {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

interface Window {
  message: ((message: Wire) => void)[];
  close: (() => void)[];
}

export function windowsOver(channel: Channel, opened: (port: Port) => void): void {
  const windows = new Map<number, Window>();
  channel.onMessage((raw) => {
    const envelope = WindowEnvelope.safeParse(raw);
    if (!envelope.success) return;
    const { id, kind } = envelope.data;
    const window = windows.get(id);
    if (kind === 'open' && !window) opened(portOf(id));
    if (kind === 'message') for (const listener of window?.message ?? []) listener(envelope.data.message as Wire);
    if (kind === 'close') {
      windows.delete(id);
      for (const listener of window?.close ?? []) listener();
    }
  });

  function portOf(id: number): Port {
    const window: Window = { message: [], close: [] };
    windows.set(id, window);
    return {
      send: (message) => {
        if (windows.has(id)) channel.send({ t: 'window', id, kind: 'message', message } satisfies WindowEnvelope);
      },
      onMessage: (listener) => void window.message.push(listener),
      onClose: (listener) => void window.close.push(listener),
    };
  }
}
