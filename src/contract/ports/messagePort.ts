/** A MessagePort (browser, worker_threads or Electron) as a transport: structured clones, in order. */
import type { Port, Wire } from '../protocol.ts';

/** Node's MessagePort hands over the value itself; Electron's MessagePortMain hands over an event. */
export interface NodeMessagePort {
  postMessage(message: unknown): void;
  start?(): void;
  on(event: 'message' | 'close', listener: (value: unknown) => void): unknown;
}

export interface WebMessagePort {
  postMessage(message: unknown): void;
  start?(): void;
  addEventListener(event: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(event: 'close', listener: () => void): void;
}

export type MessagePortLike = NodeMessagePort | WebMessagePort;

export function messagePort(port: MessagePortLike): Port {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      if ('on' in port) port.on('message', (value) => listener(valueOf(value) as Wire));
      else port.addEventListener('message', ({ data }) => listener(data as Wire));
      port.start?.();
    },
    onClose: (listener) => {
      if ('on' in port) port.on('close', () => listener());
      else port.addEventListener('close', () => listener());
    },
  };
}

const valueOf = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && 'data' in value && !('t' in value) ? value.data : value;
