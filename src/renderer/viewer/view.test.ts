import { describe, expect, test } from 'vitest';
import { apply } from '#core/imaging/affine.ts';
import { affineOf, fitted, flipped, imagePoint, oneToOne, panned, resized, turned, upright, zoomed } from './view.ts';

const shape = { columns: 300, rows: 200, pixelWidth: 1, pixelHeight: 1 };
const canvas = { width: 900, height: 800 };
const fit = fitted(upright, shape, canvas);

describe('1 where the image stands', () => {
  test('1.1 fitted, the whole image is in the canvas, turned or not', () => {
    expect(fit.scale).toBe(3);
    expect(apply(affineOf(fit, shape, canvas), { x: 0, y: 0 })).toEqual({ x: 0, y: 100 });
    expect(turned(fit, shape, canvas, 1).scale).toBeCloseTo(800 / 300);
  });

  test('1.2 a tall pixel fits by its height, also when turned', () => {
    const tall = { ...shape, pixelHeight: 2 };
    expect(fitted(upright, tall, canvas).scale).toBe(2);
    expect(turned(fitted(upright, tall, canvas), tall, canvas, 1).scale).toBe(900 / 400);
  });

  test('1.3 a quarter turn to the right brings the upper left corner to the upper right', () => {
    const corner = apply(affineOf(turned(fit, shape, canvas, 1), shape, canvas), { x: 0, y: 0 });
    expect(corner.x).toBeGreaterThan(450);
    expect(corner.y).toBeLessThan(400);
  });

  test('1.4 flips mirror what is seen, whatever the turn', () => {
    for (const quarters of [0, 1, 2, 3]) {
      let view = panned(fit, shape, canvas, { x: 40, y: -25 });
      for (let turn = 0; turn < quarters; turn += 1) view = turned(view, shape, canvas, 1);
      const before = apply(affineOf(view, shape, canvas), { x: 10, y: 20 });
      const sideways = apply(affineOf(flipped(view, shape, canvas, 'h'), shape, canvas), { x: 10, y: 20 });
      const upended = apply(affineOf(flipped(view, shape, canvas, 'v'), shape, canvas), { x: 10, y: 20 });
      expect([sideways.x, sideways.y], `${quarters}`).toEqual([900 - before.x, before.y]);
      expect([upended.x, upended.y], `${quarters}`).toEqual([before.x, 800 - before.y]);
    }
  });

  test('1.5 zooming keeps the point under the pointer', () => {
    const at = { x: 333, y: 210 };
    const point = imagePoint(affineOf(fit, shape, canvas), at);
    const near = imagePoint(affineOf(zoomed(fit, shape, canvas, 2.3, at), shape, canvas), at);
    expect(near.x).toBeCloseTo(point.x, 9);
    expect(near.y).toBeCloseTo(point.y, 9);
  });

  test('1.6 one to one, edges of pixels lie on edges of the screen, also after a pan by a part of a pixel', () => {
    for (const size of [canvas, { width: 901, height: 799 }]) {
      const view = panned(oneToOne(fit, shape, size), shape, size, { x: 12.4, y: -7.7 });
      const { a, e, f } = affineOf(view, shape, size);
      expect([a, e - Math.round(e), f - Math.round(f)]).toEqual([1, 0, 0]);
    }
  });

  test('1.7 an image can be moved aside but not lost', () => {
    const away = panned(fit, shape, canvas, { x: 1e6, y: 1e6 });
    expect(apply(affineOf(away, shape, canvas), { x: 0, y: 0 })).toEqual({ x: 900 - 64, y: 800 - 64 });
  });

  test('1.8 a resized window keeps a fit a fit, and a zoom a zoom', () => {
    const small = { width: 450, height: 400 };
    expect(resized(fit, shape, small, 1).scale).toBe(1.5);
    const free = zoomed(fit, shape, canvas, 2, { x: 450, y: 400 });
    expect(resized(free, shape, small, 1).scale).toBe(6);
    expect(resized(free, shape, small, 2).scale).toBe(12); // another screen: the same size to the eye
    expect(resized(oneToOne(fit, shape, canvas), shape, small, 2).scale).toBe(1);
  });
});
