/** The image canvas: cornerstone draws on it, in device pixels, and says afterwards where the image lies. */
import type { Affine } from '#core/imaging/affine.ts';
import { cornerstone, RENDERED, type CornerstoneImage, type Viewport } from './cornerstone.ts';
import type { Look } from './look.ts';
import type { Size, View } from './view.ts';

export interface Stage {
  /** Draws at the next animation frame, or at once when the canvas has just changed its size. */
  show(image: CornerstoneImage, view: View, look: Look): void;
  blank(): void;
  destroy(): void;
}

export interface StageEvents {
  onsize: (size: Size & { ratio: number }) => void;
  /** Inside the frame that was drawn: what follows at once appears together with it. */
  ondrawn: (drawn: { affine: Affine; imageId: string }) => void;
}

/**
 * Cornerstone sizes its canvas in CSS pixels and leaves the device's to others (see its resize.js), so the canvas is
 * sized here and cornerstone's `resize` is not used.
 */
export function createStage(element: HTMLElement, { onsize, ondrawn }: StageEvents): Stage {
  cornerstone.enable(element);
  const { canvas } = cornerstone.getEnabledElement(element);
  canvas.getContext('2d'); // before cornerstone asks for a desynchronized one, which would run ahead of the overlays
  canvas.style.width = '100%';
  canvas.style.height = '100%';
  let isStale = true;
  let ratio = 0;

  const resized = (size: Size) => {
    const isSame = canvas.width === size.width && canvas.height === size.height;
    if (isSame && ratio === window.devicePixelRatio) return;
    ratio = window.devicePixelRatio;
    canvas.width = size.width;
    canvas.height = size.height;
    isStale = true;
    onsize({ ...size, ratio });
  };
  const observer = new ResizeObserver(([entry]) => {
    if (entry) resized(devicePixels(entry));
  });
  observer.observe(element, { box: 'device-pixel-content-box' });

  const rendered = () => {
    const { image } = cornerstone.getEnabledElement(element);
    if (image) ondrawn({ affine: affineFromCornerstone(element), imageId: image.imageId });
  };
  element.addEventListener(RENDERED, rendered);

  return {
    show(image, view, look) {
      const viewport = viewportOf(image, view, look);
      const isNew = cornerstone.getEnabledElement(element).image !== image;
      // displayImage merges into the previous image's viewport: everything is given, so that nothing of it stays
      if (isNew)
        cornerstone.displayImage(element, image, {
          ...cornerstone.getDefaultViewportForImage(element, image),
          ...viewport,
        });
      else cornerstone.setViewport(element, viewport);
      if (isStale) {
        image.render(cornerstone.getEnabledElement(element)); // a canvas of another size is empty until then
        rendered();
      }
      isStale = false;
    },
    blank() {
      canvas.getContext('2d')?.reset();
      isStale = true;
    },
    destroy() {
      observer.disconnect();
      element.removeEventListener(RENDERED, rendered);
      cornerstone.disable(element);
    },
  };
}

/**
 * The device pixels that the element covers: the browser's own count, which knows how the element's edges were
 * rounded, unless it does not follow the device pixel ratio (as when developer tools emulate another screen).
 */
function devicePixels({ contentRect, devicePixelContentBoxSize }: ResizeObserverEntry): Size {
  const box = devicePixelContentBoxSize[0];
  const across = (css: number, counted: number | undefined) => {
    const computed = css * window.devicePixelRatio;
    return Math.max(1, counted !== undefined && Math.abs(counted - computed) < 1.5 ? counted : Math.round(computed));
  };
  return { width: across(contentRect.width, box?.inlineSize), height: across(contentRect.height, box?.blockSize) };
}

function viewportOf(image: CornerstoneImage, view: View, look: Look): Partial<Viewport> {
  return {
    scale: view.scale,
    translation: translationOf(image, view),
    rotation: view.rotation,
    hflip: view.flipH,
    vflip: view.flipV,
    invert: look.invert,
    pixelReplication: look.sharp,
    look,
    ...(look.voi.kind === 'window' && { voi: { windowCenter: look.voi.center, windowWidth: look.voi.width } }),
  };
}

/** Cornerstone scales and turns its translation with the image (calculateTransform.js); `pan` is in canvas pixels. */
function translationOf(image: CornerstoneImage, { pan, scale, rotation }: View): { x: number; y: number } {
  const across = scale * Math.max(1, image.columnPixelSpacing / image.rowPixelSpacing);
  const down = scale * Math.max(1, image.rowPixelSpacing / image.columnPixelSpacing);
  return rotation % 180 === 0 ? { x: pan.x / across, y: pan.y / down } : { x: pan.x / down, y: pan.y / across };
}

/** The 2 × 3 map that cornerstone drew with, read off three points; cornerstone's pixel c covers [c, c+1). */
function affineFromCornerstone(element: HTMLElement): Affine {
  const o = cornerstone.pixelToCanvas(element, { x: 0, y: 0 });
  const x = cornerstone.pixelToCanvas(element, { x: 1, y: 0 });
  const y = cornerstone.pixelToCanvas(element, { x: 0, y: 1 });
  return { a: x.x - o.x, b: x.y - o.y, c: y.x - o.x, d: y.y - o.y, e: o.x, f: o.y };
}
