/** The channel between a Node program and a child that it forked with `serialization: 'advanced'`. */
import type { Port, Wire } from '../protocol.ts';

/** Either end: a ChildProcess, or `process` inside the child. */
export interface ChannelLike {
  readonly connected?: boolean;
  send?(message: unknown, callback?: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

export function childProcess(channel: ChannelLike): Port {
  return {
    send: (message) => {
      // The callback keeps a message to a child that has just died from becoming an uncaught error.
      if (channel.connected) channel.send?.(message, () => undefined);
    },
    onMessage: (listener) => channel.on('message', (message) => listener(message as Wire)),
    onClose: (listener) => channel.on('disconnect', listener),
  };
}
