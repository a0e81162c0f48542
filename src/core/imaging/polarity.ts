/** Whether the smallest value is white, and which values are no image at all. */
import type { ImageHeader } from './header.ts';

type Polarity = Pick<ImageHeader, 'photometric' | 'presentationLutShape'>;

/**
 * True when low values are bright. MONOCHROME1 says so (PS3.3 C.7.6.3.1.2), and Presentation LUT Shape INVERSE says
 * the same thing once more: the standard requires INVERSE with MONOCHROME1 and IDENTITY with MONOCHROME2
 * (C.7.6.1 General Image, C.8.11.3 DX Image), so they are never two inversions. Where a file breaks that rule,
 * either one inverts: MONOCHROME1 with IDENTITY is known of films that are MONOCHROME1, and MONOCHROME2 with
 * INVERSE has no other meaning than an inversion (C.11.6.1.2).
 */
export const lowIsBright = (header: Polarity): boolean =>
  header.photometric === 'MONOCHROME1' || header.presentationLutShape === 'INVERSE';

/** The file breaks the rule above: its brightness may be the wrong way round, and someone must look. */
export function polarityContradicts({ photometric, presentationLutShape }: Polarity): boolean {
  if (photometric === 'MONOCHROME1') return presentationLutShape === 'IDENTITY';
  return presentationLutShape === 'INVERSE';
}

/** Pixel Padding Value … Range Limit, both ends included, in either order (PS3.3 C.7.5.1.1.2). */
export function isPadding({ pixelPadding }: Pick<ImageHeader, 'pixelPadding'>, stored: number): boolean {
  if (!pixelPadding) return false;
  const { value, limit } = pixelPadding;
  return stored >= Math.min(value, limit) && stored <= Math.max(value, limit);
}
