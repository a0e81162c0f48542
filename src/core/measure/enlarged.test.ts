import { expect, test } from 'vitest';
import { isEnlarged } from './enlarged.ts';
import { notes } from './notes.ts';

const said = (value: number, caveats: string[] = []) =>
  isEnlarged({
    ...{ name: 'cardiothoracic-ratio', value, unit: 'ratio', lines: [], caveats },
    error: { mean: 0.02, p95: 0.06, films: 89 },
  });

test('1.1 over one half by more than 95 of 100 errors', () => {
  expect(said(0.53)).toBe(false);
  expect(said(0.56)).toBe(false);
  expect(said(0.57)).toBe(true);
});

test('1.2 on an AP film, a turned one or a phantom it says nothing; that a pack is for research weakens nothing', () => {
  for (const weak of ['ratio-ap', 'ratio-view', 'ratio-areas', 'ratio-edge', 'ratio-synthetic'] as const)
    expect(said(0.7, [notes[weak], notes['ratio-research']])).toBe(false);
  expect(said(0.7, [notes['ratio-research']])).toBe(true);
});
