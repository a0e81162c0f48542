/** The lungs' vessels: two trees that branch from the hila and thin out towards the pleura. */
import type { Point } from '../imaging/affine.ts';
import { between, normal, type Random } from './random.ts';
import type { Knot } from './stroke.ts';

/** Smallest branch that is drawn, mm. */
const THINNEST = 0.28;

/**
 * Paths of one lung. `side` is −1 for the patient's right (image left); `inside` answers the distance to the lung's
 * border in mm, so that no branch leaves it.
 */
export function vessels(random: Random, side: -1 | 1, hilum: Point, inside: (at: Point) => number): Knot[][] {
  const paths: Knot[][] = [];
  const grow = (from: Point, angle: number, radius: number): void => {
    if (radius < THINNEST || paths.length > 4000) return;
    const path: Knot[] = [{ ...from, radius, weight: 1 }];
    let { x, y } = from;
    let heading = angle;
    const steps = 3 + Math.floor(random() * 2 + Math.min(3, radius));
    for (let step = 0; step < steps; step++) {
      heading += normal(random) * 0.12;
      const stride = 2.2 + radius * 0.9;
      x += Math.cos(heading) * stride;
      y += Math.sin(heading) * stride;
      const depth = inside({ x, y });
      if (depth < 3) break;
      radius *= 0.975;
      path.push({ x, y, radius, weight: Math.min(1, depth / 14) });
    }
    if (path.length < 2) return;
    paths.push(path);
    if (path.length <= steps) return;
    // Murray's law: the cubes of the daughters' radii add up to the mother's.
    const share = between(random, 0.28, 0.5);
    const turn = random() < 0.5 ? 1 : -1;
    grow({ x, y }, heading + turn * between(random, 0.1, 0.3), radius * Math.cbrt(1 - share));
    grow({ x, y }, heading - turn * between(random, 0.35, 0.85), radius * Math.cbrt(share));
  };
  for (const [up, radius] of [
    [-1.25, 2.6],
    [-0.9, 2.2],
    [-0.5, 2.3],
    [-0.15, 2.0],
    [0.2, 2.4],
    [0.55, 2.9],
    [0.85, 3.3],
    [1.1, 3.4],
    [1.35, 2.6],
  ] as const) {
    const angle = up + normal(random) * 0.07;
    const heading = side === 1 ? angle : Math.PI - angle;
    // The roots lie along the artery, not in one point.
    grow(
      { x: hilum.x + 5 * Math.cos(heading), y: hilum.y + 16 * Math.sin(heading) + 6 },
      heading,
      radius * between(random, 0.95, 1.2),
    );
  }
  return paths;
}

/** The hilum itself: the pulmonary artery's branches before they fan out, blurred into one another. */
export function hilum(side: -1 | 1, at: Point): Knot[][] {
  const to = (x: number, y: number, radius: number): Knot => ({ x: at.x + side * x, y: at.y + y, radius, weight: 1 });
  return [
    [to(-10, -6, 7), to(0, 0, 7.5), to(5, 14, 7), to(7, 30, 5.5), to(10, 46, 3.8)],
    [to(-6, -8, 6), to(2, -16, 5), to(7, -27, 3.6), to(11, -38, 2.6)],
    [to(-4, 12, 5), to(10, 9, 3.6), to(20, 6, 2.4)],
  ];
}
