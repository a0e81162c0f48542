/** Makes of one decoded frame an image that cornerstone displays and that draws itself by DICOM's own formulas. */
import { displayLut } from '#core/imaging/displayLut.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import type { Pixels } from '#core/imaging/pixels.ts';
import { pixelSize } from '#core/imaging/spacing.ts';
import { defaultVoi, windowOf } from '#core/imaging/voi.ts';
import type { CornerstoneImage } from './cornerstone.ts';
import type { Look } from './look.ts';
import { createPyramid } from './pyramid.ts';
import { shorten, type Short } from './shorten.ts';
import { draw, drawSmall, type GreyTable } from './surface.ts';

/**
 * Cornerstone itself draws LINEAR as LINEAR_EXACT and knows no SIGMOID: every image brings its own `render`, which
 * reads `viewport.look`.
 */
export function makeImage(imageId: string, pixels: Pixels, header: ImageHeader): CornerstoneImage {
  const short = shorten(pixels, header);
  const { rows, columns, samplesPerPixel, min, max } = pixels;
  const isColour = samplesPerPixel === 3;
  const pyramid = createPyramid({ rows, columns, data: short.data }, samplesPerPixel, short.header.pixelPadding);
  const first: Look = { voi: defaultVoi(header, pixels), invert: false, sharp: false };
  const { center, width } = windowOf(header, first.voi, pixels);
  const pixel = pixelSize(header);
  let table: { look: Look; words: GreyTable } | null = null;
  const tableOf = (look: Look) => {
    if (table?.look.voi !== look.voi || table.look.invert !== look.invert)
      table = { look, words: isColour ? channelTable(look.invert) : greyTable(short, look) };
    return table.words;
  };
  return {
    imageId,
    rows,
    columns,
    height: rows,
    width: columns,
    sizeInBytes: bytesHeld(pixels, short),
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
    getPixelData: () => pixels.data,
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
