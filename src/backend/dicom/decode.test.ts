import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { changes, film, words } from '../../../tests/golden/film.ts';
import { storedValues } from './codecs/bits.ts';
import { decodeRle } from './codecs/rle.ts';
import { decodeFrame } from './decode.ts';
import type { PixelFormat } from './format.ts';
import type { Element } from './write.ts';

const decode = (...elements: Element[]) => decodeFrame(film(changes(...elements)), 0);
const bits = (stored: number, high = stored - 1, signed = 0): Element[] => [
  ['0028,0101', 'US', stored],
  ['0028,0102', 'US', high],
  ['0028,0103', 'US', signed],
];
const colour = (photometric: string, pixels: Uint8Array, ...more: Element[]) =>
  decode(
    ['0028,0002', 'US', 3],
    ['0028,0004', 'CS', photometric],
    ['0028,0006', 'US', 0],
    ['0028,0010', 'US', 1],
    ['0028,0011', 'US', 2],
    ['0028,0100', 'US', 8],
    ...bits(8),
    ['7fe0,0010', 'OB', pixels],
    ...more,
  );

describe('1 stored bits', () => {
  test('1.1 sixteen bits are a view of the file', async () => {
    const bytes = film();
    const { data, kind, min, max } = await decodeFrame(bytes, 0);
    expect({ kind, min, max, data: [...data] }).toEqual({ kind: 'u16', min: 0, max: 5, data: [0, 1, 2, 3, 4, 5] });
    expect(data.buffer).toBe(bytes.buffer);
  });

  test('1.2 bits above the stored ones are cut off', async () => {
    const { data, max } = await decode(...bits(12), ['7fe0,0010', 'OW', words(0xffff, 0x1001, 7, 0, 0, 0)]);
    expect([...data]).toEqual([0xfff, 1, 7, 0, 0, 0]);
    expect(max).toBe(0xfff);
  });

  test('1.3 a high bit above stored − 1 shifts down', async () => {
    const { data } = await decode(...bits(12, 15), ['7fe0,0010', 'OW', words(0xabc3, 0x0010, 0, 0, 0, 0)]);
    expect([...data]).toEqual([0xabc, 1, 0, 0, 0, 0]);
  });

  test('1.4 the sign is extended from the high bit', async () => {
    const pixels = words(0x0fff, 0x0800, 0x07ff, 0xf800, 0, 0);
    const { data, kind, min } = await decode(...bits(12, 11, 1), ['7fe0,0010', 'OW', pixels]);
    expect(kind).toBe('i16');
    expect([...data]).toEqual([-1, -2048, 2047, -2048, 0, 0]);
    expect(min).toBe(-2048);
  });

  test('1.5 what a lossy codec overshot is clamped, never masked', () => {
    const format = {
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
      signed: false,
      source: 'x7fe00010',
    } as PixelFormat;
    const frame = { planar: false, photometric: '', precision: 16, signedness: 'unsigned', lossy: true } as const;
    const { data } = storedValues({ ...frame, data: Uint16Array.of(4095, 4096, 5000) }, { ...format, padding: null });
    expect([...data]).toEqual([4095, 4095, 4095]);
  });

  test('1.6 one bit a pixel, frames without padding between them', async () => {
    const oneBit = film(
      changes(['0028,0008', 'IS', 2], ['0028,0100', 'US', 1], ...bits(1), [
        '7fe0,0010',
        'OB',
        Uint8Array.of(0x6d, 0x0a),
      ]),
    );
    expect([...(await decodeFrame(oneBit, 0)).data]).toEqual([1, 0, 1, 1, 0, 1]);
    expect([...(await decodeFrame(oneBit, 1)).data]).toEqual([1, 0, 0, 1, 0, 1]);
  });

  test('1.7 padding does not count for the smallest and largest value, one or a range', async () => {
    const pixels: Element = ['7fe0,0010', 'OW', words(0, 10, 20, 30, 40, 50)];
    expect(await decode(pixels, ['0028,0120', 'US', 0])).toMatchObject({ min: 10, max: 50 });
    expect(await decode(pixels, ['0028,0120', 'US', 50], ['0028,0121', 'US', 40])).toMatchObject({ min: 0, max: 30 });
    expect(await decode(pixels, ['0028,0120', 'US', 60])).toMatchObject({ min: 0, max: 50 });
    // Nothing but padding: then all of it.
    expect(await decode(pixels, ['0028,0120', 'US', 0], ['0028,0121', 'US', 99])).toMatchObject({ min: 0, max: 50 });
  });

  test('1.8 there is no frame after the last', async () => {
    await expect(decodeFrame(film(), 1)).rejects.toThrow('Expected a frame of 1 to 1, found frame 2');
  });
});

