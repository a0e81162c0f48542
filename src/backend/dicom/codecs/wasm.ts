/** Loads the WebAssembly decoders of the @cornerstonejs packages, one fresh instance after each failure. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { COPY_AGAIN, refused } from '../refuse.ts';
import { damaged } from './decompressed.ts';

export interface FrameInfo {
  width: number;
  height: number;
  bitsPerSample: number;
  componentCount: number;
  isSigned: boolean;
}

/** What JpegLSDecoder, J2KDecoder and HTJ2KDecoder have in common. */
export interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): FrameInfo;
  getInterleaveMode?(): number;
  delete(): void;
}

type Instance = Record<string, new () => Decoder>;
type Factory = (options: object) => Promise<Instance>;

export interface Decoded {
  bytes: Uint8Array;
  info: FrameInfo;
  /** JPEG-LS only: 0 planes, 1 lines, 2 pixels. */
  interleave: number;
}

/**
 * `module` and `wasm` are package paths, `decoder` the class in it. Answers with a function that decodes one frame and
 * copies it out of WebAssembly memory. A throw inside leaves the instance in doubt: the next call gets a new one.
 */
export function wasmDecoder(kind: string, module: string, wasm: string, decoder: string) {
  const require = createRequire(import.meta.url);
  let instance: Promise<Instance> | null = null;
  const start = (): Promise<Instance> => {
    const factory = require(module) as Factory;
    return factory({ wasmBinary: readFileSync(require.resolve(wasm)), print: ignore, printErr: ignore });
  };
  return async (encoded: Uint8Array): Promise<Decoded> => {
    instance ??= start();
    const Type = (await instance)[decoder];
    if (!Type) throw refused(`the ${kind} decoder`, 'a package without it', 'Install the program again.');
    try {
      const made = new Type();
      made.getEncodedBuffer(encoded.length).set(encoded);
      made.decode();
      const { width, height, bitsPerSample, componentCount, isSigned } = made.getFrameInfo();
      const decoded = {
        bytes: made.getDecodedBuffer().slice(),
        info: { width, height, bitsPerSample, componentCount, isSigned },
        interleave: made.getInterleaveMode?.() ?? 2,
      };
      made.delete();
      if (decoded.bytes.length === 0) throw refused(`a ${kind} frame`, 'one that decodes to nothing', COPY_AGAIN);
      return decoded;
    } catch {
      instance = null;
      throw damaged(kind);
    }
  };
}

const ignore = (): void => undefined;
