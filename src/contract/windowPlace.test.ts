import { expect, test } from 'vitest';
import { placeOn } from './windowPlace.ts';

const first = { x: 0, y: 0, width: 1920, height: 1040 };
const second = { x: 1920, y: 0, width: 2560, height: 1440 };
const size = { width: 1440, height: 900 };
const place = (left: Parameters<typeof placeOn>[1], screens = [first, second]) => placeOn(screens, left, first, size);

test('1.1 left inside a screen: there again, to the pixel', () => {
  const left = { x: 2000, y: 100, width: 1200, height: 1000 };
  expect(place(left)).toEqual(left);
});

test('1.2 never left anywhere: in the middle of the usual screen', () => {
  expect(place(null)).toEqual({ x: 240, y: 70, ...size });
});

test('1.3 its screen is gone: the same size in the middle of the usual one', () => {
  expect(place({ x: 2000, y: 100, width: 1200, height: 1000 }, [first])).toEqual({
    x: 360,
    y: 20,
    width: 1200,
    height: 1000,
  });
});

test('1.4 half off a screen: moved in', () => {
  expect(place({ x: -400, y: 900, width: 1000, height: 700 }, [first])).toEqual({
    x: 0,
    y: 340,
    width: 1000,
    height: 700,
  });
});

test('1.5 larger than its screen: as large as the screen', () => {
  const small = { x: 0, y: 24, width: 1024, height: 744 };
  expect(placeOn([small], { x: 0, y: 0, width: 2400, height: 1300 }, small, size)).toEqual(small);
  expect(placeOn([small], null, small, size)).toEqual(small);
});

test('1.6 over two screens: wholly on the one that shows more of it', () => {
  expect(place({ x: 1800, y: 0, width: 1000, height: 700 })).toEqual({ x: 1920, y: 0, width: 1000, height: 700 });
});
