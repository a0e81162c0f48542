/** cornerstone-core with types: the image canvas, its transform and the registry of image loaders. */
import * as namespace from 'cornerstone-core';
import type { Look } from './look.ts';

/** What cornerstone draws. `rowPixelSpacing` is the distance between rows; only its ratio to the other matters here. */
export interface CornerstoneImage {
  imageId: string;
  /** Ours: halved values only; the whole frame is on its way. */
  isPreview: boolean;
  rows: number;
  columns: number;
  height: number;
  width: number;
  sizeInBytes: number;
  minPixelValue: number;
  maxPixelValue: number;
  slope: number;
  intercept: number;
  windowCenter: number;
  windowWidth: number;
  invert: boolean;
  color: boolean;
  rowPixelSpacing: number;
  columnPixelSpacing: number;
  getPixelData(): ArrayLike<number>;
  /** Draws the image onto `element.canvas`; cornerstone calls it inside an animation frame. */
  render(element: EnabledElement): void;
  /** Ours: draws the whole image into a small canvas, as it opens. */
  drawSmall(canvas: HTMLCanvasElement): void;
}

export interface Viewport {
  /** Canvas pixels for one image pixel, along the shorter side of a pixel. */
  scale: number;
  translation: { x: number; y: number };
  rotation: number;
  hflip: boolean;
  vflip: boolean;
  invert: boolean;
  pixelReplication: boolean;
  voi: { windowCenter: number; windowWidth: number };
  /** Ours: how the stored values become grey levels. Cornerstone carries it along untouched. */
  look?: Look;
}

export interface EnabledElement {
  element: HTMLElement;
  canvas: HTMLCanvasElement;
  image?: CornerstoneImage;
  viewport?: Viewport;
}

export interface LoadOptions {
  signal?: AbortSignal;
  /** Bytes that have arrived, of how many. */
  onprogress?: (done: number, total: number) => void;
}

export interface Cornerstone {
  enable(element: HTMLElement): void;
  disable(element: HTMLElement): void;
  displayImage(element: HTMLElement, image: CornerstoneImage, viewport: Viewport): void;
  getDefaultViewportForImage(element: HTMLElement, image: CornerstoneImage): Viewport;
  getEnabledElement(element: HTMLElement): EnabledElement;
  setViewport(element: HTMLElement, viewport: Partial<Viewport>): void;
  pixelToCanvas(element: HTMLElement, point: { x: number; y: number }): { x: number; y: number };
  setToPixelCoordinateSystem(element: EnabledElement, context: CanvasRenderingContext2D): void;
  registerImageLoader(
    scheme: string,
    loader: (imageId: string, options?: LoadOptions) => { promise: Promise<CornerstoneImage> },
  ): void;
  loadImage(imageId: string, options?: LoadOptions): Promise<CornerstoneImage>;
}

/** Dispatched on the element after each drawing, inside the same animation frame. */
export const RENDERED = 'cornerstoneimagerendered';

/** CommonJS: a bundler hands over the module itself or wraps it as `default`. */
const unwrap = (module: { default?: Cornerstone }): Cornerstone => {
  if (!module.default) throw new TypeError('expected cornerstone-core to export its functions');
  return module.default;
};
export const cornerstone = unwrap(namespace);
