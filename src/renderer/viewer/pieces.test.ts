import { describe, expect, test } from 'vitest';
import { PIECE_BYTES } from '#contract/calls.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import { bytesOf, type FrameInfo, type Samples } from '#core/imaging/pixels.ts';
import { InstanceId } from '#core/study/ids.ts';
import { fetchPixels, type ImageApi } from './pieces.ts';

const ref = { instance: InstanceId.parse('1.2.3'), frame: 0 };
const rows = 1200;
const columns = 4000; // 9.6 MB in 16 bits: three pieces
const whole = Uint16Array.from({ length: rows * columns }, (_, at) => at % 65_521);
const header = { rows, columns } as ImageHeader;
const info: FrameInfo = {
  rows,
  columns,
  samplesPerPixel: 1,
  kind: 'u16',
  min: 0,
  max: 65_520,
  byteLength: whole.byteLength,
};

/** A source that hands out at most `most` bytes a call; `calls` notes the offsets asked for. */
function source(more: Partial<FrameInfo> = {}, most = PIECE_BYTES, calls: number[] = []): ImageApi {
  return {
    'image.preview': async () => null,
    'image.info': async () => ({ ...info, ...more }),
    'image.pixels': async ({ offset }) => {
      calls.push(offset);
      const bytes = new Uint8Array(whole.buffer, offset, Math.min(most, whole.byteLength - offset));
      return { bytes: bytes.slice() };
    },
  };
}

/** `toEqual` would take half a minute over five million numbers. */
const isWhole = (data: Samples) => Buffer.compare(bytesOf(data), bytesOf(whole)) === 0;

describe('1 pixels in pieces', () => {
  test('1.1 the frame is whole, three pieces long, and progress ends at its size', async () => {
    const calls: number[] = [];
    const progress: number[] = [];
    const pixels = await fetchPixels(source({}, PIECE_BYTES, calls), ref, header, {
      onprogress: (done) => progress.push(done),
    });
    expect(isWhole(pixels.data)).toBe(true);
    expect(calls.sort((a, b) => a - b)).toEqual([0, PIECE_BYTES, 2 * PIECE_BYTES]);
    expect(progress.at(-1)).toBe(whole.byteLength);
  });

  test('1.2 shorter pieces are asked for again where they ended', async () => {
    const pixels = await fetchPixels(source({}, 1_000_003), ref, header);
    expect(isWhole(pixels.data)).toBe(true);
  });

  test('1.3 another size than the header says is refused, with both sizes', async () => {
    await expect(fetchPixels(source({ rows: 100 }), ref, header)).rejects.toThrow(
      'Expected an image of 4000 × 1200 pixels as its header says, found 4000 × 100.',
    );
  });

  test('1.4 too many or too few bytes are refused', async () => {
    await expect(fetchPixels(source({ byteLength: 12 }), ref, header)).rejects.toThrow('found 12');
    await expect(fetchPixels(source({}, 0), ref, header)).rejects.toThrow('bytes of pixels, found 0');
  });
});
