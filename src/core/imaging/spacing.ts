/** The shape of a pixel: how wide it is to how high. */
import type { ImageHeader } from './header.ts';

type Spaced = Pick<ImageHeader, 'pixelSpacing' | 'imagerPixelSpacing' | 'pixelAspectRatio'>;

/**
 * Relative size of a pixel, the shorter side 1: from Pixel Spacing, Imager Pixel Spacing or Pixel Aspect Ratio
 * (all are vertical first: PS3.3 10.7.1.3, C.7.6.3.1.7). A zero counts as not given; without any, pixels are square.
 */
export function pixelSize(header: Spaced): { width: number; height: number } {
  const pair = [header.pixelSpacing, header.imagerPixelSpacing, header.pixelAspectRatio].map(positive).find(Boolean);
  if (!pair) return { width: 1, height: 1 };
  const [height, width] = pair;
  return width < height ? { width: 1, height: height / width } : { width: width / height, height: 1 };
}

/** The pair, or null unless both values are finite and above zero. */
export function positive(pair: readonly [number, number] | null): readonly [number, number] | null {
  return pair?.every((value) => Number.isFinite(value) && value > 0) ? pair : null;
}
