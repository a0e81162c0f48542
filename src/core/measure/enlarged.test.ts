import { expect, test } from 'vitest';
import { isEnlarged, isNotEnlarged } from './enlarged.ts';
import type { Measurement } from './measurement.ts';
import { notes } from './notes.ts';

const ratio = (value: number, caveats: string[]): Measurement => ({
  ...{ name: 'cardiothoracic-ratio', value, unit: 'ratio', lines: [], caveats },
  error: { mean: 0.02, p95: 0.06, films: 89 },
});
const said = (value: number, caveats: string[] = []) => isEnlarged(ratio(value, caveats));
const denied = (value: number, caveats: string[] = []) => isNotEnlarged(ratio(value, caveats));

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

test('1.3 under one half by as much it is not enlarged, also where the film makes hearts look large', () => {
  expect(denied(0.43)).toBe(true);
  expect(denied(0.45)).toBe(false);
  for (const larger of ['ratio-ap', 'ratio-view', 'ratio-edge', 'ratio-wall', 'ratio-research'] as const)
    expect(denied(0.43, [notes[larger]]), larger).toBe(true);
  for (const weak of ['ratio-areas', 'ratio-synthetic'] as const)
    expect(denied(0.43, [notes[weak], notes['ratio-ap']]), weak).toBe(false);
});