describe('2 colour', () => {
  test('2.1 RGB pixel by pixel and plane by plane', async () => {
    const expected = [1, 2, 3, 4, 5, 6];
    expect([...(await colour('RGB', Uint8Array.of(...expected))).data]).toEqual(expected);
    const planes = await colour('RGB', Uint8Array.of(1, 4, 2, 5, 3, 6), ['0028,0006', 'US', 1]);
    expect([...planes.data]).toEqual(expected);
  });

  test('2.2 sixteen bits become eight by the stored ones', async () => {
    const rgb = await colour('RGB', words(0x0fff, 0x0800, 0, 0, 0, 0), ['0028,0100', 'US', 16], ...bits(12));
    expect([...rgb.data]).toEqual([255, 128, 0, 0, 0, 0]);
  });

  test('2.3 YBR_FULL: white, black, red, blue (PS3.3 C.7.6.3.1.2)', async () => {
    const ybr = Uint8Array.of(255, 128, 128, 0, 128, 128);
    expect([...(await colour('YBR_FULL', ybr)).data]).toEqual([255, 255, 255, 0, 0, 0]);
    const primaries = Uint8Array.of(76, 85, 255, 29, 255, 107);
    expect([...(await colour('YBR_FULL', primaries)).data]).toEqual([254, 0, 0, 0, 0, 254]);
  });

  test('2.4 uncompressed YBR_FULL_422: two pixels share the chrominance', async () => {
    const { data } = await colour('YBR_FULL_422', Uint8Array.of(255, 0, 128, 128));
    expect([...data]).toEqual([255, 255, 255, 0, 0, 0]);
  });

  test('2.5 a palette of words, of packed bytes, and segmented', async () => {
    const grey = (count: number, bits: number, ...entries: Uint8Array[]): Element[] =>
      entries.flatMap((bytes, index): Element[] => [
        [`0028,110${index + 1}`, 'US', count, 1, bits],
        [`0028,120${index + 1}`, 'OW', bytes],
      ]);
    const palette = (...elements: Element[]) =>
      decode(
        ['0028,0004', 'CS', 'PALETTE COLOR'],
        ['0028,0010', 'US', 1],
        ['0028,0011', 'US', 4],
        ['0028,0100', 'US', 8],
        ...bits(8),
        ['7fe0,0010', 'OB', Uint8Array.of(0, 1, 2, 9)],
        ...elements,
      );
    const wide = await palette(...grey(2, 16, words(0x0100, 0xff00), words(0, 0x8000), words(0x2000, 0)));
    // Below the first mapped value its entry, above the last one the last.
    expect([...wide.data]).toEqual([1, 0, 32, 1, 0, 32, 255, 128, 0, 255, 128, 0]);
    const packed = await palette(...grey(2, 8, Uint8Array.of(1, 2), Uint8Array.of(3, 4), Uint8Array.of(5, 6)));
    expect([...packed.data]).toEqual([1, 3, 5, 1, 3, 5, 2, 4, 6, 2, 4, 6]);
    const ramp = words(0, 1, 0, 1, 2, 0xff00);
    const segmented = await palette(
      ...[1, 2, 3].flatMap((channel): Element[] => [
        [`0028,110${channel}`, 'US', 3, 0, 16],
        [`0028,122${channel}`, 'OW', ramp],
      ]),
    );
    // One discrete entry of 0, then a line of two entries up to 0xFF00.
    expect([...segmented.data.subarray(0, 9)]).toEqual([0, 0, 0, 127, 127, 127, 255, 255, 255]);
  });
});

describe('3 what a header claims is checked', () => {
  test('3.1 RLE: literal and repeated runs, and a segment that ends early', () => {
    const format: PixelFormat = {
      rows: 2,
      columns: 3,
      frames: 1,
      samplesPerPixel: 1,
      photometric: 'MONOCHROME2',
      planar: false,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      signed: false,
      source: 'x7fe00010',
      padding: null,
    };
    const frame = (...segments: number[][]) => {
      const header = new Uint32Array(16);
      header[0] = segments.length;
      segments.reduce((at, segment, index) => ((header[index + 1] = at), at + segment.length), 64);
      return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()]);
    };
    const high = [251, 1];
    const low = [1, 7, 8, 128, 253, 9];
    const { data } = decodeRle(frame(high, low), format);
    expect([...data]).toEqual([0x107, 0x108, 0x109, 0x109, 0x109, 0x109]);
    expect(() => decodeRle(frame(high, [1, 7, 8]), format)).toThrow('Expected 6 bytes in RLE segment 2, found 2');
    expect(() => decodeRle(frame(high), format)).toThrow('Expected 2 RLE segments, found 1');
    const large = { ...format, rows: 10_000, columns: 10_000 };
    expect(() => decodeRle(frame(high, low), large)).toThrow('found far fewer');
  });

  test('3.2 a deflated data set is read, a bomb is not', async () => {
    const bytes = film();
    const dataset = bytes.findIndex((_, at) => [8, 0, 5, 0, 0x43, 0x53].every((byte, i) => bytes[at + i] === byte));
    const deflated = (body: Uint8Array) => {
      const uid = new TextEncoder().encode('1.2.840.10008.1.2.1.99');
      const meta = Uint8Array.of(2, 0, 0x10, 0, 0x55, 0x49, uid.length, 0, ...uid);
      return Buffer.concat([new Uint8Array(128), new TextEncoder().encode('DICM'), meta, body]);
    };
    expect((await decodeFrame(deflated(deflateRawSync(bytes.subarray(dataset))), 0)).max).toBe(5);
    const zeros = deflateRawSync(new Uint8Array(64 * 2 ** 20), { finishFlush: 3 });
    const bomb = Buffer.concat(new Array<Uint8Array>(9).fill(zeros));
    await expect(decodeFrame(deflated(bomb), 0)).rejects.toThrow('at most 512 MiB of inflated data');
    const cut = deflateRawSync(bytes.subarray(dataset));
    await expect(decodeFrame(deflated(cut.subarray(0, 40)), 0)).rejects.toThrow('deflated data set that is cut off');
  });
});
