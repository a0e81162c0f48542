import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { largestPart } from './masks.ts';
import { ratioOf } from './ratio.ts';

const Golden = z.object({
  madeBy: z.literal('models/training/anatomy_measure.py'),
  cases: z.array(
    z.object({
      rows: z.int(),
      columns: z.int(),
      masks: z.array(z.number()),
      ratio: z.number(),
      thoraxLine: z.array(z.number()).length(4),
      heartTouches: z.array(z.number()).length(4),
    }),
  ),
});
const { cases } = Golden.parse(
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../../tests/golden/ratio.json'), 'utf8')),
);

describe('1 the product measures as the training did', () => {
  test.each(cases)('1.1 noisy masks, ratio $ratio', ({ rows, columns, masks, ...expected }) => {
    const size = rows * columns;
    const part = (index: number) =>
      largestPart(
        masks.slice(index * size, (index + 1) * size).map((byte) => byte / 255),
        rows,
        columns,
      );
    const found = ratioOf(part(0), part(1), part(2), { width: columns, height: rows });
    if (typeof found === 'string') throw new Error(found);
    expect(found.ratio).toBeCloseTo(expected.ratio, 7);
    const { thorax, heart } = found;
    const flat = [thorax.from.x, thorax.from.y, thorax.to.x, thorax.to.y];
    flat.forEach((value, i) => expect(value).toBeCloseTo(expected.thoraxLine[i] ?? NaN, 7));
    const touches = [heart.right.x, heart.right.y, heart.left.x, heart.left.y];
    touches.forEach((value, i) => expect(value).toBeCloseTo(expected.heartTouches[i] ?? NaN, 7));
  });
});
