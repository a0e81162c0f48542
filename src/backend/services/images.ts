/** `image.*`: decoded pixels for the viewer: a preview at once, all of them in pieces. */
import { PIECE_BYTES } from '#contract/calls.ts';
import { bytesOf } from '#core/imaging/pixels.ts';
import type { Area } from './context.ts';
import { breath } from '../sources/breath.ts';
import type { Frames } from './frames.ts';

export function imageCalls(frames: Frames): Area<'image.preview' | 'image.info' | 'image.pixels'> {
  // A window asks for several pieces at once: each of 4 MB has a turn of the loop to itself.
  let turns = Promise.resolve();
  return {
    'image.preview': ({ instance, frame }) => frames.preview(instance, frame),
    'image.info': async ({ instance, frame }) => {
      const { pixels } = await frames.get(instance, frame);
      const { data, ...info } = pixels;
      return { ...info, byteLength: data.byteLength };
    },
    'image.pixels': async ({ instance, frame, offset }) => {
      const { pixels } = await frames.get(instance, frame);
      await (turns = turns.then(breath));
      // A copy: cloning a view would carry the whole frame along.
      return { bytes: bytesOf(pixels.data).slice(offset, offset + PIECE_BYTES) };
    },
  };
}
