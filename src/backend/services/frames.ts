/** Decoded frames: each decoded once, for the viewer and for the models alike, and kept while there is room. */
import { AppError } from '#contract/errors.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Pixels } from '#core/imaging/pixels.ts';
import type { InstanceId } from '#core/study/ids.ts';
import type { Store } from '../db/store.ts';
import { instanceOf } from '../db/studies.ts';
import type { Imaging } from '../dicom/imaging.ts';

/** Bytes of decoded pixels that are kept. */
const ROOM = 512 * 1024 * 1024;

export interface Frames {
  /** AppError `not-found`, or why the file does not decode. */
  get(instance: InstanceId, frame: number): Promise<{ header: ImageHeader; pixels: Pixels }>;
  /** Keeps what an import has decoded anyway. */
  keep(sha256: string, frame: number, pixels: Pixels): void;
}

export function createFrames({ store, imaging }: { store: Store; imaging: Imaging }): Frames {
  /** By content and frame, least recently used first. */
  const kept = new Map<string, Pixels>();
  const underway = new Map<string, Promise<Pixels>>();
  let bytes = 0;

  function keep(key: string, pixels: Pixels): void {
    bytes += pixels.data.byteLength - (kept.get(key)?.data.byteLength ?? 0);
    kept.delete(key);
    kept.set(key, pixels);
    for (const [oldest, old] of kept) {
      if (bytes <= ROOM || oldest === key) return;
      kept.delete(oldest);
      bytes -= old.data.byteLength;
    }
  }

  async function decode(key: string, sha256: string, frame: number): Promise<Pixels> {
    try {
      const pixels = await imaging.decode(await store.objects.get(sha256), frame, undefined, true);
      keep(key, pixels);
      return pixels;
    } finally {
      underway.delete(key);
    }
  }

  return {
    async get(instance, frame) {
      const found = instanceOf(store.read, instance);
      if (!found) throw new AppError('not-found', 'Expected an image that is stored here, found none under this UID.');
      const { header, sha256 } = found;
      if (frame >= header.frames)
        throw new AppError('not-found', `Expected a frame up to ${header.frames}, found ${frame + 1}.`);
      const key = `${sha256}/${frame}`;
      const ready = kept.get(key);
      if (ready) {
        keep(key, ready);
        return { header, pixels: ready };
      }
      const work = underway.get(key) ?? decode(key, sha256, frame);
      underway.set(key, work);
      return { header, pixels: await work };
    },
    keep: (sha256, frame, pixels) => keep(`${sha256}/${frame}`, pixels),
  };
}
