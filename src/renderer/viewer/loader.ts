/** Our cornerstone image loader: frames come over the contract, decoded by the backend, and the last ones are kept. */
import { AppError } from '#contract/errors.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Preview } from '#core/imaging/preview.ts';
import { cornerstone, type CornerstoneImage, type LoadOptions } from './cornerstone.ts';
import { makeImage, makePreviewImage } from './image.ts';
import { imageIdOf, SCHEME, type ImageRef } from './imageId.ts';
import { createLru } from './lru.ts';
import { fetchPixels, fetchPreview, type ImageApi } from './pieces.ts';

export interface Loader {
  /** Resolves with an image that cornerstone can display; rejects with an AppError. Equal requests share one flight. */
  load(ref: ImageRef, header: ImageHeader, options?: LoadOptions): Promise<CornerstoneImage>;
  /** The image as its preview shows it; null where it has none or none can be had. Never rejects. */
  preview(ref: ImageRef, header: ImageHeader, signal: AbortSignal): Promise<CornerstoneImage | null>;
  /** The image when it is here already. */
  cached(ref: ImageRef): CornerstoneImage | undefined;
  /** Forgets every frame. */
  clear(): void;
}

/** One request under way; it is given up when nobody waits for it any more. */
interface Flight {
  promise: Promise<CornerstoneImage>;
  controller: AbortController;
  listeners: Set<(done: number, total: number) => void>;
  waiting: number;
}

/** Registers the scheme with cornerstone; the loader made last serves it. `budget` is in bytes. */
export function createLoader(api: ImageApi, budget = 384 * 1024 * 1024): Loader {
  const kept = createLru<CornerstoneImage>(budget);
  const flights = new Map<string, Flight>();
  /** Of images whose frame is still on its way. */
  const previews = new Map<string, Preview>();
  const requests = new Map<string, { ref: ImageRef; header: ImageHeader }>();

  async function fetchImage(imageId: string, options?: LoadOptions): Promise<CornerstoneImage> {
    const request = requests.get(imageId);
    if (!request) throw new AppError('not-found', 'Expected an image of the open study, found another. Open it again.');
    const pixels = await fetchPixels(api, request.ref, request.header, options);
    const image = await makeImage(imageId, pixels, request.header, previews.get(imageId));
    previews.delete(imageId);
    kept.put(imageId, image, image.sizeInBytes);
    return image;
  }

  cornerstone.registerImageLoader(SCHEME, (imageId, options) => ({ promise: fetchImage(imageId, options) }));

  function takeOff(imageId: string): Flight {
    const controller = new AbortController();
    const listeners: Flight['listeners'] = new Set();
    const onprogress = (done: number, total: number) => listeners.forEach((listener) => listener(done, total));
    const promise = cornerstone.loadImage(imageId, { signal: controller.signal, onprogress });
    const flight = { promise, controller, listeners, waiting: 0 };
    flights.set(imageId, flight);
    const landed = () => {
      if (flights.get(imageId) === flight) flights.delete(imageId);
    };
    promise.then(landed, landed);
    return flight;
  }

  return {
    async load(ref, header, { signal, onprogress } = {}) {
      const imageId = imageIdOf(ref);
      const found = kept.get(imageId);
      if (found) return found;
      requests.set(imageId, { ref, header });
      const flight = flights.get(imageId) ?? takeOff(imageId);
      if (onprogress) flight.listeners.add(onprogress);
      flight.waiting += 1;
      return new Promise((resolve, reject) => {
        const leave = () => {
          if (onprogress) flight.listeners.delete(onprogress);
          flight.waiting -= 1;
          if (flight.waiting === 0) {
            flights.delete(imageId);
            flight.controller.abort();
          }
          reject(new AppError('cancelled', 'Loading was stopped.'));
        };
        if (signal?.aborted) return leave();
        signal?.addEventListener('abort', leave, { once: true });
        flight.promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave));
      });
    },
    async preview(ref, header, signal) {
      const imageId = imageIdOf(ref);
      // Why there is none is told by `load`.
      const found = await fetchPreview(api, ref, header, signal).catch(() => null);
      if (!found) return null;
      previews.set(imageId, found.preview);
      return makePreviewImage(imageId, found.info, found.preview, header);
    },
    cached: (ref) => kept.get(imageIdOf(ref)),
    clear: () => {
      kept.clear();
      previews.clear();
    },
  };
}
