/** Window centre and width under a drag, and as they are written on screen. */
import type { ImageHeader } from '#core/imaging/header.ts';
import { windowOf, type Range, type Voi } from '#core/imaging/voi.ts';

/**
 * Right widens, down raises the centre (darkens). A CSS pixel changes the width by half a percent and the centre by a
 * share of the width, so that a drag feels the same in Hounsfield units and in 16-bit detector counts. A VOI LUT
 * becomes the window over its input.
 */
export function draggedWindow(header: ImageHeader, pixels: Range, voi: Voi, dx: number, dy: number): Voi {
  const { center, width } = windowOf(header, voi, pixels);
  const fn = voi.kind === 'window' ? voi.fn : 'LINEAR';
  const narrowest = fn === 'LINEAR' ? 1 : (pixels.max - pixels.min || 1) / 10_000; // LINEAR: PS3.3 C.11.2.1.2.1
  const wider = Math.max(narrowest, width * Math.exp(dx / 200));
  return { kind: 'window', center: center + (dy * width) / 300, width: wider, fn };
}

/** `W 1500  L −600`, the file's own numbers; the LUT's explanation when a LUT is used. */
export function windowText(header: ImageHeader, voi: Voi): string {
  if (voi.kind === 'lut') return header.voiLuts[voi.index]?.explanation || `LUT ${voi.index + 1}`;
  const fn = voi.fn === 'SIGMOID' ? ' sigmoid' : '';
  return `W ${figure(voi.width, voi.width)}  L ${figure(voi.center, voi.width)}${fn}`;
}

/** As many digits as a window of that width needs. */
function figure(value: number, width: number): string {
  const digits = width >= 50 ? 0 : width >= 5 ? 1 : width >= 0.5 ? 2 : 3;
  const text = value.toFixed(digits).replace('-', '−');
  return /^−0(\.0*)?$/.test(text) ? text.slice(1) : text;
}
