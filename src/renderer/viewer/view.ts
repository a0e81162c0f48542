/**
 * Where the image stands on the canvas: scale, pan, quarter turns and flips, as pure geometry in device pixels.
 * The place of a pixel is cornerstone's: `affineOf` and cornerstone's pixelToCanvas are the same map (a test holds it).
 */
import { apply, inverse, type Affine, type Point } from '#core/imaging/affine.ts';

export interface Size {
  width: number;
  height: number;
}

/** An image as geometry sees it: columns and rows, and how wide and high one pixel is drawn at scale 1. */
export interface Shape {
  columns: number;
  rows: number;
  /** One of the two is 1, the other ≥ 1 (cornerstone draws the shorter side of a pixel at the scale itself). */
  pixelWidth: number;
  pixelHeight: number;
}

export interface View {
  /** Keeps to the window (`fit`), to one device pixel a pixel (`one`), or as the reader left it (`free`). */
  mode: 'fit' | 'one' | 'free';
  scale: number;
  /** From the middle of the canvas to the middle of the image, in device pixels. */
  pan: Point;
  rotation: 0 | 90 | 180 | 270;
  flipH: boolean;
  flipV: boolean;
}

export const upright: View = { mode: 'fit', scale: 1, pan: { x: 0, y: 0 }, rotation: 0, flipH: false, flipV: false };

const LARGEST_SCALE = 40;
/** This much of the image, in device pixels, always stays in sight. */
const KEPT = 64;

const cosines = { 0: 1, 90: 0, 180: -1, 270: 0 } as const;
const sines = { 0: 0, 90: 1, 180: 0, 270: -1 } as const;

/** From the stored frame (pixel c covers [c, c+1)) to the canvas. */
export function affineOf(view: View, shape: Shape, canvas: Size): Affine {
  const cos = cosines[view.rotation];
  const sin = sines[view.rotation];
  const sx = view.scale * shape.pixelWidth * (view.flipH ? -1 : 1);
  const sy = view.scale * shape.pixelHeight * (view.flipV ? -1 : 1);
  const linear = { a: cos * sx, b: sin * sx, c: -sin * sy, d: cos * sy, e: 0, f: 0 };
  const middle = apply(linear, { x: shape.columns / 2, y: shape.rows / 2 });
  return {
    ...linear,
    e: canvas.width / 2 + view.pan.x - middle.x,
    f: canvas.height / 2 + view.pan.y - middle.y,
  };
}

/** Width and height of the whole image on the canvas at scale 1, turned as the view is. */
function extent(view: View, shape: Shape): Size {
  const width = shape.columns * shape.pixelWidth;
  const height = shape.rows * shape.pixelHeight;
  return view.rotation % 180 === 0 ? { width, height } : { width: height, height: width };
}

export function fitScale(view: View, shape: Shape, canvas: Size): number {
  const { width, height } = extent(view, shape);
  return Math.min(canvas.width / width, canvas.height / height);
}

export function fitted(view: View, shape: Shape, canvas: Size): View {
  return { ...view, mode: 'fit', scale: fitScale(view, shape, canvas), pan: { x: 0, y: 0 } };
}

/** One image pixel on one device pixel, their edges in line; the middle of the canvas stays what it was. */
export function oneToOne(view: View, shape: Shape, canvas: Size): View {
  const middle = { x: canvas.width / 2, y: canvas.height / 2 };
  return settle({ ...zoomed(view, shape, canvas, 1 / view.scale, middle), mode: 'one', scale: 1 }, shape, canvas);
}

/** Scales by `factor`; what lies under `at` (canvas coordinates) stays under it. */
export function zoomed(view: View, shape: Shape, canvas: Size, factor: number, at: Point): View {
  const fit = fitScale(view, shape, canvas);
  const scale = Math.min(Math.max(LARGEST_SCALE, 2 * fit), Math.max(Math.min(1, fit) / 8, view.scale * factor));
  const k = scale / view.scale;
  const from = { x: at.x - canvas.width / 2, y: at.y - canvas.height / 2 };
  const pan = { x: from.x - k * (from.x - view.pan.x), y: from.y - k * (from.y - view.pan.y) };
  return settle({ ...view, mode: 'free', scale, pan }, shape, canvas);
}

export function panned(view: View, shape: Shape, canvas: Size, by: Point): View {
  const mode = view.mode === 'one' ? 'one' : 'free';
  return settle({ ...view, mode, pan: { x: view.pan.x + by.x, y: view.pan.y + by.y } }, shape, canvas);
}

/** Turns what is seen by quarter turns, clockwise positive, about the middle of the canvas. */
export function turned(view: View, shape: Shape, canvas: Size, quarters: 1 | -1): View {
  const { x, y } = view.pan;
  const rotation = quarterOf(view.rotation + 90 * quarters);
  return settle({ ...view, rotation, pan: quarters === 1 ? { x: -y, y: x } : { x: y, y: -x } }, shape, canvas);
}

/** Mirrors what is seen, left to right (`h`) or top to bottom (`v`), about the middle of the canvas. */
export function flipped(view: View, shape: Shape, canvas: Size, axis: 'h' | 'v'): View {
  const sideways = view.rotation % 180 !== 0;
  const flipH = (axis === 'h') !== sideways ? !view.flipH : view.flipH;
  const flipV = (axis === 'v') !== sideways ? !view.flipV : view.flipV;
  const pan = axis === 'h' ? { x: -view.pan.x, y: view.pan.y } : { x: view.pan.x, y: -view.pan.y };
  return settle({ ...view, flipH, flipV, pan }, shape, canvas);
}

/** The same view in another canvas (window resized, moved to a screen with other pixels). */
export function resized(view: View, shape: Shape, canvas: Size, pixelRatioChange: number): View {
  if (view.mode === 'fit') return fitted(view, shape, canvas);
  const k = view.mode === 'one' ? 1 : pixelRatioChange;
  const pan = { x: view.pan.x * pixelRatioChange, y: view.pan.y * pixelRatioChange };
  return settle({ ...view, scale: view.scale * k, pan }, shape, canvas);
}

/** Keeps fit views fit, some of the image in sight, and at scale 1 the edges of pixels on those of the screen. */
function settle(view: View, shape: Shape, canvas: Size): View {
  if (view.mode === 'fit') return fitted(view, shape, canvas);
  const { width, height } = extent(view, shape);
  const reach = (image: number, room: number) => Math.max(0, (image * view.scale + room) / 2 - KEPT);
  const pan = {
    x: clamp(view.pan.x, reach(width, canvas.width)),
    y: clamp(view.pan.y, reach(height, canvas.height)),
  };
  if (view.scale !== 1) return { ...view, pan };
  const { e, f } = affineOf({ ...view, pan }, shape, canvas);
  return { ...view, pan: { x: pan.x + Math.round(e) - e, y: pan.y + Math.round(f) - f } };
}

/** The point of the stored frame under a point of the canvas. */
export const imagePoint = (affine: Affine, canvasPoint: Point): Point => apply(inverse(affine), canvasPoint);

const clamp = (value: number, reach: number) => Math.min(reach, Math.max(-reach, value));
const quarterOf = (degrees: number): View['rotation'] => {
  const positive = ((degrees % 360) + 360) % 360;
  return positive === 90 || positive === 180 || positive === 270 ? positive : 0;
};
