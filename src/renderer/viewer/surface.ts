/** Draws the part of an image that can be seen: stored values through a table of grey levels, then onto the canvas. */
import { apply, inverse, type Affine } from '#core/imaging/affine.ts';
import type { Level } from '#core/imaging/halve.ts';
import { cornerstone, type EnabledElement } from './cornerstone.ts';
import type { Pyramid } from './pyramid.ts';
import type { Size } from './view.ts';

/** A rectangle of one level, in its pixels. */
interface Part {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Surface {
  canvas: HTMLCanvasElement;
  context: CanvasRenderingContext2D;
  image: ImageData;
  words: Uint32Array;
  /** What is on it now. */
  shows: { pyramid: Pyramid; table: Uint32Array; k: number; part: Part } | null;
}

/** Parts grow to multiples of this, so that a small pan finds its pixels already there. */
const GRAIN = 256;

const surfaces = new WeakMap<HTMLElement, Surface>();

/** RGBA words, little-endian: index by stored value (its 8 or 16 bits as an unsigned number). */
export type GreyTable = Uint32Array;

export function draw(
  element: EnabledElement,
  pyramid: Pyramid,
  channels: 1 | 3,
  table: GreyTable,
  sharp: boolean,
): void {
  const context = element.canvas.getContext('2d');
  if (!context) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, element.canvas.width, element.canvas.height);
  cornerstone.setToPixelCoordinateSystem(element, context);
  const { a, b, c, d, e, f } = context.getTransform();
  const size = Math.max(Math.hypot(a, b), Math.hypot(c, d));
  const k = Math.max(pyramid.finest, Math.floor(Math.log2(1 / size) + 1e-9));
  const level = pyramid.level(k);
  const part = visible({ a, b, c, d, e, f }, element.canvas, pyramid, level, 2 ** k);
  if (!part) return;
  const surface = surfaces.get(element.element) ?? createSurface(element.element);
  fill(surface, pyramid, channels, table, k, level, part);

  // Level pixels of the last column and row may reach over the image's edge: only what lies on the image is drawn.
  const x = part.x * 2 ** k;
  const y = part.y * 2 ** k;
  const width = Math.min(part.width * 2 ** k, pyramid.columns - x);
  const height = Math.min(part.height * 2 ** k, pyramid.rows - y);
  context.imageSmoothingEnabled = size !== 1 && !(sharp && size > 1);
  context.imageSmoothingQuality = 'low'; // bilinear: the levels already did the averaging
  context.drawImage(surface.canvas, 0, 0, width / 2 ** k, height / 2 ** k, x, y, width, height);
}

/** The part of `level` that the canvas shows, grown to the grain; null when nothing of the image is in sight. */
function visible(
  toCanvas: Affine,
  canvas: Size,
  full: { columns: number; rows: number },
  level: Level,
  step: number,
): Part | null {
  const toImage = inverse(toCanvas);
  const corners = [
    { x: 0, y: 0 },
    { x: canvas.width, y: 0 },
    { x: 0, y: canvas.height },
    { x: canvas.width, y: canvas.height },
  ].map((corner) => apply(toImage, corner));
  const xs = corners.map((corner) => corner.x);
  const ys = corners.map((corner) => corner.y);
  if (Math.max(...xs) <= 0 || Math.max(...ys) <= 0) return null;
  if (Math.min(...xs) >= full.columns || Math.min(...ys) >= full.rows) return null;
  const [x, right] = grown(Math.min(...xs) / step, Math.max(...xs) / step, level.columns);
  const [y, bottom] = grown(Math.min(...ys) / step, Math.max(...ys) / step, level.rows);
  return { x, y, width: right - x, height: bottom - y };
}

function grown(low: number, high: number, end: number): [number, number] {
  const margin = 2;
  return [
    Math.max(0, Math.floor((low - margin) / GRAIN) * GRAIN),
    Math.min(end, Math.ceil((high + margin) / GRAIN) * GRAIN),
  ];
}

function fill(
  surface: Surface,
  pyramid: Pyramid,
  channels: 1 | 3,
  table: GreyTable,
  k: number,
  level: Level,
  part: Part,
): void {
  const { shows } = surface;
  if (shows?.pyramid === pyramid && shows.table === table && shows.k === k && same(shows.part, part)) return;
  if (surface.image.width !== part.width || surface.image.height !== part.height) {
    surface.canvas.width = part.width;
    surface.canvas.height = part.height;
    surface.image = surface.context.createImageData(part.width, part.height);
    surface.words = new Uint32Array(surface.image.data.buffer);
  }
  if (channels === 1) fillGrey(surface.words, table, level, part);
  else fillColour(surface.words, table, level, part);
  surface.context.putImageData(surface.image, 0, 0);
  surface.shows = { pyramid, table, k, part };
}

function fillGrey(words: Uint32Array, table: GreyTable, level: Level, part: Part): void {
  const { data } = level;
  const bits =
    data.BYTES_PER_ELEMENT === 1
      ? new Uint8Array(data.buffer, data.byteOffset, data.length)
      : new Uint16Array(data.buffer, data.byteOffset, data.length);
  let to = 0;
  for (let row = part.y; row < part.y + part.height; row += 1) {
    const start = row * level.columns + part.x;
    for (let from = start; from < start + part.width; from += 1) words[to++] = table[bits[from]];
  }
}

/** `table` works on each channel by itself: the red byte of its word is the channel's value. */
function fillColour(words: Uint32Array, table: GreyTable, level: Level, part: Part): void {
  const { data } = level;
  let to = 0;
  for (let row = part.y; row < part.y + part.height; row += 1) {
    let from = (row * level.columns + part.x) * 3;
    for (let column = 0; column < part.width; column += 1) {
      const red = table[data[from]] & 255;
      const green = table[data[from + 1]] & 255;
      const blue = table[data[from + 2]] & 255;
      words[to++] = 0xff000000 | (blue << 16) | (green << 8) | red;
      from += 3;
    }
  }
}

function createSurface(element: HTMLElement): Surface {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!context) throw new Error('expected a canvas that can be drawn on, found none');
  const image = context.createImageData(1, 1);
  const surface: Surface = { canvas, context, image, words: new Uint32Array(image.data.buffer), shows: null };
  surfaces.set(element, surface);
  return surface;
}

/** The whole image, small: its proportions kept, in the middle of `canvas`. */
export function drawSmall(
  canvas: HTMLCanvasElement,
  pyramid: Pyramid,
  channels: 1 | 3,
  table: GreyTable,
  pixel: Size,
): void {
  const context = canvas.getContext('2d');
  const { columns, rows } = pyramid;
  const scale = Math.min(canvas.width / (columns * pixel.width), canvas.height / (rows * pixel.height));
  const k = Math.max(pyramid.finest, Math.floor(Math.log2(1 / (scale * Math.max(pixel.width, pixel.height)))));
  const level = pyramid.level(k);
  const image = new ImageData(level.columns, level.rows);
  const part = { x: 0, y: 0, width: level.columns, height: level.rows };
  const words = new Uint32Array(image.data.buffer);
  if (channels === 1) fillGrey(words, table, level, part);
  else fillColour(words, table, level, part);
  const picture = document.createElement('canvas');
  picture.width = level.columns;
  picture.height = level.rows;
  picture.getContext('2d')?.putImageData(image, 0, 0);
  const width = columns * pixel.width * scale;
  const height = rows * pixel.height * scale;
  context?.reset();
  context?.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
}

const same = (a: Part, b: Part) => a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
