import { expect, test } from 'vitest';
import { createAsides } from './asides.ts';

test('1.1 a frame is there once, at a place of its own', () => {
  const asides = createAsides();
  const [a, b] = [new Uint8Array([1]), new Uint8Array([2])];
  const places = [asides.put(a), asides.put(b)];
  expect(places[0]).not.toBe(places[1]);
  expect(asides.take(places[1] ?? '')).toBe(b);
  expect(asides.take(places[1] ?? '')).toBeNull();
  expect(asides.take(places[0] ?? '')).toBe(a);
  expect(asides.take('/aside/')).toBeNull();
});
