/** Mouse, pen and touch on the image. Left drags the active tool, middle pans, right zooms, the wheel goes through the stack. */
import type { Point } from '#core/imaging/affine.ts';
import { pointsOf } from '#core/measure/ruler.ts';
import type { Tool, ViewerState } from '../state/viewer.svelte.ts';

export interface PointerEvents {
  /** A click that was no drag; canvas coordinates in device pixels. */
  onclick: (at: Point) => void;
  /** The pointer rests or moves with no button down; null when it has left. */
  onhover: (at: Point | null) => void;
  /** A ruler is drawn: where the drag began, goes on, and ends. */
  onmeasure: (step: 'begin' | 'go' | 'end', at: Point) => void;
}

type Drag = Tool | 'pinch';

const isRuler = (drag: Drag | null) => drag !== null && drag in pointsOf;

/** A press that moves less, in CSS pixels, is a click. */
const STEADY = 4;
/** A wheel event of this many pixels is one image. */
const NOTCH = 50;

export function listenToPointers(
  element: HTMLElement,
  viewer: ViewerState,
  { onclick, onhover, onmeasure }: PointerEvents,
) {
  const pressed = new Map<number, Point>();
  let drag: Drag | null = null;
  let start: Point = { x: 0, y: 0 };
  let hasMoved = false;
  let scrolled = 0;
  let wheeled = 0;

  const onCanvas = ({ x, y }: Point): Point => {
    const box = element.getBoundingClientRect();
    return { x: (x - box.left) * viewer.canvas.ratio, y: (y - box.top) * viewer.canvas.ratio };
  };
  const client = (event: MouseEvent): Point => ({ x: event.clientX, y: event.clientY });

  function down(event: PointerEvent): void {
    if (!isOnImage(event)) return;
    if (drag !== null && event.pointerType === 'mouse') return; // a second button changes nothing under way
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    pressed.set(event.pointerId, client(event));
    drag = pressed.size > 1 ? 'pinch' : event.button === 1 ? 'pan' : event.button === 2 ? 'zoom' : viewer.tool;
    start = client(event);
    hasMoved = pressed.size > 1;
    scrolled = 0;
    onhover(null);
  }

  function move(event: PointerEvent): void {
    const before = pressed.get(event.pointerId);
    const now = client(event);
    if (!before) {
      // A region's name says itself that it is pointed at.
      if (event.buttons === 0 && event.pointerType !== 'touch' && isOnImage(event)) onhover(onCanvas(now));
      return;
    }
    if (!hasMoved && Math.hypot(now.x - start.x, now.y - start.y) < STEADY) return;
    if (!hasMoved && isRuler(drag)) onmeasure('begin', onCanvas(start));
    hasMoved = true;
    if (drag === 'pinch') pinch(event.pointerId, before, now);
    pressed.set(event.pointerId, now);
    const dx = now.x - before.x;
    const dy = now.y - before.y;
    if (drag === 'window') viewer.dragWindow(dx, dy);
    if (drag === 'pan') viewer.pan({ x: dx * viewer.canvas.ratio, y: dy * viewer.canvas.ratio });
    if (drag === 'zoom') viewer.zoom(Math.exp(-dy / 150), onCanvas(start));
    if (drag === 'scroll') scroll(dy);
    if (isRuler(drag)) onmeasure('go', onCanvas(now));
  }

  /** The two fingers keep hold of what they touch. */
  function pinch(moved: number, before: Point, now: Point): void {
    const other = [...pressed].find(([id]) => id !== moved)?.[1];
    if (!other) return;
    const factor =
      Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
    const { ratio } = viewer.canvas;
    viewer.pan({ x: ((now.x - before.x) / 2) * ratio, y: ((now.y - before.y) / 2) * ratio });
    viewer.zoom(factor, onCanvas({ x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }));
  }

  /** The whole stack is about one height of the window, and an image at least four pixels. */
  function scroll(dy: number): void {
    const step = Math.max(4, element.clientHeight / Math.max(1, viewer.stack.length));
    scrolled += dy;
    const images = Math.trunc(scrolled / step);
    scrolled -= images * step;
    if (images !== 0) viewer.step(images);
  }

  function up(event: PointerEvent): void {
    if (!pressed.delete(event.pointerId)) return;
    if (hasMoved && isRuler(drag)) onmeasure('end', onCanvas(client(event)));
    if (pressed.size === 0) drag = null;
    if (!hasMoved && event.type === 'pointerup' && event.button === 0) onclick(onCanvas(client(event)));
  }

  function wheel(event: WheelEvent): void {
    event.preventDefault();
    const dy = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 33 : event.deltaY;
    if (event.ctrlKey) return viewer.zoom(Math.exp(-dy / 300), onCanvas(client(event)));
    if (Math.sign(dy) !== Math.sign(wheeled)) wheeled = 0;
    wheeled += dy;
    if (Math.abs(wheeled) < NOTCH) return;
    viewer.step(Math.sign(wheeled) * Math.max(1, Math.floor(Math.abs(wheeled) / (2 * NOTCH))));
    wheeled = 0;
  }

  const listeners = new AbortController();
  const { signal } = listeners;
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', up, { signal });
  element.addEventListener('pointerleave', () => onhover(null), { signal });
  element.addEventListener('wheel', wheel, { signal, passive: false });
  element.addEventListener('dblclick', (event) => isOnImage(event) && viewer.fit(), { signal });
  element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  // a middle press would start the browser's own scrolling
  element.addEventListener('mousedown', (event) => event.button === 1 && event.preventDefault(), { signal });
  return () => listeners.abort();
}

/** What lies over the image and has a use of its own. */
const controls = 'button, input, label, [role="slider"], [role="alert"], [role="status"]';

const isOnImage = ({ target }: Event) => !(target instanceof Element && target.closest(controls));
