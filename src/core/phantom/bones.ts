/** The skeleton as tubes and plates: ribs, clavicles, shoulder blades, spine. */
import type { Point } from '../imaging/affine.ts';
import { between, type Random } from './random.ts';
import { chord, type Knot, type Profile } from './stroke.ts';

/** A bone's shell adds more than its marrow; in mm of water on top of soft tissue. */
export const boneProfile =
  (shell: number, marrow: number): Profile =>
  (distance, radius) => {
    const inner = chord(distance, Math.max(0, radius - 1.3));
    return shell * (chord(distance, radius) - inner) + marrow * inner;
  };

/** Inner half-width of the cage at each rib, how far the front end lies below the back end, height at the spine; mm. */
const RIBS: readonly (readonly [half: number, drop: number, y: number])[] = [
  [60, 44, -146],
  [91, 66, -128],
  [112, 82, -106],
  [124, 94, -82],
  [132, 102, -57],
  [138, 108, -31],
  [142, 112, -4],
  [144, 112, 24],
  [145, 106, 53],
  [143, 92, 82],
  [132, 66, 110],
];
/** How far round each rib is bone, as a share of the half ring from the spine to the breastbone. */
const BONY = [0.82, 0.8, 0.79, 0.78, 0.77, 0.76, 0.74, 0.7, 0.64, 0.56, 0.48];
const DEPTH = 92;

/** Every rib as a path from the spine round the side to the front: a tilted half ring seen from behind. */
export function ribs(random: Random, breadth: number): Knot[][] {
  return ([-1, 1] as const).flatMap((side) =>
    RIBS.map(([half, drop, y], index) => {
      const lift = between(random, 5, 8);
      const tilt = between(random, 2, 6) + index * 1.4;
      const wobble = between(random, -1.5, 1.5);
      const at = (angle: number) => ({
        x: side * (14 + (half * breadth - 12) * Math.sin(angle)),
        y: y + wobble + (drop * (1 - Math.cos(angle))) / 2 + tilt * Math.sin(angle) - lift * Math.sin(2 * angle),
        z: -DEPTH * Math.cos(angle),
      });
      const end = Math.PI * (BONY[index] ?? 0.7);
      const steps = 64;
      return Array.from({ length: steps + 1 }, (_, step): Knot => {
        const angle = (end * step) / steps;
        const here = at(angle);
        const ahead = at(angle + 0.01);
        const seen = Math.hypot(ahead.x - here.x, ahead.y - here.y);
        // Where the rib runs along the ray, the ray's way through it is longer.
        const along = Math.min(2.2, Math.hypot(seen, ahead.z - here.z) / (seen || 1e-6));
        const front = angle / Math.PI;
        const fade =
          Math.min(1, (end - angle) / 0.25 + 0.15) * (front > 0.55 ? 0.7 : 1) * Math.min(1, 0.35 + angle * 1.6);
        return {
          x: here.x,
          y: here.y,
          radius: 5.6 + front * 1.6 + (index === 0 ? 1.5 : 0),
          weight: fade * Math.sqrt(along),
        };
      });
    }),
  );
}

const bar = (radius: number, weight: number, ...points: readonly (readonly [number, number])[]): Knot[] =>
  points.map(([x, y]) => ({ x, y, radius, weight }));

/** Collar bones, from the breastbone over the apices to the shoulders. */
export function clavicles(random: Random): Knot[][] {
  const raise = between(random, -5, 5);
  return ([-1, 1] as const).map((side) =>
    Array.from({ length: 41 }, (_, step): Knot => {
      const t = step / 40;
      return {
        x: side * (17 + t * 150),
        y: -106 - 38 * t - 9 * Math.sin(t * Math.PI * 1.7) + raise * t,
        radius: 6.6 + 2.2 * (1 - t) ** 3 + (t > 0.8 ? (t - 0.8) * 8 : 0),
        weight: 1,
      };
    }),
  );
}

/** Outlines of the shoulder blades and the paths of their thick edges. */
export function scapulae(): { plates: Point[][]; edges: Knot[][] } {
  const plate = (side: -1 | 1): Point[] =>
    (
      [
        [128, -128],
        [172, -138],
        [184, -112],
        [168, -78],
        [152, -20],
        [146, 8],
        [138, 0],
        [130, -60],
      ] as const
    ).map(([x, y]) => ({ x: side * x, y }));
  const edges = (side: -1 | 1): Knot[][] => [
    bar(4.2, 0.8, [side * 180, -104], [side * 168, -72], [side * 154, -24], [side * 147, 6]),
    bar(5, 0.7, [side * 128, -120], [side * 160, -138], [side * 186, -150]),
    bar(1.6, 0.6, [side * 129, -126], [side * 131, -60], [side * 139, 0], [side * 146, 8]),
    bar(8, 0.8, [side * 186, -128], [side * 190, -108]),
  ];
  return { plates: [plate(-1), plate(1)], edges: [...edges(-1), ...edges(1)] };
}

/** Upper arm: head and shaft. */
export const humeri = (): Knot[][] =>
  ([-1, 1] as const).map((side) => [
    { x: side * 203, y: -122, radius: 21, weight: 0.55 },
    { x: side * 208, y: -112, radius: 21, weight: 0.55 },
    { x: side * 222, y: -80, radius: 13, weight: 0.9 },
    { x: side * 250, y: -20, radius: 12, weight: 0.9 },
  ]);

/** One vertebra from top to bottom; `half` is its half-width. */
export interface Vertebra {
  y: number;
  height: number;
  half: number;
}

/** From the neck to the loins; a disc lies between each two. */
export function vertebrae(): Vertebra[] {
  const all: Vertebra[] = [];
  for (let y = -225, index = 0; y < 230; index++) {
    const height = 15.5 + index * 0.62;
    all.push({ y: y + height / 2, height, half: 14 + index * 0.32 });
    y += height + 4.2 + index * 0.1;
  }
  return all;
}
