/** Paints what lies on the image as areas: the heat map, the file's overlays, the shutter. */
import { compose, type Affine } from '#core/imaging/affine.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import { graphicOf } from './graphics.ts';
import type { Heat } from './heat.ts';
import { shutterPath } from './shutter.ts';
import type { Size } from './view.ts';

export interface Layers {
  header: ImageHeader;
  /** From the stored frame to the canvas, as the image was drawn. */
  affine: Affine;
  /** null: none, or hidden. */
  heat: Heat | null;
  opacity: number;
  graphics: boolean;
}

/** Clears the canvas, brings it to `size` (device pixels) and paints; `layers` null only clears. */
export function paintLayers(canvas: HTMLCanvasElement, size: Size, layers: Layers | null): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  if (canvas.width !== size.width) canvas.width = size.width;
  if (canvas.height !== size.height) canvas.height = size.height;
  context.reset();
  if (!layers) return;
  const { header, affine } = layers;
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  if (layers.heat && layers.opacity > 0) paintHeat(context, layers, layers.heat);
  setTransform(context, affine);
  if (layers.graphics)
    for (const overlay of header.overlays) {
      const { picture, x, y } = graphicOf(overlay);
      context.drawImage(picture, x, y);
    }
  context.fillStyle = 'black';
  for (const shutter of header.shutters) {
    const outside = imagePath(header, 1 / Math.hypot(affine.a, affine.b)); // or its edge would shine through
    outside.addPath(shutterPath(shutter, header));
    context.fill(outside, 'evenodd');
  }
}

function paintHeat(context: CanvasRenderingContext2D, { header, affine, opacity }: Layers, heat: Heat): void {
  context.save();
  setTransform(context, affine);
  context.clip(imagePath(header)); // the grid of a letterboxed film reaches beyond it
  context.globalAlpha = opacity;
  setTransform(context, compose(compose(heat.toGrid, heat.toImage), affine));
  context.drawImage(heat.picture, 0, 0);
  context.restore();
}

/** The image's outline, `beyond` its edges by so many pixels of the stored frame. */
function imagePath({ columns, rows }: ImageHeader, beyond = 0): Path2D {
  const path = new Path2D();
  path.rect(-beyond, -beyond, columns + 2 * beyond, rows + 2 * beyond);
  return path;
}

const setTransform = (context: CanvasRenderingContext2D, { a, b, c, d, e, f }: Affine) =>
  context.setTransform(a, b, c, d, e, f);
