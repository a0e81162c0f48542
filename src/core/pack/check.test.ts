import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { problemsOfGraph, problemsOfPack } from './check.ts';
import { graphFactsOf } from './onnx.ts';
import { Pack } from './pack.ts';

const folder = path.resolve(import.meta.dirname, '../../../tests/packs/identity');
const pack = Pack.parse(JSON.parse(readFileSync(path.join(folder, 'pack.json'), 'utf8')));
const weights = new Uint8Array(readFileSync(path.join(folder, 'weights/identity.onnx')));

/** One length-delimited field of a Protocol Buffers message; lengths below 128. */
const field = (number: number, ...parts: (number[] | string)[]): number[] => {
  const bytes = parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part));
  return [number * 8 + 2, bytes.length, ...bytes];
};
/** Field numbers above 15 need two bytes for their tag. */
const far = (number: number, bytes: number[]): number[] => {
  const tag = number * 8 + 2;
  return [(tag & 0x7f) | 0x80, tag >> 7, bytes.length, ...bytes];
};
const varint = (number: number, value: number): number[] => [number * 8, value];
const opset = (domain: string, version: number) => field(8, field(1, domain), varint(2, version));
const model = (graph: number[], ...rest: number[][]) =>
  Uint8Array.from([...opset('', 13), ...field(7, graph), ...rest.flat()]);

const outside = field(13, field(1, 'location'), field(2, '../x'));

describe('1 graph', () => {
  test('1.1 the facts of a real file are read', () => {
    expect(graphFactsOf(weights)).toEqual({
      opsets: { '': 13 },
      domains: [''],
      externalData: false,
      functions: false,
      training: false,
      inputs: ['image'],
      outputs: ['logits', 'cam'],
      nodes: 3,
    });
    expect(problemsOfGraph(graphFactsOf(weights), pack)).toEqual([]);
  });

  test.each([
    ['an initializer', model(field(5, outside))],
    ['an initializer by its location alone', model(field(5, varint(14, 1)))],
    ['a constant of a node', model(field(1, field(5, field(5, outside))))],
    ['a list of constants', model(field(1, field(5, field(10, outside))))],
    ['an inner graph', model(field(1, field(5, field(6, field(5, outside)))))],
    ['a sparse initializer', model(field(15, field(1, outside)))],
    ['a sparse constant', model(field(1, field(5, far(22, field(2, outside)))))],
  ])('1.2 external data in %s is found and refused', (_, bytes) => {
    const facts = graphFactsOf(bytes);
    expect(facts.externalData).toBe(true);
    expect(problemsOfGraph(facts, pack)).toContain('expected all weights inside the file, found external data');
  });

  test('1.3 operators from elsewhere are refused by domain, imported or used, in inner graphs too', () => {
    const used = graphFactsOf(model(field(1, field(5, field(11, field(1, field(7, 'com.evil')))))));
    const imported = graphFactsOf(Uint8Array.from([...weights, ...opset('com.microsoft', 1)]));
    expect(problemsOfGraph(used, pack)[0]).toMatch(/found the domain com\.evil/);
    expect(problemsOfGraph(imported, pack)).toEqual([
      'expected only operators of ONNX itself, found the domain com.microsoft',
    ]);
  });

  test('1.4 functions, training graphs and another operator set are refused', () => {
    const functions = graphFactsOf(Uint8Array.from([...weights, ...far(25, field(1, 'f'))]));
    const training = graphFactsOf(Uint8Array.from([...weights, ...far(20, [])]));
    expect(problemsOfGraph(functions, pack)).toEqual(['expected no functions of the model’s own']);
    expect(problemsOfGraph(training, pack)).toEqual(['expected no training graph']);
    expect(problemsOfGraph({ ...graphFactsOf(weights), opsets: { '': 17 } }, pack)).toEqual([
      'expected operator set 13 as pack.json says, found 17',
    ]);
  });

  test('1.5 inputs and outputs that pack.json names must be there', () => {
    expect(problemsOfGraph({ ...graphFactsOf(weights), inputs: ['x'], outputs: ['logits'] }, pack)).toEqual([
      'expected an input named image',
      'expected an output named cam',
    ]);
  });

  test('1.6 what is no model, or a cut one, or one with two graphs, is a RangeError', () => {
    expect(() => graphFactsOf(new Uint8Array())).toThrow(RangeError);
    expect(() => graphFactsOf(new TextEncoder().encode('version https://git-lfs'))).toThrow(RangeError);
    expect(() => graphFactsOf(weights.subarray(0, weights.length - 3))).toThrow(RangeError);
    expect(() => graphFactsOf(Uint8Array.from([...weights, ...field(7, field(2, 'x'))]))).toThrow(/found 2/);
  });

  test('1.7 graphs nested without end are refused, not followed', () => {
    let graph: number[] = [];
    for (let i = 0; i < 17; i++) graph = field(1, field(5, field(6, graph)));
    expect(() => graphFactsOf(model(graph))).toThrow(/nested/);
  });
});

