/** The image on the screen as a picture for paper: as it is windowed and turned, once plain, once with what is AI. */
import { apply } from '#core/imaging/affine.ts';
import type { Analysis } from '#core/findings/findings.ts';
import type { LabelId } from '#core/study/ids.ts';
import type { ViewerState } from '../state/viewer.svelte.ts';
import { sameImage } from '../viewer/imageId.ts';
import { paintLayers } from '../viewer/layers.ts';
import { pathOf } from '../viewer/marks.ts';

export interface Taken {
  /** PNG. */
  plain: Uint8Array<ArrayBuffer>;
  /** With heat map, outline and name; null where no model looked at this film, or what is AI is hidden. */
  marked: Uint8Array<ArrayBuffer> | null;
  caption: string;
  /** What the overlay is; empty without one. */
  overlay: string;
  width: number;
  height: number;
}

/** null while no image is drawn. */
export function takeKeyImage(viewer: ViewerState, analysis: Analysis | null, selected: LabelId | null): Taken | null {
  const area = document.querySelector<HTMLElement>('.area[data-image]');
  const drawn = area?.querySelector<HTMLCanvasElement>('canvas.cornerstone-canvas');
  const layers = area?.querySelector<HTMLCanvasElement>('canvas.layers');
  const { shown, drawn: at, canvas: size } = viewer;
  if (!area || !drawn || !layers || !shown || at?.imageId !== shown.image.imageId || size.width < 2) return null;
  const { header } = shown.place;
  const own = document.createElement('canvas');
  paintLayers(own, size, { header, affine: at.affine, heat: null, opacity: 0, graphics: !viewer.graphicsHidden });
  const sees = analysis !== null && sameImage(shown.place, analysis) && !viewer.aiHidden;
  const read = sees && analysis.findings.some(({ region }) => region !== null) ? analysis : null;
  const named = read?.findings.find(({ label }) => label === selected) ?? null;
  const voi = viewer.look.voi;
  return {
    plain: picture(size, [drawn, own], (context) => letters(context, area, size)),
    marked: read
      ? picture(size, [drawn, layers], (context) => {
          outlines(context, viewer, read, selected);
          letters(context, area, size);
        })
      : null,
    caption: [
      [header.modality, header.viewPosition].filter((part) => part !== '').join(' '),
      voi.kind === 'window' ? `window ${Math.round(voi.width)}, level ${Math.round(voi.center)}` : '',
      viewer.look.invert ? 'inverted' : '',
      header.lossy ? 'lossy compression' : '',
    ]
      .filter((part) => part !== '')
      .join(' · '),
    overlay: read
      ? `Overlay by AI (${read.pack.id} ${read.pack.version})${named ? `: where the model looked for ${named.name.toLowerCase()}` : ''}`
      : '',
    ...scaled(size),
  };
}

/** Of both sides; 150 mm of paper at more than 200 dots an inch. */
const MOST_PIXELS = 1280;

interface Size {
  width: number;
  height: number;
}

function scaled({ width, height }: Size): Size {
  const by = Math.min(1, MOST_PIXELS / Math.max(width, height));
  return { width: Math.round(width * by), height: Math.round(height * by) };
}

function picture(
  { width, height }: Size,
  parts: readonly HTMLCanvasElement[],
  more: (context: CanvasRenderingContext2D) => void,
): Uint8Array<ArrayBuffer> {
  const canvas = document.createElement('canvas');
  const to = scaled({ width, height });
  [canvas.width, canvas.height] = [to.width, to.height];
  const context = canvas.getContext('2d');
  if (!context) throw new Error('expected a canvas to draw on, found none');
  context.scale(to.width / width, to.height / height);
  context.imageSmoothingQuality = 'high';
  context.fillStyle = 'black';
  context.fillRect(0, 0, width, height);
  for (const part of parts) if (part.width > 0) context.drawImage(part, 0, 0, width, height);
  more(context);
  const [, base64 = ''] = canvas.toDataURL('image/png').split(',');
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

interface Screen extends Size {
  /** Device pixels of one of the page's. */
  ratio: number;
}
/** Lines and words keep their size on paper, whatever the screen was. */
const scaleOf = ({ width, height, ratio }: Screen): number => Math.max(ratio, Math.max(width, height) / 560);

/** The patient's sides, where the screen has them. */
function letters(context: CanvasRenderingContext2D, area: HTMLElement, size: Screen): void {
  const { ratio } = size;
  const scale = scaleOf(size);
  const origin = area.getBoundingClientRect();
  context.font = `600 ${Math.round(14 * scale)}px sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const letter of area.querySelectorAll('.letter')) {
    const { left, top, width, height } = letter.getBoundingClientRect();
    const x = (left - origin.left + width / 2) * ratio;
    const y = (top - origin.top + height / 2) * ratio;
    const text = letter.textContent.trim();
    context.lineWidth = 3 * scale;
    context.strokeStyle = 'black';
    context.strokeText(text, x, y);
    context.fillStyle = 'white';
    context.fillText(text, x, y);
  }
}

/** Of the finding that is selected, else of all that the model marked: light on dark, so that they show on bone and air. */
function outlines(
  context: CanvasRenderingContext2D,
  viewer: ViewerState,
  { findings }: Analysis,
  selected: LabelId | null,
): void {
  const { drawn, canvas } = viewer;
  if (!drawn) return;
  const scale = scaleOf(canvas);
  const meant = findings.filter(({ label, region }) => region && (selected === null || label === selected));
  for (const { name, region } of meant) {
    const polygons = (region?.polygons ?? []).map((polygon) => polygon.map((point) => apply(drawn.affine, point)));
    const path = new Path2D(pathOf({ polygons }));
    for (const [width, colour] of [
      [4, 'black'],
      [1.8, '#62c6d8'],
    ] as const) {
      context.lineWidth = width * scale;
      context.strokeStyle = colour;
      context.stroke(path);
    }
    const all = polygons.flat();
    if (all.length === 0) continue;
    const x = Math.max(4, Math.min(...all.map((point) => point.x)));
    const y = Math.max(20 * scale, Math.min(...all.map((point) => point.y)) - 6 * scale);
    context.font = `600 ${Math.round(13 * scale)}px sans-serif`;
    context.textAlign = 'start';
    context.textBaseline = 'alphabetic';
    context.lineWidth = 3 * scale;
    context.strokeStyle = 'black';
    context.strokeText(name, x, y);
    context.fillStyle = '#62c6d8';
    context.fillText(name, x, y);
  }
}
