import { describe, expect, test } from 'vitest';
import type { PackGate } from '../pack/pack.ts';
import type { Gate } from './findings.ts';
import { judged, verdictOf } from './imageGate.ts';

const none = { value: 0, low: 0, high: 1 };
const kind = (id: string, accepted = false) => ({
  id,
  name: `A ${id}`,
  accepted,
  inputs: 1,
  refused: none,
  named: none,
});
const pack: PackGate = {
  kinds: [
    kind('frontal', true),
    kind('mirrored', true),
    kind('lateral'),
    kind('inverted'),
    kind('synthetic'),
    kind('hoof'),
  ],
  threshold: 0.4,
  refusedOfValid: [],
};
const verdict = (...logits: number[]) => verdictOf(pack, logits);
const before: Gate = { accepted: true, reason: null, message: '', caveats: ['AP film.'] };
const person = { synthetic: false };

describe('1 verdict', () => {
  test('1.1 the accepted kinds count together', () => {
    const { accepted, probability, kind: likeliest } = verdict(1, 1, 1.2, -9, -9, -9);
    expect(accepted).toBe(true);
    expect(probability).toBeCloseTo((2 * Math.E) / (2 * Math.E + Math.exp(1.2)), 3);
    expect(likeliest).toBe('frontal');
  });

  test('1.2 below the threshold the likeliest of the refused kinds is named, even where an accepted one is likelier', () => {
    expect(verdict(1, -9, 0.8, 0.9, -9, -9)).toMatchObject({ accepted: false, kind: 'inverted' });
  });

  test('1.3 large logits do not overflow; another number of them, or none that is a number, is no verdict', () => {
    expect(verdict(1000, -1000, 0, 0, 0, 0).probability).toBe(1);
    expect(() => verdict(1, 2)).toThrow(RangeError);
    expect(() => verdict(1, 2, 3, 4, 5, NaN)).toThrow(RangeError);
  });
});

describe('2 what the reader is told', () => {
  test('2.1 an accepted film stays as the header left it', () => {
    expect(judged(before, person, verdict(9, 0, 0, 0, 0, 0))).toEqual(before);
  });

  test('2.2 a film that is surely mirrored comes with a warning, one that may be does not', () => {
    expect(judged(before, person, verdict(0, 5, 0, 0, 0, 0)).caveats[1]).toMatch(/looks mirrored.*side marker/);
    expect(judged(before, person, verdict(4.5, 5, 0, 0, 0, 0))).toEqual(before);
  });

  test.each([
    [
      'lateral',
      [0, 0, 9, 0, 0, 0],
      /^Expected an upright frontal chest film, found what looks like a lateral film\. Open/,
    ],
    ['inverted', [0, 0, 0, 9, 0, 0], /found black and white exchanged .*\. Correct .* or write without AI\.$/],
    ['synthetic', [0, 0, 0, 0, 9, 0], /found what looks like a drawing/],
    ['not-frontal', [0, 0, 0, 0, 0, 9], /found “A hoof”\. Open the frontal film/],
  ])('2.3 refused as %s, in plain words', (reason, logits, words) => {
    const refused = judged(before, person, verdict(...logits));
    expect(refused).toMatchObject({ accepted: false, reason, caveats: ['AP film.'] });
    expect(refused.message).toMatch(words);
  });

  test('2.4 a phantom that says so goes on, and what the gate made of it is shown', () => {
    const phantom = (...logits: number[]) => judged(before, { synthetic: true }, verdict(...logits));
    expect(phantom(0, 0, 0, 0, 9, 0)).toMatchObject({ accepted: true, reason: null });
    expect(phantom(0, 0, 0, 0, 9, 0).caveats[1]).toMatch(
      /^Input gate: not a film of a person\. .* the demonstration goes on/,
    );
    expect(phantom(0, 0, 0, 9, 0, 0).caveats[1]).toMatch(/^Input gate: “A inverted”/);
    expect(phantom(9, 0, 0, 0, 0, 0).caveats[1]).toMatch(/takes this drawing for a chest film/);
  });
});
