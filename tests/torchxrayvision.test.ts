/**
 * A pack made of TorchXRayVision's DenseNet: the program agrees with the library's own Python, film by film. The pack in
 * models/training/recipes/testdata has a small sibling of the network at random weights; its recipe and the library made it:
 * `models/training/recipes/torchxrayvision.py --weights densenet121-res224-nih --random 7 --tiny`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { problemsOfGraph, problemsOfPack } from '#core/pack/check.ts';
import { calibrated } from '#core/pack/calibrated.ts';
import { graphFactsOf } from '#core/pack/onnx.ts';
import { Pack } from '#core/pack/pack.ts';
import { apply } from '#core/imaging/affine.ts';
import { prepare } from '#core/imaging/prepare.ts';
import { frontalPoses, headerOf, pixelsOf, storedAs, texture } from '#core/imaging/testdata/header.ts';
import { agreementWith, type Agreement } from '../models/training/recipes/agreement.ts';

const packs = path.resolve(import.meta.dirname, '../models/training/recipes/testdata');
const folder = path.join(packs, 'torchxrayvision');
const pack = Pack.parse(JSON.parse(readFileSync(path.join(folder, 'pack.json'), 'utf8')));

describe('1 the library’s own numbers', () => {
  let films: Agreement[] = [];
  beforeAll(async () => {
    films = await agreementWith(packs, pack.id, path.join(folder, 'golden/library.json'));
  }, 60_000);

  test('1.1 on five films: square, wide, tall, smaller than the input, narrower than it by one', () =>
    expect(films.map(({ file }) => file)).toEqual(pack.golden.map(({ input }) => path.basename(input))));

  test.each(['input', 'logits', 'probabilities', 'maps'] as const)('1.2 %s within 1e-4', (what) => {
    for (const film of films) expect(film[what]).toBeLessThan(1e-4);
    expect(films).toHaveLength(5);
  });

  test('1.3 heads that were not trained, for which the library says a flat one half, are not in the pack', () => {
    expect(films.map(({ untrained }) => untrained)).toEqual(films.map(() => [0.5, 0.5, 0.5, 0.5]));
    expect(pack.labels).toHaveLength(14);
    expect(pack.labels.every(({ name, calibration }) => name !== '' && calibration.pivot !== undefined)).toBe(true);
  });

  test('1.4 the pack keeps every rule', () => {
    const graph = graphFactsOf(new Uint8Array(readFileSync(path.join(folder, pack.graph.weights))));
    expect([...problemsOfPack(pack), ...problemsOfGraph(graph, pack)]).toEqual([]);
  });
});

describe('2 the middle of a film', () => {
  const shapes = [
    [300, 211],
    [211, 300],
    [90, 61],
  ] as const;
  test.each(frontalPoses.flatMap((pose) => shapes.map((shape) => [...pose, ...shape] as const)))(
    '2.1 %s\\%s, %i × %i: the same input however it is stored, and the way back',
    (row, column, columns, rows) => {
      const standard = prepare(pack.input, headerOf(), pixelsOf(columns, rows, 'u16', texture(4096)));
      const stored = storedAs([row, column], columns, rows, texture(4096));
      const turned = prepare(
        pack.input,
        headerOf({ patientOrientation: [row, column] }),
        pixelsOf(stored.columns, stored.rows, 'u16', stored.value),
      );
      const most = standard.tensor.reduce(
        (far, value, i) => Math.max(far, Math.abs(value - (turned.tensor[i] ?? NaN))),
        0,
      );
      expect(most / 2048).toBeLessThan(1e-6);
      const side = Math.min(columns, rows);
      const corner = apply(standard.toImage, { x: 0, y: 0 });
      const far = apply(standard.toImage, { x: 224, y: 224 });
      expect(corner).toEqual({
        x: expect.closeTo(Math.floor(columns / 2) - Math.floor(side / 2), 9) as number,
        y: expect.closeTo(Math.floor(rows / 2) - Math.floor(side / 2), 9) as number,
      });
      expect([far.x - corner.x, far.y - corner.y]).toEqual([expect.closeTo(side, 9), expect.closeTo(side, 9)]);
    },
  );

  test('2.2 pixels twice as wide as high: the part is square on the film', () => {
    const film = pixelsOf(100, 300, 'u16', texture(4096));
    const { toImage } = prepare(pack.input, headerOf({ columns: 100, rows: 300, pixelSpacing: [0.1, 0.2] }), film);
    const [a, b] = [apply(toImage, { x: 0, y: 0 }), apply(toImage, { x: 224, y: 224 })];
    expect([b.x - a.x, b.y - a.y]).toEqual([expect.closeTo(100, 9), expect.closeTo(200, 9)]);
  });
});

describe('3 bent about the operating point', () => {
  const label = { calibration: { slope: 1, intercept: 0, pivot: 0.1 } };
  const logit = (p: number) => Math.log(p / (1 - p));
  test.each([
    [0.05, 0.25],
    [0.1, 0.5],
    [0.55, 0.75],
  ])('3.1 %d becomes %d', (p, expected) => expect(calibrated(label, logit(p))).toBeCloseTo(expected, 12));
  test('3.2 without a pivot nothing is bent', () =>
    expect(calibrated({ calibration: { slope: 2, intercept: 1 } }, 0)).toBeCloseTo(1 / (1 + Math.exp(-1)), 12));
});
