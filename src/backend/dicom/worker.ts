/** The imaging worker: untrusted bytes are parsed and decoded here, where a hostile file can end nothing else. */
import { hash } from 'node:crypto';
import { parentPort, type MessagePort, type Transferable } from 'node:worker_threads';
import { AppError } from '#contract/errors.ts';
import { imagingProtocol, type ImagingProtocol } from '#contract/imaging.ts';
import { messagePort } from '#contract/ports/messagePort.ts';
import type { Handlers, Port, Wire } from '#contract/protocol.ts';
import { serve } from '#contract/rpc.ts';
import { bytesOf } from '#core/imaging/pixels.ts';
import { previewOf } from '#core/imaging/preview.ts';
import { decodeFrame } from './decode.ts';
import { directoryFiles } from './directory.ts';
import { parse } from './parse.ts';
import { decodePicture } from './pictures.ts';
import { COPY_AGAIN, refused } from './refuse.ts';

const handlers: Handlers<ImagingProtocol> = {
  'imaging.parse': ({ bytes }) => guarded(async () => parse(bytes)),
  'imaging.read': ({ bytes }) =>
    guarded(async () => ({ ...parse(bytes), sha256: hash('sha256', bytes), bytes: compact(bytes) })),
  'imaging.decode': ({ bytes, frame, preview, giveBack }) =>
    guarded(async () => {
      const pixels = await decodeFrame(bytes, frame);
      const { data, ...info } = pixels;
      const small = preview ? previewOf(pixels, preview.padding) : null;
      return {
        info: { ...info, byteLength: data.byteLength },
        bytes: compact(bytesOf(data)),
        file: giveBack ? compact(bytes) : null,
        preview: small && { halvings: small.halvings, bytes: compact(bytesOf(small.level.data)) },
      };
    }),
  'imaging.directory': ({ bytes }) => guarded(async () => ({ files: directoryFiles(bytes) })),
  'imaging.capture': ({ bytes, ...input }) =>
    guarded(async () => {
      const { captureFile } = await import('./capture.ts');
      return { bytes: compact(captureFile(await decodePicture(bytes), input)) };
    }),
  'imaging.demo': async ({ what }) => {
    if (what === 'test-pattern') {
      const { testPatternFile } = await import('./testPatternFile.ts');
      return { bytes: compact(testPatternFile()) };
    }
    const { demoFilm } = await import('./phantomFile.ts');
    return { bytes: compact(demoFilm()) };
  },
};

/** What a parser throws over damaged bytes is the file's fault, not the program's: it is refused. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    const name = error instanceof Error ? error.name : typeof error;
    throw refused('a file that can be read', `one that the reader fails on (${name})`, COPY_AGAIN);
  }
}

/** A small view keeps its whole buffer alive, and is cloned with it: it gets a buffer of its own. */
function compact({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array<ArrayBuffer> {
  const mine = buffer instanceof ArrayBuffer && byteLength * 2 >= buffer.byteLength;
  return mine ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(buffer, byteOffset, byteLength).slice();
}

/**
 * Pixels and files change hands instead of being copied; uncompressed pixels may be a view of their file. Small buffers
 * may belong to Node's pool, which never leaves.
 */
function transfers(message: Wire): Transferable[] {
  if (message.t !== 'ok' || typeof message.output !== 'object' || message.output === null) return [];
  const buffers = Object.values(message.output).flatMap((value: unknown) =>
    value instanceof Uint8Array && value.byteLength >= 65_536 && value.buffer instanceof ArrayBuffer
      ? [value.buffer]
      : [],
  );
  return [...new Set(buffers)];
}

function transferring(port: MessagePort): Port {
  const cloning = messagePort({
    postMessage: (message) => port.postMessage(message),
    on: (event, listener) => port.on(event, listener),
  });
  return { ...cloning, send: (message) => port.postMessage(message, transfers(message)) };
}

if (parentPort) serve(transferring(parentPort), imagingProtocol, handlers);
