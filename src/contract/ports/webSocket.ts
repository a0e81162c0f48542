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
/** Frames above this size go beside the socket, where both ends can. */
const LARGE = 256 * 1024;

/**
 * A way beside the socket for large frames: a browser takes 4 MB by HTTP in half the time that its WebSocket needs.
 * What comes that way comes when it is there; only small messages keep their order among themselves.
 */
export interface Aside {
  /** The sending end keeps a frame to be taken once, and answers where. */
  put?: (frame: Uint8Array) => string;
  /** The receiving end takes it from there. */
  take?: (place: string) => Promise<Uint8Array>;
}

interface Elsewhere {
  t: 'aside';
  place: string;
}

/** A frame that cannot be read closes the socket with 1003 (unsupported data). */
export function webSocket(socket: SocketLike, { put, take }: Aside = {}): Port {
  socket.binaryType = 'arraybuffer';
  return {
    send: (message) => {
      if (socket.readyState !== OPEN) return;
      const frame = encode(message);
      if (put && frame.byteLength > LARGE) socket.send(encode({ t: 'aside', place: put(frame) } satisfies Elsewhere));
      else socket.send(frame);
    },
    onMessage: (listener) => {
      const unreadable = () => socket.close(1003, 'not a message frame');
      socket.addEventListener('message', ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return socket.close(1003, 'binary frames only');
        let message: Wire | Elsewhere | null;
        try {
          message = decode(new Uint8Array(data)) as Wire | Elsewhere | null;
        } catch {
          return unreadable();
        }
        if (message?.t !== 'aside') listener(message as Wire);
        else if (take) void take(message.place).then((frame) => listener(decode(frame) as Wire), unreadable);
        else unreadable();
      });
    },
    onClose: (listener) => socket.addEventListener('close', listener),
  };
}
