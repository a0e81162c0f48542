import codecs from 'dcmjs-codecs';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodePicture } from './pictures.ts';

type ColorType = 0 | 2 | 4 | 6;
const png = (colorType: ColorType, bitDepth: 8 | 16, data: Buffer, width = 2, height = 1) => {
  const picture = new PNG({ width, height, colorType, inputColorType: colorType, bitDepth });
  picture.data = data;
  const options = { colorType, inputColorType: colorType, bitDepth, inputHasAlpha: colorType > 3 };
  return new Uint8Array(PNG.sync.write(picture, options));
};
const words = (...values: number[]) => Buffer.from(Uint16Array.from(values).buffer);

function jpeg(samplesPerPixel: 1 | 3, pixels: Uint8Array, size: number): Uint8Array {
  const context = new codecs.Context({
    width: size,
    height: size,
    bitsAllocated: 8,
    bitsStored: 8,
    samplesPerPixel,
    pixelRepresentation: 0,
    planarConfiguration: 0,
    photometricInterpretation: samplesPerPixel === 1 ? 'MONOCHROME2' : 'RGB',
    decodedBuffer: pixels,
  });
  const encoded = codecs.NativeCodecs.encodeJpeg(context, { lossy: true, quality: 100 }).getEncodedBuffer();
  return encoded ?? new Uint8Array();
}

describe('1 PNG', () => {
  test('1.1 grey of 8 and of 16 bits stays what it is', async () => {
    expect(await decodePicture(png(0, 8, Buffer.of(7, 250)))).toEqual({
      rows: 1,
      columns: 2,
      samplesPerPixel: 1,
      bits: 8,
      data: Uint8Array.of(7, 250),
    });
    expect(await decodePicture(png(0, 16, words(0x1234, 0xfedc)))).toMatchObject({
      samplesPerPixel: 1,
      bits: 16,
      data: Uint16Array.of(0x1234, 0xfedc),
    });
  });

  test('1.2 RGB stays RGB; RGB that is grey everywhere becomes grey', async () => {
    expect(await decodePicture(png(2, 8, Buffer.of(1, 2, 3, 9, 9, 9)))).toMatchObject({
      samplesPerPixel: 3,
      data: Uint8Array.of(1, 2, 3, 9, 9, 9),
    });
    expect(await decodePicture(png(2, 8, Buffer.of(5, 5, 5, 9, 9, 9)))).toMatchObject({
      samplesPerPixel: 1,
      data: Uint8Array.of(5, 9),
    });
  });

  test('1.3 transparency lies over black', async () => {
    const rgba = png(6, 8, Buffer.of(200, 100, 50, 128, 10, 20, 30, 255));
    expect((await decodePicture(rgba)).data).toEqual(Uint8Array.of(100, 50, 25, 10, 20, 30));
  });

  test('1.4 a damaged one, an enormous one and another kind of file are refused', async () => {
    const whole = png(0, 8, Buffer.alloc(10_000, 3), 100, 100);
    await expect(decodePicture(whole.subarray(0, 20))).rejects.toThrow('a PNG with its header');
    await expect(decodePicture(whole.subarray(0, whole.length - 20))).rejects.toThrow('a whole PNG picture');
    const huge = whole.slice();
    new DataView(huge.buffer).setUint32(16, 60_000);
    new DataView(huge.buffer).setUint32(20, 60_000);
    await expect(decodePicture(huge)).rejects.toThrow('at most 40 million pixels, found 60000 × 60000');
    await expect(decodePicture(Uint8Array.of(1, 2, 3))).rejects.toThrow('a PNG or JPEG picture');
  });
});

describe('2 JPEG', () => {
  beforeAll(() => codecs.NativeCodecs.initializeAsync());

  test('2.1 grey', async () => {
    const pixels = Uint8Array.from({ length: 64 }, (_, index) => index * 3);
    const picture = await decodePicture(jpeg(1, pixels, 8));
    expect(picture).toMatchObject({ rows: 8, columns: 8, samplesPerPixel: 1, bits: 8 });
    expect(Math.max(...picture.data.map((value, index) => Math.abs(value - (pixels[index] ?? 0))))).toBeLessThan(3);
  });

  test('2.2 colour comes out as RGB', async () => {
    const pixels = Uint8Array.from({ length: 192 }, (_, index) => [200, 40, 90][index % 3] ?? 0);
    const picture = await decodePicture(jpeg(3, pixels, 8));
    expect(picture).toMatchObject({ rows: 8, columns: 8, samplesPerPixel: 3, bits: 8 });
    for (const [index, value] of [200, 40, 90].entries()) expect(picture.data[index]).toBeCloseTo(value, -1);
  });

  test('2.3 one that is cut off is refused', async () => {
    const whole = jpeg(1, new Uint8Array(64), 8);
    await expect(decodePicture(whole.subarray(0, whole.length - 4))).rejects.toThrow('one that is cut off');
  });
});