describe('2 description', () => {
  test('2.1 the identity pack keeps every rule', () => expect(problemsOfPack(pack)).toEqual([]));

  test.each<[string, Partial<Pack>]>([
    ['operator set 20 or lower', { graph: { ...pack.graph, opset: 21 } }],
    ['CARD.md among the listed files', { files: pack.files.filter(({ path }) => path !== 'CARD.md') }],
    ['identity.onnx among', { files: pack.files.filter(({ path }) => !path.endsWith('.onnx')) }],
    ['golden/film-1.png among', { files: pack.files.filter(({ path }) => path !== 'golden/film-1.png') }],
    ['listed once', { files: [...pack.files, ...pack.files.slice(0, 1)] }],
    ['1 golden logits for golden/film-1.png, found 2', { golden: pack.golden.map((g) => ({ ...g, logits: [1, 2] })) }],
    ['each label once', { labels: [...pack.labels, ...pack.labels] }],
    ['mean and std for 3 channels', { input: { ...pack.input, channels: 3 } }],
    ['low below high', { input: { ...pack.input, clip: { low: 0.9, high: 0.1 } } }],
    ['weights in an .onnx file', { graph: { ...pack.graph, weights: 'CARD.md' } }],
    ['the names of logits and maps', { task: 'findings', graph: { ...pack.graph, cam: '' } }],
    ['at least one label', { labels: [] }],
    ['no masks in a pack for identity', { graph: { ...pack.graph, masks: 'masks' } }],
  ])('2.2 expected: %s', (problem, change) => {
    expect(problemsOfPack({ ...pack, ...change }).join('; ')).toContain(problem);
  });

  const anatomy: Pack = {
    ...pack,
    task: 'anatomy',
    graph: { ...pack.graph, logits: '', cam: '', masks: 'masks' },
    labels: [],
    masks: [{ id: 'cardiomediastinum', name: 'Cardiomediastinum', dice: { value: 1, low: 1, high: 1 }, films: 0 }],
    golden: pack.golden.map((golden) => ({ ...golden, logits: [], samples: [[0, 1, 1, 0.5]] })),
  };
  test('2.3 a pack of masks keeps every rule without logits, maps and labels', () =>
    expect(problemsOfPack(anatomy)).toEqual([]));

  test.each<[string, Partial<Pack>]>([
    ['masks as its output, and no other', { graph: pack.graph }],
    ['to have masks, and no labels', { labels: pack.labels }],
    ['each mask once', { masks: [...anatomy.masks, ...anatomy.masks] }],
    ['golden samples of the masks', { golden: anatomy.golden.map((golden) => ({ ...golden, samples: [] })) }],
  ])('2.4 of a pack of masks expected: %s', (problem, change) => {
    expect(problemsOfPack({ ...anatomy, ...change }).join('; ')).toContain(problem);
  });
});

describe('3 a gate', () => {
  const measured = { value: 0, low: 0, high: 1 };
  const kind = (id: string, accepted: boolean) => ({
    id,
    name: id,
    accepted,
    inputs: 1,
    refused: measured,
    named: measured,
  });
  const gate: Pack = {
    ...pack,
    task: 'gate',
    labels: [],
    graph: { ...pack.graph, cam: '' },
    gate: { kinds: [kind('frontal', true), kind('lateral', false)], threshold: 0.5, refusedOfValid: [] },
    golden: pack.golden.map((golden) => ({ ...golden, logits: [1, -1] })),
  };
  test('3.1 has kinds in place of labels', () => expect(problemsOfPack(gate)).toEqual([]));
  test.each<[string, Partial<Pack>]>([
    ['kinds and a threshold in a gate pack, and in no other', { task: 'identity' }],
    ['kinds and a threshold in a gate pack, and in no other', { gate: null }],
    ['2 golden logits for golden/film-1.png, found 1', { golden: pack.golden }],
    ['none in a gate', { labels: pack.labels }],
    ['each kind once', { gate: gate.gate && { ...gate.gate, kinds: [kind('a', true), kind('a', false)] } }],
    ['some that are refused', { gate: gate.gate && { ...gate.gate, kinds: [kind('a', true), kind('b', true)] } }],
  ])('3.2 expected %s', (problem, change) => {
    expect(problemsOfPack({ ...gate, ...change }).join('; ')).toContain(problem);
  });
});
