/** The backend's side of the imaging worker: one call at a time, capped in time and memory, started anew when it dies. */
import { Worker } from 'node:worker_threads';
import type * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { imagingProtocol, type ImagingProtocol, type ParsedFile } from '#contract/imaging.ts';
import { messagePort } from '#contract/ports/messagePort.ts';
import { connect, type Connection } from '#contract/rpc.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import { samplesOf, type Pixels } from '#core/imaging/pixels.ts';
import { workerFile } from '../files/workerFile.ts';
import { refused } from './refuse.ts';

type CaptureInput = Omit<z.input<ImagingProtocol['calls']['imaging.capture']['input']>, 'bytes'> & {
  bytes: Uint8Array;
};

/** All calls reject with AppError: `refused` (the file), `timed-out`, `cancelled`, `closed`. */
export interface Imaging {
  parse(bytes: Uint8Array, signal?: AbortSignal): Promise<{ file: ParsedFile | null; picture: 'png' | 'jpeg' | null }>;
  /** Parses for an import. `bytes` are moved, so that the caller's array is empty after, and come back with their hash. */
  read(bytes: Uint8Array, signal?: AbortSignal): Promise<ReadFile>;
  /** `frame` counts from 0. With `handOver` the bytes are moved instead of copied: the caller's array is empty after. */
  decode(bytes: Uint8Array, frame: number, signal?: AbortSignal, handOver?: boolean): Promise<Pixels>;
  /** The same, and for a large frame its preview; `padding` is the header's. */
  decodeWithPreview(bytes: Uint8Array, frame: number, padding: Padding, options?: DecodeOptions): Promise<Decoded>;
  /** The files that a DICOMDIR names, as the components of their paths. */
  directory(bytes: Uint8Array, signal?: AbortSignal): Promise<string[][]>;
  /** A PNG or JPEG as a DICOM secondary capture file. */
  capture(input: CaptureInput, signal?: AbortSignal): Promise<Uint8Array>;
  /** The demo film or the display's test pattern as a DICOM file. */
  demo(what?: 'film' | 'test-pattern'): Promise<Uint8Array>;
  close(): Promise<void>;
}

type Padding = ImageHeader['pixelPadding'];

export interface DecodeOptions {
  signal?: AbortSignal;
  handOver?: boolean;
  /** With `handOver`: the file comes back. */
  giveBack?: boolean;
}

export type ReadFile = z.output<ImagingProtocol['calls']['imaging.read']['output']>;

export interface Decoded {
  /** The file's bytes, where they were to come back. */
  file?: Uint8Array;
  pixels: Pixels;
  /** `bytes` are its level's values, of the same kind as the frame's. */
  preview: { halvings: number; bytes: Uint8Array<ArrayBuffer> } | null;
}

export interface ImagingOptions {
  /** JavaScript heap of the worker. Pixels lie outside it and have caps of their own (limits.ts). */
  memoryMb?: number;
  /** Time for one call. */
  timeoutMs?: number;
}

interface Running {
  worker: Worker;
  connection: Connection<ImagingProtocol>;
  /** Why the worker died, as far as it said. */
  death: Error | null;
}

