/** The shapes of what the anatomy pack drew, as they lie on the canvas. */
import { apply, type Affine, type Point } from '#core/imaging/affine.ts';
import { type Anatomy, boundOf, type MeasuredLine, type Measurement } from '#core/measure/measurement.ts';
import { pathOf } from './marks.ts';
import type { Size } from './view.ts';

export interface AnatomyMarks {
  /** SVG path data of the cardiomediastinum in the stored frame; '' where it was not found. */
  outline: string;
  /** SVG path data in device pixels of the canvas, with a short bar at each end. */
  lines: { name: string; path: string; guides: string }[];
  /** Upper left corner in CSS pixels. */
  tag: { text: string; detail: string; at: Point } | null;
}

/** Half the length of the bars at a line's ends, and the tag's height and room, in CSS pixels. */
const BAR = 5;
const TAG = { height: 36, width: 372, gap: 8 };

/** `ratio`: device pixels in a CSS pixel; `size` is the canvas in device pixels. */
export function anatomyMarks(anatomy: Anatomy, affine: Affine, size: Size, ratio: number): AnatomyMarks {
  const region = anatomy.masks.find(({ id }) => id === 'cardiomediastinum')?.region;
  const [measurement] = anatomy.measurements;
  return {
    outline: region ? pathOf(region) : '',
    lines: (measurement?.lines ?? []).map((line) => ({
      name: line.name,
      path: barred(apply(affine, line.from), apply(affine, line.to), BAR * ratio),
      guides: line.guides.map(({ from, to }) => segment(apply(affine, from), apply(affine, to))).join(''),
    })),
    tag: measurement ? tagOf(measurement, anatomy.pack.use, affine, size, ratio) : null,
  };
}

const segment = (a: Point, b: Point) => `M${a.x},${a.y}L${b.x},${b.y}`;

/** The segment with a bar across each end. */
function barred(a: Point, b: Point, half: number): string {
  const long = Math.hypot(b.x - a.x, b.y - a.y);
  if (long === 0) return '';
  const across = { x: (-(b.y - a.y) / long) * half, y: ((b.x - a.x) / long) * half };
  const bar = (p: Point) => segment({ x: p.x - across.x, y: p.y - across.y }, { x: p.x + across.x, y: p.y + across.y });
  return segment(a, b) + bar(a) + bar(b);
}

/** Below the chest's line, inside the canvas. */
function tagOf({ value, error, lines }: Measurement, use: string, affine: Affine, size: Size, ratio: number) {
  const chest: MeasuredLine | undefined = lines.at(-1);
  const ends = chest ? [apply(affine, chest.from), apply(affine, chest.to)] : [];
  const x = Math.min(...ends.map((end) => end.x)) / ratio;
  const y = Math.max(...ends.map((end) => end.y)) / ratio + TAG.gap;
  const within = (place: number, most: number) => Math.max(0, Math.min(place, most));
  return {
    text: `Cardiothoracic ratio ${value.toFixed(2)}${use === 'evaluation' ? '' : ` · ${use === 'research' ? 'research use only' : use}`}`,
    detail: `cardiomediastinum over inner chest · 95 % of errors below ${boundOf(error.p95)}`,
    at: { x: within(x, size.width / ratio - TAG.width), y: within(y, size.height / ratio - TAG.height) },
  };
}
