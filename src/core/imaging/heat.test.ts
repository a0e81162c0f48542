import { expect, test } from 'vitest';
import { colourMap } from './heat.ts';

/** sRGB → OKLab (Ottosson 2020). */
function oklab([r = 0, g = 0, b = 0]: number[]): [number, number, number] {
  const [x = 0, y = 0, z = 0] = [r, g, b].map((value) =>
    value <= 0.04045 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  const l = Math.cbrt(0.4122214708 * x + 0.5363325363 * y + 0.0514459929 * z);
  const m = Math.cbrt(0.2119034982 * x + 0.6806995451 * y + 0.1073969566 * z);
  const s = Math.cbrt(0.0883024619 * x + 0.2817188376 * y + 0.6299787005 * z);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
const map = colourMap();
const colours = Array.from({ length: 256 }, (_, i) => oklab([...map.subarray(3 * i, 3 * i + 3)]));

test('1.1 256 colours, dark to light, lightness always rising', () => {
  expect(map).toHaveLength(768);
  expect(colours[0]?.[0]).toBeLessThan(0.15);
  expect(colours[255]?.[0]).toBeGreaterThan(0.93);
  for (let i = 8; i < 256; i++) expect(colours[i]?.[0]).toBeGreaterThan(colours[i - 8]?.[0] ?? 1);
});

test('1.2 equal steps of value are equal steps of colour, within a fifth', () => {
  const steps = Array.from({ length: 31 }, (_, i) => {
    const [a, b] = [colours[8 * i] ?? [0, 0, 0], colours[8 * i + 8] ?? [0, 0, 0]];
    return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  });
  const middle = steps.toSorted((a, b) => a - b)[15] ?? 0;
  for (const step of steps) expect(Math.abs(step / middle - 1)).toBeLessThan(0.2);
});

test('1.3 violet, then red and orange, then yellow', () => {
  const at = (i: number) => [...map.subarray(3 * i, 3 * i + 3)];
  const [low, middle, high] = [at(60), at(140), at(235)];
  expect(low[2]).toBeGreaterThan(low[1] ?? 0);
  expect(middle[0]).toBeGreaterThan(1.5 * (middle[1] ?? 0));
  expect(high[1]).toBeGreaterThan(high[2] ?? 0);
});
