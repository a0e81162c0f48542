/** Images kept by content: one encrypted file for each distinct content, named so that the name reveals nothing. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  type CipherGCM,
  type DecipherGCM,
} from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contract/errors.ts';
import type { Random } from './keys.ts';

/**
 * A file is `RDO1` (magic and version), nonce (12 bytes), AES-256-GCM ciphertext, tag (16 bytes). The additional
 * authenticated data are the magic and the content's SHA-256: a file that opens under its name is that content.
 */
const MAGIC = Buffer.from('RDO1', 'latin1');
const NONCE = 12;
const TAG = 16;
const HEAD = MAGIC.length + NONCE;

/** Hashing and ciphering go in pieces of this size with a pause between: about 1 ms each. */
const PIECE = 1024 * 1024;

export interface Objects {
  /** `there`: the same content was kept before, and is sound. `sha256` where it was taken already. */
  put(bytes: Uint8Array, sha256?: string): Promise<{ sha256: string; stored: 'new' | 'there' }>;
  /** AppError `not-found` where nothing is kept, `refused` where the file is damaged or not ours. */
  get(sha256: string): Promise<Uint8Array>;
  has(sha256: string): boolean;
  /**
   * What was made of content and can be made again, kept for speed under a name such as `SHA256/0`. It is written
   * without waiting for the disk; one that is damaged or of another key reads as null.
   */
  putDerived(name: string, bytes: Uint8Array): Promise<void>;
  getDerived(name: string): Promise<Uint8Array | null>;
}

/** Where content lies among the objects: `ab/cdef…`, by a keyed hash that reveals nothing of it. */
export function objectName(key: Uint8Array, sha256: string): string {
  const name = createHmac('sha256', key).update(sha256, 'hex').digest('hex');
  return `${name.slice(0, 2)}/${name.slice(2)}`;
}

export function openObjects(
  folder: string,
  keys: { objects: Uint8Array; objectNames: Uint8Array },
  random: Random,
): Objects {
  const temporary = path.join(folder, 'new');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true, mode: 0o700 });

  function placeOf(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new AppError('invalid-input', 'expected a SHA-256 in hexadecimal');
    return path.join(folder, objectName(keys.objectNames, sha256));
  }

  const derivedPlace = (name: string): string =>
    path.join(folder, 'derived', createHmac('sha256', keys.objectNames).update(`derived/${name}`).digest('hex'));

  async function seal(bytes: Uint8Array, about: Uint8Array): Promise<Uint8Array[]> {
    const nonce = random(NONCE);
    const cipher = createCipheriv('aes-256-gcm', keys.objects, nonce).setAAD(about);
    const body = Buffer.allocUnsafeSlow(bytes.length);
    await pass(cipher, bytes, body);
    cipher.final();
    return [MAGIC, nonce, body, cipher.getAuthTag()];
  }

  async function unseal(stored: Uint8Array, about: Uint8Array): Promise<Uint8Array> {
    if (stored.length < HEAD + TAG || !MAGIC.equals(stored.subarray(0, MAGIC.length))) throw damaged();
    const nonce = stored.subarray(MAGIC.length, HEAD);
    const decipher = createDecipheriv('aes-256-gcm', keys.objects, nonce).setAAD(about);
    decipher.setAuthTag(stored.subarray(stored.length - TAG));
    const plain = Buffer.allocUnsafeSlow(stored.length - HEAD - TAG);
    await pass(decipher, stored.subarray(HEAD, stored.length - TAG), plain);
    try {
      decipher.final();
    } catch (error) {
      plain.fill(0);
      throw damaged(error);
    }
    return plain;
  }

  const get = async (sha256: string) => unseal(await read(placeOf(sha256)), aadOf(sha256));

  async function put(bytes: Uint8Array, known?: string): Promise<{ sha256: string; stored: 'new' | 'there' }> {
    const sha256 = known ?? (await sha256Of(bytes));
    const place = placeOf(sha256);
    // A damaged file under this name is replaced: the content is at hand.
    if (existsSync(place) && (await sound(sha256))) return { sha256, stored: 'there' };
    await write(place, await seal(bytes, aadOf(sha256)));
    return { sha256, stored: 'new' };
  }

  const sound = (sha256: string) =>
    get(sha256).then(
      () => true,
      () => false,
    );

  async function write(place: string, parts: Uint8Array[], lasting = true): Promise<void> {
    const aside = path.join(temporary, Buffer.from(random(12)).toString('hex'));
    const handle = await open(aside, 'wx', 0o600);
    try {
      for (const part of parts) await handle.writeFile(part);
      if (lasting) await handle.sync();
    } catch (error) {
      await rm(aside, { force: true });
      throw writeFailed(error);
    } finally {
      await handle.close();
    }
    const shelf = path.dirname(place);
    const made = await mkdir(shelf, { recursive: true, mode: 0o700 });
    await rename(aside, place);
    if (!lasting) return;
    await sync(shelf);
    if (made !== undefined) await sync(folder);
  }

  return {
    put,
    get,
    has: (sha256) => existsSync(placeOf(sha256)),
    putDerived: async (name, bytes) => write(derivedPlace(name), await seal(bytes, derivedAad(name)), false),
    getDerived: (name) =>
      read(derivedPlace(name)).then(
        (stored) => unseal(stored, derivedAad(name)).catch(() => null),
        () => null,
      ),
  };
}

/** SHA-256 in hexadecimal, in pieces, so that a large file does not hold the event loop. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (const piece of pieces(bytes)) {
    hash.update(piece);
    await breath();
  }
  return hash.digest('hex');
}

const derivedAad = (name: string) => Buffer.concat([MAGIC, Buffer.from(`derived/${name}`)]);
const aadOf = (sha256: string) => Buffer.concat([MAGIC, Buffer.from(sha256, 'hex')]);

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

const breath = () => new Promise<void>((resolve) => setImmediate(resolve));

async function pass(cipher: CipherGCM | DecipherGCM, from: Uint8Array, to: Uint8Array): Promise<void> {
  let at = 0;
  for (const piece of pieces(from)) {
    to.set(cipher.update(piece), at);
    at += piece.length;
    await breath();
  }
}

async function read(file: string): Promise<Buffer> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new AppError('not-found', 'Expected the stored image in the data folder, found none.');
    throw error;
  });
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size;) {
      const { bytesRead } = await handle.read(buffer, at, size - at, at);
      if (bytesRead === 0) throw damaged();
      at += bytesRead;
    }
    return buffer;
  } finally {
    await handle.close();
  }
}

async function sync(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

function damaged(cause?: unknown): AppError {
  return new AppError(
    'refused',
    'The stored image is damaged: its bytes are not those that were kept. Import the original again, or restore a backup.',
    { cause },
  );
}

function writeFailed(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AppError('refused', 'The disk is full: the image was not kept. Free some space and import it again.');
  return error;
}