export function startImaging({ memoryMb = 1024, timeoutMs = 30_000 }: ImagingOptions = {}): Imaging {
  let running: Running | null = null;
  let closed = false;
  let tail: Promise<unknown> = Promise.resolve();

  function worker(): Running {
    if (running) return running;
    const started = start(memoryMb);
    started.connection.onClose(() => {
      if (running === started) running = null;
    });
    running = started;
    return started;
  }

  /** Ending a worker is safe: it runs JavaScript and WebAssembly only. The next call starts another. */
  async function end(): Promise<void> {
    const ending = running;
    running = null;
    await ending?.worker.terminate();
  }

  async function run<T>(
    call: (api: Running['connection']['api']) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    if (closed) throw new AppError('closed', 'the program is closing');
    if (signal?.aborted) throw new AppError('cancelled', 'cancelled before it began');
    const current = worker();
    current.worker.ref();
    let stop: (error: AppError) => void = () => undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = (error) => {
        reject(error);
        void end();
      };
    });
    const seconds = timeoutMs / 1000;
    const late = refusedWords(`a file that is read within ${seconds} seconds`, 'one that takes longer');
    const timer = setTimeout(() => stop(new AppError('timed-out', late)), timeoutMs);
    const cancel = () => stop(new AppError('cancelled', 'cancelled'));
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await Promise.race([call(current.connection.api), stopped]);
    } catch (error) {
      throw error instanceof AppError && error.code === 'closed' && !closed ? died(current.death, memoryMb) : error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      current.worker.unref();
    }
  }

  /** The worker has one thread: calls wait their turn, so that the time cap counts work, not waiting. */
  function queued<T>(call: (api: Running['connection']['api']) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const result = tail.then(() => run(call, signal));
    tail = result.catch(() => undefined);
    return result;
  }

  function decode(
    bytes: Uint8Array,
    frame: number,
    { signal, handOver = false, giveBack = false, padding }: DecodeOptions & { padding?: Padding },
  ): Promise<Decoded> {
    return queued(async (api) => {
      const input = (handOver && owned(bytes)) || new Uint8Array(bytes);
      const wanted = padding === undefined ? { giveBack } : { giveBack, preview: { padding } };
      const { info, bytes: samples, preview, file } = await api['imaging.decode']({ bytes: input, frame, ...wanted });
      const { byteLength: _, ...rest } = info;
      return { pixels: { ...rest, data: samplesOf(info.kind, samples) }, preview, ...(file ? { file } : {}) };
    }, signal);
  }

  return {
    parse: (bytes, signal) => queued((api) => api['imaging.parse']({ bytes: new Uint8Array(bytes) }), signal),
    read: (bytes, signal) =>
      queued((api) => api['imaging.read']({ bytes: owned(bytes) ?? new Uint8Array(bytes) }), signal),
    decode: async (bytes, frame, signal, handOver = false) => (await decode(bytes, frame, { signal, handOver })).pixels,
    decodeWithPreview: (bytes, frame, padding, options = {}) => decode(bytes, frame, { ...options, padding }),
    directory: async (bytes, signal) =>
      (await queued((api) => api['imaging.directory']({ bytes: new Uint8Array(bytes) }), signal)).files,
    capture: async (input, signal) =>
      (await queued((api) => api['imaging.capture']({ ...input, bytes: new Uint8Array(input.bytes) }), signal)).bytes,
    demo: async (what = 'film') => (await queued((api) => api['imaging.demo']({ what }))).bytes,
    close: async () => {
      closed = true;
      await end();
    },
  };
}

function start(memoryMb: number): Running {
  const worker = new Worker(workerFile('imaging', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    execArgv: [],
  });
  const closing: (() => void)[] = [];
  const port = messagePort({
    postMessage: (message) => worker.postMessage(message, inputBuffer(message)),
    on: (event, listener) =>
      event === 'message' ? worker.on('message', listener) : closing.push(() => listener(null)),
  });
  const started: Running = { worker, connection: connect(port, imagingProtocol), death: null };
  worker.on('error', (error) => {
    started.death = error instanceof Error ? error : new Error(String(error));
  });
  worker.on('exit', () => closing.forEach((listener) => listener()));
  worker.unref();
  return started;
}

/** The array alone on its buffer, or null for a view of a larger or shared one, which cannot change hands. */
const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> | null =>
  bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
    ? new Uint8Array(bytes.buffer)
    : null;

/** Every call sends bytes that nobody here needs any more: they are moved, which saves a structured clone's copies. */
function inputBuffer(message: unknown): ArrayBuffer[] {
  if (typeof message !== 'object' || message === null || !('input' in message)) return [];
  const { input } = message;
  if (typeof input !== 'object' || input === null || !('bytes' in input)) return [];
  return input.bytes instanceof Uint8Array && input.bytes.buffer instanceof ArrayBuffer ? [input.bytes.buffer] : [];
}

function died(death: Error | null, memoryMb: number): AppError {
  const memory = death !== null && 'code' in death && death.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return memory
    ? refused(`a file that is read within ${memoryMb} MB of memory`, 'one that needs more', 'It is left out.')
    : refused('a file that can be read', 'one that ended the reader', 'It is left out; the program goes on.');
}

const refusedWords = (expected: string, found: string): string =>
  `Expected ${expected}, found ${found}. It is left out; try again when the machine is idle.`;
