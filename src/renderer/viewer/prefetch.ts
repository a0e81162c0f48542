/** Fetches, one at a time and only while nothing else is asked for, what the reader is likely to want next. */
import type { Loader } from './loader.ts';
import type { StackImage, StripEntry } from './stack.ts';

export interface Prefetch {
  /** Neighbours of the image that was just shown, then the pictures of the strip. */
  around(stack: readonly StackImage[], index: number, strip: readonly StripEntry[]): void;
  stop(): void;
}

/** Strips longer than this get their pictures only from series that were opened. */
const LONGEST_STRIP = 12;

export function createPrefetch(loader: Loader, onarrival: () => void): Prefetch {
  let run = new AbortController();

  async function fetchAll(images: readonly StackImage[], signal: AbortSignal): Promise<void> {
    for (const image of images) {
      if (loader.cached(image)) continue;
      try {
        await loader.load(image, image.header, { signal });
      } catch {
        // Told when the reader opens that image: here nobody asked for it.
      }
      if (signal.aborted) return;
      onarrival();
    }
  }

  const stop = () => {
    run.abort();
    run = new AbortController();
  };
  return {
    around(stack, index, strip) {
      stop();
      const near = [1, -1, 2, 3].flatMap((by) => stack[index + by] ?? []);
      const pictures = strip.length > 1 && strip.length <= LONGEST_STRIP ? strip.map(({ thumbnail }) => thumbnail) : [];
      void fetchAll([...near, ...pictures], run.signal);
    },
    stop,
  };
}
