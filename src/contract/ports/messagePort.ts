/** A MessagePort (browser, worker_threads or Electron) as a transport: structured clones, in order. */
import type { Port, Wire } from '../protocol.ts';

/** What Node's and the browser's MessagePort have in common once listeners go through one of the two styles. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  start?(): void;
  on?(event: 'message' | 'close', listener: (value: unknown) => void): unknown;
  addEventListener?(event: 'message' | 'close', listener: (event: { data?: unknown }) => void): void;
}

export function messagePort(port: MessagePortLike): Port {
  const listen = (event: 'message' | 'close', listener: (data: unknown) => void) => {
    // Electron's MessagePortMain has `on` and hands over an event; Node's hands over the value itself.
    if (port.on) port.on(event, (value) => listener(isMessageEvent(value) ? value.data : value));
    else port.addEventListener?.(event, (value) => listener(value.data));
  };
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      listen('message', (data) => listener(data as Wire));
      port.start?.();
    },
    onClose: (listener) => listen('close', () => listener()),
  };
}

const isMessageEvent = (value: unknown): value is { data: unknown } =>
  value !== null && typeof value === 'object' && 'data' in value && !('t' in value);
