/** Makes of one decoded frame an image that cornerstone displays and that draws itself by DICOM's own formulas. */
import { displayLut } from '#core/imaging/displayLut.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { FrameInfo, Pixels } from '#core/imaging/pixels.ts';
import type { Preview } from '#core/imaging/preview.ts';
import { pixelSize } from '#core/imaging/spacing.ts';
import { defaultVoi, windowOf } from '#core/imaging/voi.ts';
import type { CornerstoneImage } from './cornerstone.ts';
import { halvedInTurns } from './halveInTurns.ts';
import type { Look } from './look.ts';
import { createCoarsePyramid, createPyramid, type Pyramid } from './pyramid.ts';
import { shorten, type Short } from './shorten.ts';
import { draw, drawSmall, type GreyTable } from './surface.ts';

/** Takes several turns for a large frame. `preview` spares making its level again. */
export async function makeImage(
  imageId: string,
  pixels: Pixels,
  header: ImageHeader,
  preview: Preview | null = null,
): Promise<CornerstoneImage> {
  const short = shorten(pixels, header);
  const { rows, columns, samplesPerPixel } = pixels;
  const { pixelPadding } = short.header;
  const full = { rows, columns, data: short.data };
  const known = new Map(preview ? [[preview.halvings, preview.level]] : []);
  const levels = await halvedInTurns(full, samplesPerPixel, pixelPadding, known);
  const pyramid = createPyramid(full, samplesPerPixel, pixelPadding, levels);
  return imageOf(imageId, { ...pixels, values: pixels.data }, header, short, pyramid, bytesHeld(pixels, short));
}

/** The image as far as its preview shows it: sharp where it is shown small, soft where it is magnified. */
export function makePreviewImage(
  imageId: string,
  info: Omit<FrameInfo, 'byteLength'>,
  { halvings, level }: Preview,
  header: ImageHeader,
): CornerstoneImage {
  const { samplesPerPixel, min, max } = info;
  const pyramid = createCoarsePyramid(info, { k: halvings, level }, samplesPerPixel, header.pixelPadding);
  const short = { data: level.data, header, min, max };
  return {
    ...imageOf(imageId, { ...info, values: level.data }, header, short, pyramid, level.data.byteLength),
    isPreview: true,
  };
}

/**
 * Cornerstone itself draws LINEAR as LINEAR_EXACT and knows no SIGMOID: every image brings its own `render`, which
 * reads `viewport.look`.
 */
function imageOf(
  imageId: string,
  frame: Omit<FrameInfo, 'byteLength' | 'kind'> & { values: ArrayLike<number> },
  header: ImageHeader,
  short: Short,
  pyramid: Pyramid,
  sizeInBytes: number,
): CornerstoneImage {
  const { rows, columns, samplesPerPixel, min, max } = frame;
  const isColour = samplesPerPixel === 3;
  const first: Look = { voi: defaultVoi(header, frame), invert: false, sharp: false };
  const { center, width } = windowOf(header, first.voi, frame);
  const pixel = pixelSize(header);
  let table: { look: Look; words: GreyTable } | null = null;
  const tableOf = (look: Look) => {
    if (table?.look.voi !== look.voi || table.look.invert !== look.invert)
      table = { look, words: isColour ? channelTable(look.invert) : greyTable(short, look) };
    return table.words;
  };
  return {
    imageId,
    isPreview: false,
    rows,
    columns,
    height: rows,
    width: columns,
    sizeInBytes,
    minPixelValue: min,
    maxPixelValue: max,
    slope: header.rescaleSlope,
    intercept: header.rescaleIntercept,
    windowCenter: center,
    windowWidth: width,
    invert: false,
    color: isColour,
    rowPixelSpacing: pixel.height,
    columnPixelSpacing: pixel.width,
    getPixelData: () => frame.values,
    drawSmall: (canvas) => drawSmall(canvas, pyramid, samplesPerPixel, tableOf(first), pixel),
    render(element) {
      const look = element.viewport?.look ?? first;
      draw(element, pyramid, samplesPerPixel, tableOf(look), look.sharp);
    },
  };
}

/** The values, and the copies made for display: the shortened one, and the halved ones, a third of it together. */
function bytesHeld(pixels: Pixels, { data }: Short): number {
  const copies = Math.ceil(data.byteLength / 3) + (data === pixels.data ? 0 : data.byteLength);
  return pixels.data.byteLength + copies;
}

/** One RGBA word for each 8- or 16-bit pattern; what the file cannot hold takes the nearest end. */
function greyTable({ data, header, min, max }: Short, look: Look): GreyTable {
  const { first, table } = displayLut(header, look.voi, { min, max }, look.invert);
  const isSigned = data instanceof Int8Array || data instanceof Int16Array;
  const size = 1 << (8 * data.BYTES_PER_ELEMENT);
  const words = new Uint32Array(size);
  for (let pattern = 0; pattern < size; pattern += 1) {
    const value = isSigned && pattern >= size / 2 ? pattern - size : pattern;
    const grey = table[Math.min(table.length - 1, Math.max(0, value - first))] ?? 0;
    words[pattern] = 0xff000000 | (grey * 0x010101);
  }
  return words;
}

const channelTable = (invert: boolean): GreyTable =>
  Uint32Array.from({ length: 256 }, (_, value) => (0xff000000 | ((invert ? 255 - value : value) * 0x010101)) >>> 0);
