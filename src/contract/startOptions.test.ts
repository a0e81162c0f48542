import { expect, test } from 'vitest';
import { startOptions } from './startOptions.ts';

test('1.1 files and a data folder; what Chromium is told is no file', () => {
  expect(startOptions(['--no-sandbox', '--data=/d', 'a.dcm', 'b'], false)).toEqual({
    data: '/d',
    cli: null,
    paths: ['a.dcm', 'b'],
  });
  expect(startOptions([], false)).toEqual({ data: '', cli: null, paths: [] });
});

test('1.2 run from a folder, that folder is no file to open', () => {
  expect(startOptions(['/source', 'a.dcm'], true).paths).toEqual(['a.dcm']);
});

test('1.3 what follows --cli is the command line’s own, with both ways to name the data folder', () => {
  const cli = ['audit', 'verify', '--data', '/d'];
  expect(startOptions(['--no-sandbox', '--cli', ...cli], false)).toEqual({ data: '/d', cli, paths: [] });
  expect(startOptions(['.', '--cli', 'doctor', '--data=/e'], true)).toMatchObject({ data: '/e', paths: [] });
  expect(startOptions(['--cli', 'doctor', '--data'], false).data).toBe('');
});
