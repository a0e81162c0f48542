/** Every file of ../shared/dicom decodes to a reference reader's pixels, or is refused by name (reference.py says how). */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { AppError } from '#contract/errors.ts';
import { bytesOf, SampleKind, samplesOf, type Pixels } from '#core/imaging/pixels.ts';
import { decodeFrame } from '../../src/backend/dicom/decode.ts';
import { parse } from '../../src/backend/dicom/parse.ts';
import { hasShared, needsShared, shared } from '../shared.ts';
import pixels from './pixels.json' with { type: 'json' };

const Frame = z.object({
  frame: z.int(),
  rows: z.int(),
  columns: z.int(),
  samples: z.union([z.literal(1), z.literal(3)]),
  kind: SampleKind,
  reader: z.string(),
});
const Expectation = z.union([
  z.object({ refused: z.string() }),
  Frame.extend({ compare: z.literal('exact'), sha256: z.string() }),
  Frame.extend({
    compare: z.literal('within'),
    maxError: z.number(),
    maxMeanError: z.number(),
    values: z.string(),
    means: z.array(z.number()),
  }),
]);
type Within = Extract<z.infer<typeof Expectation>, { compare: 'within' }>;
const files = z.record(z.string(), z.array(Expectation)).parse(pixels.files);

const read = (name: string) => new Uint8Array(readFileSync(shared('dicom', name)));
const sha256 = ({ data }: Pixels) => createHash('sha256').update(bytesOf(data)).digest('hex');
const refusal = async (work: () => unknown): Promise<AppError | null> => {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
};

describe.skipIf(!hasShared)(needsShared('1 pixels of real files'), () => {
  test('1.1 every file there is has an expectation here', () => {
    const there = readdirSync(shared('dicom'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(shared('dicom').length + 1))
      .filter((name) => name !== 'README.md' && name !== 'files.csv');
    expect(there.sort()).toEqual(Object.keys(files).sort());
  });

  test.each(Object.entries(files))('1.2 %s', async (name, expectations) => {
    const bytes = read(name);
    for (const expected of expectations) {
      if ('refused' in expected) {
        const error = await refusal(() => decodeFrame(bytes, 0));
        expect(error?.code).toBe('refused');
        expect(error?.message).toContain(expected.refused);
        continue;
      }
      const decoded = await decodeFrame(bytes, expected.frame);
      const { rows, columns, samplesPerPixel: samples, kind } = decoded;
      expect({ rows, columns, samples, kind }).toEqual({
        rows: expected.rows,
        columns: expected.columns,
        samples: expected.samples,
        kind: expected.kind,
      });
      if (expected.compare === 'exact') expect(sha256(decoded)).toBe(expected.sha256);
      else expectWithin(decoded, expected);
    }
  });

  test('1.3 what decodes parses too, unless it lacks a UID; what is refused is refused by both', async () => {
    const onlyInDecoding: string[] = [];
    for (const [name, expectations] of Object.entries(files)) {
      const error = await refusal(() => parse(read(name)));
      const refused = expectations.some((expected) => 'refused' in expected);
      if (refused && !error) onlyInDecoding.push(name);
      else if (refused) expect(error?.code, name).toBe('refused');
      else if (error) expect(error.message, name).toMatch(/Expected a (Study|Series|SOP)InstanceUID, found none/);
    }
    expect(onlyInDecoding).toEqual(['pydicom/JPEG2000-embedded-sequence-delimiter.dcm']);
  });

  test('1.4 the same slice is the same pixels in every lossless syntax', async () => {
    const folder = 'one-image-every-syntax/';
    const lossless = /CTImage\.dcm($|_(Big|Deflated|Little|RLE|JPEGProcess14|JPEGLSLossless|JPEG2000Lossless))/;
    const names = Object.keys(files).filter((name) => name.startsWith(folder) && lossless.test(name));
    const digests = await Promise.all(names.map(async (name) => sha256(await decodeFrame(read(name), 0))));
    expect(names).toHaveLength(10);
    expect(new Set(digests).size).toBe(1);
  });
});

/** The same places and blocks as in reference.py. */
function expectWithin({ data, rows, columns, samplesPerPixel: samples }: Pixels, expected: Within): void {
  const reference = samplesOf(expected.kind, new Uint8Array(Buffer.from(expected.values, 'base64')));
  const errors = Array.from(reference, (value, index) =>
    Math.abs(value - (data[(index * 2_654_435_761) % data.length] ?? NaN)),
  );
  expect(Math.max(...errors)).toBeLessThanOrEqual(expected.maxError);
  const blocks = 16;
  const meanErrors = expected.means.map((mean, index) => {
    const sample = index % samples;
    const block = Math.floor(index / samples);
    const [top, bottom] = edges(rows, Math.floor(block / blocks), blocks);
    const [left, right] = edges(columns, block % blocks, blocks);
    let sum = 0;
    for (let row = top; row < bottom; row++)
      for (let column = left; column < right; column++) sum += data[(row * columns + column) * samples + sample] ?? NaN;
    return Math.abs(mean - sum / ((bottom - top) * (right - left)));
  });
  expect(Math.max(0, ...meanErrors)).toBeLessThanOrEqual(expected.maxMeanError);
}

const edges = (size: number, index: number, blocks: number): [number, number] => [
  Math.floor((size * index) / blocks),
  Math.floor((size * (index + 1)) / blocks),
];
