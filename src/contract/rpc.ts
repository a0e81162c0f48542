/** Carries a protocol over any port: validation both ways, cancelling, events. No Electron, no HTTP, no DOM. */
import * as z from 'zod';
import { AppError } from './errors.ts';
import type { Api, CallTable, Emit, Handlers, Port, Protocol, Wire } from './protocol.ts';

export interface ServeOptions {
  /** Is told of every throw that is not an AppError; answers with the id under which it was logged. */
  onInternal?: (error: unknown, call: string) => string;
}

export interface Served<P extends Protocol> {
  emit: Emit<P>;
}

/** Answers calls that arrive at `port`. An unknown throw crosses as `internal` with a log id, never its stack. */
export function serve<P extends Protocol>(
  port: Port,
  protocol: P,
  handlers: Handlers<P>,
  options: ServeOptions = {},
): Served<P> {
  const running = new Map<number, AbortController>();
  let open = true;
  const emit: Emit<P> = (name, payload) => {
    if (open) port.send({ t: 'event', name, payload: eventSchema(protocol, name).parse(payload) });
  };
  port.onClose(() => {
    open = false;
    for (const controller of running.values()) controller.abort();
  });
  port.onMessage((message) => {
    if (!isMessage(message)) return;
    if (message.t === 'cancel') running.get(message.id)?.abort();
    if (message.t === 'call') void answer(message.id, message.name, message.input);
  });

  async function answer(id: number, name: string, rawInput: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const call = callOf(protocol.calls, name);
      const input = call.input.safeParse(rawInput);
      if (!input.success) throw new AppError('invalid-input', `${name}: ${z.prettifyError(input.error)}`);
      const handler = (handlers as Record<string, (input: unknown, context: unknown) => Promise<unknown>>)[name];
      if (!handler) throw new AppError('not-found', `no handler for ${name}`);
      const output = call.output.parse(await handler(input.data, { signal: controller.signal, emit }));
      if (open) port.send({ t: 'ok', id, output });
    } catch (error) {
      const { code, message } = publicError(error, controller.signal, () => options.onInternal?.(error, name) ?? '');
      if (open) port.send({ t: 'err', id, code, message });
    } finally {
      running.delete(id);
    }
  }
  return { emit };
}

export interface Connection<P extends Protocol> {
  api: Api<P>;
  /** Answers with the function that stops listening. */
  on<E extends keyof P['events'] & string>(name: E, listener: (payload: z.output<P['events'][E]>) => void): () => void;
  onClose(listener: () => void): void;
}

/** The calling side. Every promise settles: when the port closes, with `closed`. */
export function connect<P extends Protocol>(port: Port, protocol: P): Connection<P> {
  let next = 0;
  let closed = false;
  const waiting = new Map<
    number,
    { name: string; resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const closeListeners: (() => void)[] = [];
  port.onClose(() => {
    closed = true;
    for (const entry of waiting.values()) entry.reject(new AppError('closed', 'the other process has gone'));
    waiting.clear();
    for (const listener of closeListeners) listener();
  });
  port.onMessage((message) => {
    if (!isMessage(message)) return;
    if (message.t === 'event') {
      const schema = protocol.events[message.name];
      if (!schema) return;
      const payload = schema.parse(message.payload);
      for (const listener of listeners.get(message.name) ?? []) listener(payload);
    }
    if (message.t !== 'ok' && message.t !== 'err') return;
    const entry = waiting.get(message.id);
    if (!entry) return;
    waiting.delete(message.id);
    if (message.t === 'err') return entry.reject(new AppError(message.code, message.message));
    const output = callOf(protocol.calls, entry.name).output.safeParse(message.output);
    if (output.success) entry.resolve(output.data);
    else entry.reject(new AppError('internal', `${entry.name} answered in a form that was not expected`));
  });

  function call(name: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (closed) return reject(new AppError('closed', 'the other process has gone'));
      if (signal?.aborted) return reject(new AppError('cancelled', 'cancelled before it began'));
      const id = next++;
      const cancel = () => port.send({ t: 'cancel', id });
      signal?.addEventListener('abort', cancel, { once: true });
      const settle =
        <T>(done: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener('abort', cancel);
          done(value);
        };
      waiting.set(id, { name, resolve: settle(resolve), reject: settle(reject) });
      port.send({ t: 'call', id, name, input });
    });
  }

  const api = Object.fromEntries(
    Object.keys(protocol.calls).map((name) => [
      name,
      (input: unknown, signal?: AbortSignal) => call(name, input, signal),
    ]),
  ) as Api<P>;
  return {
    api,
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      const entry = listener as (payload: unknown) => void;
      set.add(entry);
      return () => set.delete(entry);
    },
    onClose: (listener) => closeListeners.push(listener),
  };
}

/** What arrives is whatever the other end sent: anything that is no message is not answered. */
const isMessage = (message: unknown): message is Wire =>
  typeof message === 'object' && message !== null && 't' in message && typeof message.t === 'string';

function callOf(calls: CallTable, name: string): CallTable[string] {
  const call = Object.hasOwn(calls, name) ? calls[name] : undefined;
  if (!call) throw new AppError('not-found', `expected one of the contract's calls, found "${name.slice(0, 80)}"`);
  return call;
}

function eventSchema(protocol: Protocol, name: string): z.ZodType {
  const schema = protocol.events[name];
  if (!schema) throw new AppError('internal', `no event named ${name}`);
  return schema;
}

function publicError(error: unknown, signal: AbortSignal, log: () => string): Pick<AppError, 'code' | 'message'> {
  if (error instanceof AppError) return error;
  if (signal.aborted) return new AppError('cancelled', 'cancelled');
  const id = log();
  return new AppError('internal', `Something failed that should not have.${id ? ` It is in the log as ${id}.` : ''}`);
}
