/** A WebSocket (browser or ws) as a transport: one binary frame a message. */
import { decode, encode } from '../frame.ts';
import type { Port, Wire } from '../protocol.ts';

export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

const OPEN = 1;

/** A frame that cannot be read closes the socket with 1003 (unsupported data). */
export function webSocket(socket: SocketLike): Port {
  socket.binaryType = 'arraybuffer';
  return {
    send: (message) => {
      if (socket.readyState === OPEN) socket.send(encode(message));
    },
    onMessage: (listener) =>
      socket.addEventListener('message', ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return socket.close(1003, 'binary frames only');
        let message: Wire;
        try {
          message = decode(new Uint8Array(data)) as Wire;
        } catch {
          return socket.close(1003, 'not a message frame');
        }
        listener(message);
      }),
    onClose: (listener) => socket.addEventListener('close', listener),
  };
}
