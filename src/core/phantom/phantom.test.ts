import { describe, expect, test } from 'vitest';
import type { Point } from '../imaging/affine.ts';
import { phantom, PLAIN, type Phantom, type PhantomSpec } from './phantom.ts';

const film = (change: Partial<PhantomSpec> = {}): Phantom => phantom({ ...PLAIN, rows: 300, columns: 300, ...change });

/** Mean of the film's values inside an outline, and how many pixels that is. */
function inside(made: Phantom, outline: readonly Point[]): { mean: number; count: number; x: number } {
  let [sum, count, xs] = [0, 0, 0];
  for (let row = 0; row < made.rows; row++)
    for (let column = 0; column < made.columns; column++) {
      const [x, y] = [column + 0.5, row + 0.5];
      let within = false;
      outline.forEach((a, index) => {
        const b = outline[(index + 1) % outline.length] ?? a;
        if (a.y > y !== b.y > y && x < a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y)) within = !within;
      });
      if (!within) continue;
      sum += made.values[row * made.columns + column] ?? 0;
      xs += x;
      count++;
    }
  return { mean: sum / count, count, x: xs / count };
}

describe('1 one chest', () => {
  test('1.1 the same seed gives the same film, another seed another', () => {
    expect(film({ seed: 7 }).values).toEqual(film({ seed: 7 }).values);
    expect(film({ seed: 7 }).values).not.toEqual(film({ seed: 8 }).values);
  });

  test('1.2 values are 0 … 1 and use most of that range', () => {
    const { values } = film();
    const sorted = values.toSorted();
    expect(sorted[0]).toBeGreaterThanOrEqual(0);
    expect(sorted.at(-1)).toBeLessThanOrEqual(1);
    expect(sorted[Math.floor(sorted.length * 0.02)]).toBeLessThan(0.05);
    expect(sorted[Math.floor(sorted.length * 0.95)]).toBeGreaterThan(0.85);
  });

  test.each([1, 2, 3, 4])(
    '1.3 seed %i: right lung on image left, lungs dark, heart bright and left of the middle',
    (seed) => {
      const made = film({ seed });
      const [right, left, heart] = [made.truth.rightLung, made.truth.leftLung, made.truth.heart].map((outline) =>
        inside(made, outline),
      );
      expect(right?.x).toBeLessThan(115);
      expect(left?.x).toBeGreaterThan(185);
      expect(heart?.x).toBeGreaterThan(150);
      expect(right?.mean).toBeLessThan(0.55);
      expect(left?.mean).toBeLessThan(0.55);
      expect(heart?.mean).toBeGreaterThan(0.75);
      // The left lung is the smaller one: the heart takes its place.
      expect(left?.count).toBeLessThan(right?.count ?? 0);
    },
  );

  test('1.4 a side that is not the longer keeps the scale: square pixels of 430 mm over the longer side', () => {
    const tall = film({ rows: 300, columns: 240 });
    expect(tall.mmPerPixel).toBeCloseTo(430 / 300, 10);
    expect(tall.truth.cardiothoracicRatio).toBe(film().truth.cardiothoracicRatio);
    const [a, b] = [tall.truth.heart[0], film().truth.heart[0]];
    expect((b?.x ?? 0) - (a?.x ?? 0)).toBeCloseTo(30, 6);
  });

  test('1.5 a film too small to show anything is refused', () => {
    expect(() => film({ rows: 32 })).toThrow('expected at least 64 × 64 pixels, found 300 × 32');
  });

  test('1.6 noise 0 is the film behind the noise', () => {
    const [clean, noisy] = [film({ noise: 0 }), film({ noise: 1 })];
    const difference = noisy.values.map((value, index) => value - (clean.values[index] ?? 0));
    const mean = difference.reduce((sum, value) => sum + value, 0) / difference.length;
    const deviation = Math.sqrt(difference.reduce((sum, value) => sum + value * value, 0) / difference.length);
    expect(Math.abs(mean)).toBeLessThan(0.001);
    expect(deviation).toBeGreaterThan(0.0005);
    expect(deviation).toBeLessThan(0.01);
  });
});

describe('2 what was put in is where the truth says', () => {
  test('2.1 a nodule brightens its disc and little else', () => {
    const nodule = { x: -85, y: -30, radius: 12 };
    const [without, withIt] = [film(), film({ nodule })];
    const truth = withIt.truth.nodule;
    expect(truth?.x).toBeCloseTo(150 - 85 / withIt.mmPerPixel, 6);
    let [weight, x, y] = [0, 0, 0];
    withIt.values.forEach((value, index) => {
      const more = value - (without.values[index] ?? 0);
      if (more < 0.05) return;
      weight += more;
      x += more * ((index % 300) + 0.5);
      y += more * (Math.floor(index / 300) + 0.5);
    });
    expect(weight).toBeGreaterThan(5);
    expect(Math.abs(x / weight - (truth?.x ?? 0))).toBeLessThan(0.5);
    expect(Math.abs(y / weight - (truth?.y ?? 0))).toBeLessThan(0.5);
  });

  test.each(['right', 'left'] as const)('2.2 an effusion on the %s takes that lung’s base and no other', (side) => {
    const [dry, wet] = [film(), film({ effusion: { side } })];
    const outline = wet.truth.effusion?.outline ?? [];
    expect(inside(wet, outline).mean - inside(dry, outline).mean).toBeGreaterThan(0.08);
    expect(inside(wet, outline).x < 150).toBe(side === 'right');
    const [own, other] = side === 'right' ? (['rightLung', 'leftLung'] as const) : (['leftLung', 'rightLung'] as const);
    expect(inside(wet, wet.truth[own]).count).toBeLessThan(0.9 * inside(dry, dry.truth[own]).count);
    expect(wet.truth[other]).toEqual(dry.truth[other]);
  });

  test.each([1, 2, 3, 4, 5, 6])('2.3 seed %i: the cardiothoracic ratio tells an enlarged heart', (seed) => {
    expect(film({ seed }).truth.cardiothoracicRatio).toBeLessThan(0.5);
    expect(film({ seed, enlargedHeart: true }).truth.cardiothoracicRatio).toBeGreaterThan(0.55);
  });

  test('2.4 SYNTHETIC is written along the lower edge', () => {
    // Without a chest behind it nothing else is as bright and as sharp there.
    const { values } = film({ noise: 0 });
    const rows = Array.from({ length: 7 }, (_, i) => 300 - 13 + i);
    const lit = rows.map(
      (row) => [...values.subarray(row * 300 + 235, row * 300 + 300)].filter((v) => v > 0.96).length,
    );
    expect(Math.min(...lit)).toBeGreaterThan(8);
  });
});
