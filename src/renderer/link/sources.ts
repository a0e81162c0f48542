/** Where ports come from: a WebSocket to the page's own server, or what Electron's preload hands over. */
import { AppError } from '#contract/errors.ts';
import { messagePort, type MessagePortLike } from '#contract/ports/messagePort.ts';
import { webSocket, type SocketLike } from '#contract/ports/webSocket.ts';
import type { Port } from '#contract/protocol.ts';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 4000;

/** Joins `ws(s)://same host/rpc`, and joins again when the line breaks. */
export function socketSource(location: Location): (deliver: (port: Port) => void) => void {
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc?aside`;
  return (deliver) => {
    let wait = FIRST_RETRY_MS;
    const join = () => {
      const socket = new WebSocket(url);
      const port = webSocket(likeSocket(socket), { take });
      socket.addEventListener('open', () => {
        wait = FIRST_RETRY_MS;
        deliver(port);
      });
      socket.addEventListener('close', () => {
        setTimeout(join, wait);
        wait = Math.min(wait * 2, LONGEST_RETRY_MS);
      });
    };
    join();
  };
}

/** What the server keeps beside the socket; it is there once. */
async function take(place: string): Promise<Uint8Array> {
  const answer = await fetch(place);
  if (!answer.ok) throw new AppError('closed', 'the answer is gone');
  return new Uint8Array(await answer.arrayBuffer());
}

/** The browser's socket in the form that the transport asks for. */
const likeSocket = (socket: WebSocket): SocketLike => ({
  get binaryType() {
    return socket.binaryType;
  },
  set binaryType(type) {
    socket.binaryType = type === 'arraybuffer' ? 'arraybuffer' : 'blob';
  },
  get readyState() {
    return socket.readyState;
  },
  send: (data) => socket.send(new Uint8Array(data)),
  close: (code, reason) => socket.close(code, reason),
  addEventListener: (type: string, listener: (event: { data: unknown }) => void) => {
    if (type === 'message') socket.addEventListener('message', listener);
    else socket.addEventListener('close', () => listener({ data: null }));
  },
});

/** Electron: the preload posts `raddraft-port` with a MessagePort, at the start and after every restart. */
export function preloadSource(window: Window): (deliver: (port: Port) => void) => void {
  return (deliver) => {
    window.addEventListener('message', (event) => {
      const port = event.ports[0];
      if (event.source === window && event.data === 'raddraft-port' && port)
        deliver(messagePort(untilPageGoes(window, port)));
    });
    window.postMessage('raddraft-ready', window.location.origin === 'null' ? '*' : window.location.origin);
  };
}

/** A page that goes must not hear `close` any more: Electron fires it while the document is taken down, and crashes. */
const untilPageGoes = (window: Window, port: MessagePort): MessagePortLike => ({
  postMessage: (message) => port.postMessage(message),
  start: () => port.start(),
  addEventListener(type, listener) {
    const heard = (event: Event) => listener({ data: event instanceof MessageEvent ? (event.data as unknown) : null });
    port.addEventListener(type, heard);
    window.addEventListener('pagehide', () => port.removeEventListener(type, heard));
  },
});
