/**
 * Places in an image. Continuous coordinates: pixel (column c, row r) covers [c, c+1) × [r, r+1), its centre is
 * (c + 0.5, r + 0.5). Everything stored (saliency, contours, boxes, measurements) is in the stored frame.
 */
import * as z from 'zod';

export const Point = z.object({ x: z.number(), y: z.number() });
export type Point = z.infer<typeof Point>;

/** x' = a·x + c·y + e, y' = b·x + d·y + f (the order of CanvasRenderingContext2D.setTransform). */
export const Affine = z.object({
  a: z.number(),
  b: z.number(),
  c: z.number(),
  d: z.number(),
  e: z.number(),
  f: z.number(),
});
export type Affine = z.infer<typeof Affine>;

export const identity: Affine = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

export function apply(m: Affine, p: Point): Point {
  return { x: m.a * p.x + m.c * p.y + m.e, y: m.b * p.x + m.d * p.y + m.f };
}

/** The map that does `first`, then `second`. */
export function compose(first: Affine, second: Affine): Affine {
  return {
    a: second.a * first.a + second.c * first.b,
    b: second.b * first.a + second.d * first.b,
    c: second.a * first.c + second.c * first.d,
    d: second.b * first.c + second.d * first.d,
    e: second.a * first.e + second.c * first.f + second.e,
    f: second.b * first.e + second.d * first.f + second.f,
  };
}

/** Throws a RangeError when `m` maps the plane onto a line. */
export function inverse(m: Affine): Affine {
  const det = m.a * m.d - m.b * m.c;
  if (det === 0) throw new RangeError('expected an invertible map, found determinant 0');
  const a = m.d / det;
  const b = -m.b / det;
  const c = -m.c / det;
  const d = m.a / det;
  return { a, b, c, d, e: -(a * m.e + c * m.f), f: -(b * m.e + d * m.f) };
}

export const scale = (x: number, y: number): Affine => ({ a: x, b: 0, c: 0, d: y, e: 0, f: 0 });
export const translate = (x: number, y: number): Affine => ({ a: 1, b: 0, c: 0, d: 1, e: x, f: y });
