/** What a display shutter leaves visible, as paths in the stored frame (PS3.3 C.7.6.11). */
import type { ImageHeader, Shutter } from '#core/imaging/header.ts';
import { pixelSize } from '#core/imaging/spacing.ts';

/**
 * The file counts pixels from 1, and names pixels: the edges of a rectangle are the outer pixels that stay visible, a
 * centre or a vertex is the middle of its pixel. A circle's radius is in pixels along a row, and it is a circle in
 * the patient, so where pixels are not square it is an ellipse of the stored frame.
 */
export function shutterPath(shutter: Shutter, header: ImageHeader): Path2D {
  const path = new Path2D();
  if (shutter.shape === 'RECTANGULAR')
    path.rect(shutter.left - 1, shutter.upper - 1, shutter.right - shutter.left + 1, shutter.lower - shutter.upper + 1);
  if (shutter.shape === 'CIRCULAR') {
    const { width, height } = pixelSize(header);
    const radius = shutter.radius;
    path.ellipse(
      shutter.centerColumn - 0.5,
      shutter.centerRow - 0.5,
      radius,
      (radius * width) / height,
      0,
      0,
      2 * Math.PI,
    );
  }
  if (shutter.shape === 'POLYGONAL') {
    for (const { row, column } of shutter.vertices) path.lineTo(column - 0.5, row - 0.5);
    path.closePath();
  }
  return path;
}
