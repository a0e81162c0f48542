/** Random access to the bytes of an archive for yauzl: a file that is opened only while it is read, or memory. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';

/** The list of an archive's files is read in pieces of this size. */
const AHEAD = 1024 * 1024;

class FileReader extends RandomAccessReader {
  readonly #file: string;
  #ahead: { from: number; bytes: Buffer } = { from: 0, bytes: Buffer.alloc(0) };

  constructor(file: string) {
    super();
    this.#file = file;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return createReadStream(this.#file, { start, end: end - 1 });
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#fill(buffer, offset, length, position).then(
      () => callback(null),
      (error: unknown) => callback(error instanceof Error ? error : new Error('the archive could not be read')),
    );
  }

  async #fill(buffer: Buffer, offset: number, length: number, position: number): Promise<void> {
    const within = position >= this.#ahead.from && position + length <= this.#ahead.from + this.#ahead.bytes.length;
    if (!within) this.#ahead = { from: position, bytes: await this.#piece(position, Math.max(length, AHEAD)) };
    const at = position - this.#ahead.from;
    if (at + length > this.#ahead.bytes.length) throw new Error('unexpected EOF');
    this.#ahead.bytes.copy(buffer, offset, at, at + length);
  }

  async #piece(position: number, length: number): Promise<Buffer> {
    const handle = await open(this.#file, 'r');
    try {
      const bytes = Buffer.allocUnsafeSlow(length);
      let read = 0;
      for (;;) {
        const { bytesRead } = await handle.read(bytes, read, length - read, position + read);
        read += bytesRead;
        if (bytesRead === 0 || read === length) return bytes.subarray(0, read);
      }
    } finally {
      await handle.close();
    }
  }

  override close(callback: (error: Error | null) => void): void {
    this.#ahead = { from: 0, bytes: Buffer.alloc(0) };
    callback(null);
  }
}

class MemoryReader extends RandomAccessReader {
  readonly #load: () => Promise<Uint8Array>;

  constructor(load: () => Promise<Uint8Array>) {
    super();
    this.#load = load;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(pieces(this.#load, start, end), { objectMode: false });
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}

const PIECE = 256 * 1024;

/** In small pieces: what inflates them must not hold the thread. */
async function* pieces(load: () => Promise<Uint8Array>, start: number, end: number): AsyncGenerator<Uint8Array> {
  const bytes = await load();
  for (let at = start; at < end; at += PIECE) yield bytes.subarray(at, Math.min(end, at + PIECE));
}

export const fileReader = (file: string): RandomAccessReader => new FileReader(file);
/** `load` is asked whenever bytes are read. */
export const memoryReader = (load: () => Promise<Uint8Array>): RandomAccessReader => new MemoryReader(load);
