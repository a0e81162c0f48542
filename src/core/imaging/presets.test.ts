import { expect, test } from 'vitest';
import { presetsOf } from './presets.ts';
import { headerOf } from './testdata/header.ts';

const range = { min: 0, max: 4095 };
const window = { center: 2000, width: 1000, explanation: 'NORMAL' };

test('1.1 CT: the file’s own, then lung, mediastinum, bone, brain, and all', () => {
  const presets = presetsOf(headerOf({ modality: 'CT', windows: [window] }), range);
  expect(presets.map(({ id }) => id)).toEqual(['file-1', 'ct-lung', 'ct-mediastinum', 'ct-bone', 'ct-brain', 'full']);
  expect(presets[1]?.voi).toEqual({ kind: 'window', center: -600, width: 1500, fn: 'LINEAR' });
});

test('1.2 a film: its window, full range, narrower and wider about the same centre', () => {
  const presets = presetsOf(headerOf({ windows: [window] }), range);
  expect(presets.map(({ id, name }) => `${id} ${name}`)).toEqual([
    'file-1 NORMAL',
    'full Full range',
    'narrow More contrast',
    'wide Less contrast',
  ]);
  expect(presets[2]?.voi).toEqual({ kind: 'window', center: 2000, width: 600, fn: 'LINEAR_EXACT' });
});

test('1.3 ids are unique and the first is what the image opens with', () => {
  const presets = presetsOf(headerOf({ bitsStored: 8 }), { min: 26, max: 240 });
  expect(presets[0]).toEqual({
    id: 'default',
    name: 'Default',
    voi: { kind: 'window', center: 127.5, width: 255, fn: 'LINEAR_EXACT' },
  });
  expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length);
});

test('1.4 colour has none', () => {
  expect(presetsOf(headerOf({ samplesPerPixel: 3, photometric: 'RGB' }), range)).toEqual([]);
});
