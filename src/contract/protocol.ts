/** What two processes may say to each other: a table of calls and a table of events. */
import type * as z from 'zod';
import type { ErrorCode } from './errors.ts';

export type CallTable = Record<string, { input: z.ZodType; output: z.ZodType }>;
export type EventTable = Record<string, z.ZodType>;
export interface Protocol {
  calls: CallTable;
  events: EventTable;
}

export type Wire =
  | { t: 'call'; id: number; name: string; input: unknown }
  | { t: 'cancel'; id: number }
  | { t: 'ok'; id: number; output: unknown }
  | { t: 'err'; id: number; code: ErrorCode; message: string }
  | { t: 'event'; name: string; payload: unknown };

/** A transport: it carries messages in order and says when it is gone. */
export interface Port {
  send(message: Wire): void;
  onMessage(listener: (message: Wire) => void): void;
  onClose(listener: () => void): void;
}

export type Emit<P extends Protocol> = <E extends keyof P['events'] & string>(
  name: E,
  payload: z.input<P['events'][E]>,
) => void;

export interface CallContext<P extends Protocol> {
  /** Aborted when the caller cancels or goes away. */
  signal: AbortSignal;
  emit: Emit<P>;
}

export type Handlers<P extends Protocol, C = CallContext<P>> = {
  [K in keyof P['calls'] & string]: (
    input: z.output<P['calls'][K]['input']>,
    context: C,
  ) => Promise<z.input<P['calls'][K]['output']>>;
};

export type Api<P extends Protocol> = {
  [K in keyof P['calls'] & string]: (
    input: z.input<P['calls'][K]['input']>,
    signal?: AbortSignal,
  ) => Promise<z.output<P['calls'][K]['output']>>;
};
