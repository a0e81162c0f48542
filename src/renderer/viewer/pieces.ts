/** Fetches one frame's stored values over the contract: its preview in one piece, all of it in pieces, several in flight. */
import { PIECE_BYTES, type Product } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { Api } from '#contract/protocol.ts';
import { isShort } from '#core/imaging/halve.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import { samplesOf, type FrameInfo, type Pixels } from '#core/imaging/pixels.ts';
import { halvedSize, hasPreview, type Preview } from '#core/imaging/preview.ts';
import type { LoadOptions } from './cornerstone.ts';
import type { ImageRef } from './imageId.ts';

export type ImageApi = Pick<Api<Product>, 'image.info' | 'image.pixels' | 'image.preview'>;

const IN_FLIGHT = 5;

/** AppError `refused` when size, samples or bytes are not what the header promises. */
export async function fetchPixels(
  api: ImageApi,
  ref: ImageRef,
  header: ImageHeader,
  { signal, onprogress }: LoadOptions = {},
): Promise<Pixels> {
  const info = await api['image.info'](ref, signal);
  check(info, header);
  const bytes = new Uint8Array(info.byteLength);
  let next = 0;
  let done = 0;
  onprogress?.(0, bytes.length);

  async function fetchPieces(): Promise<void> {
    while (next < bytes.length) {
      const start = next;
      const end = Math.min(start + PIECE_BYTES, bytes.length);
      next = end;
      for (let at = start; at < end;) {
        const piece = (await api['image.pixels']({ ...ref, offset: at }, signal)).bytes.subarray(0, end - at);
        if (piece.length === 0) throw shortage(bytes.length, done);
        bytes.set(piece, at);
        at += piece.length;
        done += piece.length;
        onprogress?.(done, bytes.length);
      }
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, fetchPieces));
  const { rows, columns, samplesPerPixel, kind, min, max } = info;
  return { rows, columns, samplesPerPixel, kind, min, max, data: samplesOf(kind, bytes) };
}

/** Null where the frame has none. AppError as `fetchPixels`. */
export async function fetchPreview(
  api: ImageApi,
  ref: ImageRef,
  header: ImageHeader,
  signal: AbortSignal | undefined,
): Promise<{ info: FrameInfo; preview: Preview } | null> {
  if (!hasPreview(header)) return null;
  const found = await api['image.preview'](ref, signal);
  if (!found) return null;
  const { info, halvings, bytes } = found;
  check(info, header);
  const rows = halvedSize(info.rows, halvings);
  const columns = halvedSize(info.columns, halvings);
  const data = samplesOf(info.kind, bytes);
  if (data.length !== rows * columns * info.samplesPerPixel || !isShort(data))
    throw shortage(rows * columns * info.samplesPerPixel, data.length);
  return { info, preview: { halvings, level: { rows, columns, data } } };
}

function check(info: FrameInfo, header: ImageHeader): void {
  const size = Number(info.kind.slice(1)) / 8;
  const expected = info.rows * info.columns * info.samplesPerPixel * size;
  if (info.rows !== header.rows || info.columns !== header.columns)
    throw new AppError(
      'refused',
      `Expected an image of ${header.columns} × ${header.rows} pixels as its header says, found ${info.columns} × ${info.rows}. The file is damaged: ask for it again.`,
    );
  if (info.byteLength !== expected)
    throw new AppError(
      'refused',
      `Expected ${expected} bytes of pixels, found ${info.byteLength}. The file is damaged: ask for it again.`,
    );
}

const shortage = (expected: number, found: number) =>
  new AppError('refused', `Expected ${expected} bytes of pixels, found ${found}. Try again.`);
