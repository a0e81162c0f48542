/** One lasting line to the backend over ports that come and go: calls, events, and whether anybody is there. */
import { calls, product, type Product } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { Api, Port } from '#contract/protocol.ts';
import { connect, type Connection } from '#contract/rpc.ts';

/** `starting`: never connected yet. `lost`: it was there, and is being waited for. */
export type LinkState = 'starting' | 'open' | 'lost';

export interface Link {
  api: Api<Product>;
  on: Connection<Product>['on'];
  state(): LinkState;
  /** Called at every change, not for the present state. */
  onState(listener: (state: LinkState) => void): () => void;
}

/**
 * `source` delivers a port whenever a new one is there; the one before counts as gone then. Calls made before the
 * first port wait for it; calls made while the line is lost fail with `closed`, so that callers can say so.
 */
export function createLink(source: (deliver: (port: Port) => void) => void): Link {
  let state: LinkState = 'starting';
  let connection: Connection<Product> | null = null;
  let hangUp = () => {};
  const stateListeners = new Set<(state: LinkState) => void>();
  const subscriptions = new Set<(to: Connection<Product>) => void>();
  let arrived = () => {};
  const first = new Promise<void>((resolve) => (arrived = resolve));

  const change = (to: LinkState) => {
    if (state === to) return;
    state = to;
    for (const listener of stateListeners) listener(to);
  };

  source((port) => {
    hangUp();
    const line = closable(port);
    const fresh = connect(line.port, product);
    hangUp = line.close;
    connection = fresh;
    fresh.onClose(() => {
      if (connection !== fresh) return;
      connection = null;
      change('lost');
    });
    for (const subscribe of subscriptions) subscribe(fresh);
    change('open');
    arrived();
  });

  const call = async (name: keyof typeof calls, input: never, signal?: AbortSignal): Promise<unknown> => {
    await first;
    if (!connection)
      throw new AppError('closed', 'RadDraft’s background program is not answering. It is being restarted.');
    return connection.api[name](input, signal);
  };

  return {
    api: Object.fromEntries(
      Object.keys(calls).map((name) => [
        name,
        (input: never, signal?: AbortSignal) => call(name as keyof typeof calls, input, signal),
      ]),
    ) as unknown as Api<Product>,
    on(name, listener) {
      let stop = () => {};
      const subscribe = (to: Connection<Product>) => {
        stop = to.on(name, listener);
      };
      subscriptions.add(subscribe);
      if (connection) subscribe(connection);
      return () => {
        subscriptions.delete(subscribe);
        stop();
      };
    },
    state: () => state,
    onState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
  };
}

/** A port that can also be given up from this side: one that was replaced may never say that it has closed. */
function closable(port: Port): { port: Port; close: () => void } {
  const listeners: (() => void)[] = [];
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    for (const listener of listeners) listener();
  };
  port.onClose(close);
  return {
    port: {
      send: (message) => port.send(message),
      onMessage: (listener) => port.onMessage((message) => open && listener(message)),
      onClose: (listener) => listeners.push(listener),
    },
    close,
  };
}
