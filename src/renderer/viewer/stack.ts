/** A series as a stack of frames, and a study as the entries of its strip. */
import type { Instance, Series, Study } from '#core/study/study.ts';
import { sameImage, type ImageRef } from './imageId.ts';

export interface StackImage extends ImageRef {
  header: Instance['header'];
  /** Position in the stack, from 0. */
  index: number;
  number: number | null;
}

/** Every frame of every instance, in the series' order. */
export function stackOf(series: Series): StackImage[] {
  return series.instances
    .flatMap((instance) =>
      Array.from({ length: instance.header.frames }, (_, frame) => ({
        instance: instance.id,
        frame,
        header: instance.header,
        number: instance.number,
      })),
    )
    .map((image, index) => ({ ...image, index }));
}

export interface StripEntry {
  key: string;
  series: number;
  /** Where in the stack the entry leads. */
  image: number;
  title: string;
  detail: string;
  /** Its picture. */
  thumbnail: StackImage;
  /** First and last index of the stack that the entry stands for. */
  first: number;
  last: number;
}

/** Series of up to this many images show each of them; longer ones are one entry with their middle image. */
const SHORT = 4;

export function stripOf(study: Study): StripEntry[] {
  return study.series.flatMap((series, at) => {
    const stack = stackOf(series);
    const entries = stack.length <= SHORT ? stack.map((image) => [image]) : [stack];
    return entries.flatMap((images) => {
      const first = images[0];
      const last = images.at(-1);
      const thumbnail = images[Math.floor(images.length / 2)];
      if (!first || !last || !thumbnail) return [];
      const view = thumbnail.header.viewPosition;
      return {
        key: `${series.id}/${first.index}`,
        series: at,
        image: first.index,
        title: [series.modality, images.length === 1 ? view : ''].filter(Boolean).join(' ') || 'Image',
        detail: images.length > 1 ? `${images.length} images` : series.description,
        thumbnail,
        first: first.index,
        last: last.index,
      };
    });
  });
}

/** Where a frame is in the study; null when it is not there. */
export function placeOf(study: Study, ref: ImageRef): { series: number; image: number } | null {
  for (const [series, entry] of study.series.entries()) {
    const image = stackOf(entry).findIndex((candidate) => sameImage(candidate, ref));
    if (image >= 0) return { series, image };
  }
  return null;
}
