/** Decoded frames: each decoded once, for the viewer and for the models alike, and kept while there is room. */
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { decode as decodeMessage, encode } from '#contract/frame.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import { FrameInfo, type Pixels } from '#core/imaging/pixels.ts';
import { hasPreview } from '#core/imaging/preview.ts';
import type { InstanceId } from '#core/study/ids.ts';
import type { Store } from '../db/store.ts';
import { instanceOf } from '../db/studies.ts';
import type { Decoded, Imaging } from '../dicom/imaging.ts';

/** Bytes of decoded pixels that are kept. */
const ROOM = 512 * 1024 * 1024;

const StoredPreview = z.object({ info: FrameInfo, halvings: z.int(), bytes: z.instanceof(Uint8Array) });
type StoredPreview = z.infer<typeof StoredPreview>;

export interface Frames {
  /** AppError `not-found`, or why the file does not decode. */
  get(instance: InstanceId, frame: number): Promise<{ header: ImageHeader; pixels: Pixels }>;
  /** From its encrypted copy where there is one, else by decoding; null where the frame has none. Errors as `get`. */
  preview(instance: InstanceId, frame: number): Promise<StoredPreview | null>;
  /** Begins to read the preview that will be asked for next: who opens a study looks at its first image. */
  expect(instance: InstanceId, frame: number): void;
  /** Keeps what an import has decoded anyway. */
  keep(sha256: string, frame: number, decoded: Decoded): Promise<void>;
}

export function createFrames({ store, imaging }: { store: Store; imaging: Imaging }): Frames {
  /** By content and frame, least recently used first. */
  const kept = new Map<string, Decoded>();
  const underway = new Map<string, Promise<Decoded>>();
  let bytes = 0;
  let expected: { key: string; stored: Promise<StoredPreview | null> } | null = null;

  function keepInMemory(key: string, decoded: Decoded): void {
    bytes += sizeOf(decoded) - sizeOf(kept.get(key));
    kept.delete(key);
    kept.set(key, decoded);
    for (const [oldest, old] of kept) {
      if (bytes <= ROOM || oldest === key) return;
      kept.delete(oldest);
      bytes -= sizeOf(old);
    }
  }

  async function keep(key: string, decoded: Decoded): Promise<void> {
    keepInMemory(key, decoded);
    const preview = previewIn(decoded);
    // A copy for speed alone: where it cannot be written, the next look decodes again.
    if (preview) await store.objects.putDerived(key, encode(preview)).catch(() => undefined);
  }

  async function decode(key: string, sha256: string, frame: number, header: ImageHeader): Promise<Decoded> {
    try {
      const file = await store.objects.get(sha256);
      const decoded = await imaging.decodeWithPreview(file, frame, header.pixelPadding, { handOver: true });
      keepInMemory(key, decoded);
      return decoded;
    } finally {
      underway.delete(key);
    }
  }

  async function storedPreview(key: string): Promise<StoredPreview | null> {
    const stored = await store.objects.getDerived(key);
    return stored && StoredPreview.parse(decodeMessage(stored));
  }

  function find(instance: InstanceId, frame: number) {
    const found = instanceOf(store.read, instance);
    if (!found) throw new AppError('not-found', 'Expected an image that is stored here, found none under this UID.');
    const { header, sha256 } = found;
    if (frame >= header.frames)
      throw new AppError('not-found', `Expected a frame up to ${header.frames}, found ${frame + 1}.`);
    return { header, sha256, key: `${sha256}/${frame}` };
  }

  async function decoded({ header, sha256, key }: ReturnType<typeof find>, frame: number): Promise<Decoded> {
    const ready = kept.get(key);
    if (ready) {
      keepInMemory(key, ready);
      return ready;
    }
    const work = underway.get(key) ?? decode(key, sha256, frame, header);
    underway.set(key, work);
    return await work;
  }

  return {
    async get(instance, frame) {
      const place = find(instance, frame);
      return { header: place.header, pixels: (await decoded(place, frame)).pixels };
    },
    async preview(instance, frame) {
      const place = find(instance, frame);
      if (!hasPreview(place.header)) return null;
      const ready = kept.get(place.key);
      if (ready) return previewIn(ready);
      const stored = await (expected?.key === place.key ? expected.stored : storedPreview(place.key));
      expected = null;
      if (stored) return stored;
      const fresh = await decoded(place, frame);
      await keep(place.key, fresh);
      return previewIn(fresh);
    },
    expect(instance, frame) {
      const place = find(instance, frame);
      if (!hasPreview(place.header) || kept.has(place.key)) return;
      expected = { key: place.key, stored: storedPreview(place.key) };
      expected.stored.catch(() => undefined); // told to whoever asks
    },
    keep: (sha256, frame, fresh) => keep(`${sha256}/${frame}`, fresh),
  };
}

function previewIn({ pixels, preview }: Decoded): StoredPreview | null {
  const { data, ...info } = pixels;
  return preview && { info: { ...info, byteLength: data.byteLength }, ...preview };
}

const sizeOf = (decoded: Decoded | undefined): number =>
  decoded ? decoded.pixels.data.byteLength + (decoded.preview?.bytes.byteLength ?? 0) : 0;
