/**
 * An adult chest in numbers, frontal and upright: millimetres on the film, x towards the patient's left (image right),
 * y towards the feet, origin in the film's centre. Proportions are those of textbooks' drawings, not of any person.
 */
import type { Point } from '../imaging/affine.ts';
import type { Random } from './random.ts';
import { between } from './random.ts';
import { smoothClosed } from './shape.ts';

export type Side = 'right' | 'left';

export interface Anatomy {
  body: Point[];
  rightLung: Point[];
  leftLung: Point[];
  heart: Point[];
  mediastinum: Point[];
  knob: { x: number; y: number; radius: number };
  /** Left dome's highest point: the stomach's bubble lies under it. */
  leftDome: Point;
}

/** Control points as `x,y x,y …`. */
const points = (text: string): Point[] =>
  text.split(' ').map((pair) => {
    const [x, y] = pair.split(',').map(Number);
    return { x: x ?? NaN, y: y ?? NaN };
  });

const BODY = points(
  '-56,-235 -60,-190 -74,-172 -120,-158 -185,-138 -225,-118 -262,-60 -262,-20 -205,-30 -182,-48 -174,-20 -171,60 ' +
    '-168,140 -168,260 -168,260 168,260 168,260 168,140 171,60 174,-20 182,-48 205,-30 262,-20 262,-60 225,-118 185,-138 120,-158 ' +
    '74,-172 60,-190 56,-235',
);
const RIGHT_LUNG = points(
  '-17,-128 -28,-150 -50,-161 -76,-153 -101,-127 -120,-88 -132,-40 -139,10 -142,60 -142,100 -140,122 -140,122 ' +
    '-129,106 -106,90 -76,83 -46,89 -26,99 -14,102 -11,40 -11,-40 -13,-100',
);
const LEFT_LUNG = points(
  '18,-128 29,-150 51,-161 77,-153 101,-127 120,-88 132,-40 139,10 143,60 144,105 142,130 142,130 131,114 108,101 ' +
    '80,96 52,99 30,104 14,104 11,40 11,-40 13,-100',
);
const HEART = points(
  '-14,-22 -32,6 -43,34 -43,60 -36,88 -20,112 10,122 50,120 76,106 89,84 86,56 73,27 54,-4 39,-28 14,-44',
);
const MEDIASTINUM = points(
  '-22,-240 -23,-150 -28,-118 -28,-84 -31,-68 -28,-54 -29,-36 -30,0 -26,50 -22,110 -14,240 14,240 20,120 28,40 40,0 ' +
    '43,-20 40,-38 32,-52 32,-66 28,-80 24,-108 25,-140 22,-240',
);

/** Draws one chest: `enlarged` widens the heart (to a cardiothoracic ratio above 0.55), age unfolds the aorta. */
export function anatomy(random: Random, age: number, enlarged: boolean): Anatomy {
  const breadth = between(random, 0.95, 1.04);
  const length = between(random, 0.95, 1.03);
  const breath = between(random, -5, 6);
  const lean = between(random, -2, 2);
  const right = enlarged ? between(random, 1.2, 1.3) : between(random, 0.94, 1.04);
  const left = enlarged ? between(random, 1.36, 1.46) : between(random, 0.92, 1.02);
  const shape = (outline: readonly Point[], move: (x: number, y: number) => Point): Point[] =>
    smoothClosed(outline.map(({ x, y }) => move(x, y)));
  // Breathing in moves the domes, not the apices.
  const chest = (x: number, y: number): Point => ({
    x: x * breadth + lean,
    y: y * length + (y > 60 ? breath * Math.min(1, (y - 60) / 30) : 0),
  });
  return {
    body: shape(BODY, (x, y) => ({ x: x * (1 + (breadth - 1) * 0.8), y })),
    rightLung: shape(RIGHT_LUNG, chest),
    leftLung: shape(LEFT_LUNG, chest),
    heart: shape(HEART, (x, y) => chest(x < 0 ? x * right : x * left, y)),
    mediastinum: shape(MEDIASTINUM, (x, y) => ({ x: x * breadth + lean, y })),
    knob: { x: 17 * breadth + lean, y: -82 * length, radius: 18.5 + Math.max(0, age - 20) * 0.09 },
    leftDome: chest(80, 96),
  };
}
