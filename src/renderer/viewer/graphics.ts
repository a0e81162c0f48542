/** An overlay plane of group 60xx as a picture: set bits in one colour, the others clear (PS3.3 C.9.2). */
import type { Overlay } from '#core/imaging/header.ts';

export interface Graphic {
  picture: HTMLCanvasElement;
  /** Column and row of the stored frame where its first pixel lies, from 0. */
  x: number;
  y: number;
}

/** Pale yellow, as readers know it from film printers; black around it would hide pixels, so there is none. */
const COLOUR = 0xff8fe0ff; // A B G R

const made = new WeakMap<Overlay, Graphic>();

export function graphicOf(overlay: Overlay): Graphic {
  const found = made.get(overlay);
  if (found) return found;
  const picture = document.createElement('canvas');
  picture.width = overlay.columns;
  picture.height = overlay.rows;
  const image = new ImageData(overlay.columns, overlay.rows);
  const words = new Uint32Array(image.data.buffer);
  for (let at = 0; at < words.length; at += 1) if (((overlay.bits[at >> 3] ?? 0) >> (at & 7)) & 1) words[at] = COLOUR;
  picture.getContext('2d')?.putImageData(image, 0, 0);
  const graphic = { picture, x: overlay.originColumn - 1, y: overlay.originRow - 1 };
  made.set(overlay, graphic);
  return graphic;
}
