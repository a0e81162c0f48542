/** The cardiothoracic ratio of a film: its two lines in the stored frame, its measured error, and what weakens it. */
import { apply, inverse, type Point } from '../imaging/affine.ts';
import type { ImageHeader } from '../imaging/header.ts';
import type { Saliency } from '../imaging/saliency.ts';
import type { PackRatio } from '../pack/pack.ts';
import type { Part } from './masks.ts';
import { partOf } from './masks.ts';
import type { MaskId, MeasuredLine, Measurement } from './measurement.ts';
import { notes } from './notes.ts';
import { ratioOf, type GridRatio } from './ratio.ts';
import { length, spacingOf, type Spacing } from './spacing.ts';

/** The measurement, or why there is none, for a person. */
export function cardiothoracicRatio(
  masks: ReadonlyMap<MaskId, Saliency>,
  header: ImageHeader,
  error: PackRatio,
): Measurement | string {
  const [right, left, heart] = [masks.get('right-lung'), masks.get('left-lung'), masks.get('cardiomediastinum')];
  if (!right || !left || !heart) return notes['no-ratio-masks'];
  const film = filmInGrid(heart, header);
  const parts: [Part, Part] = [partOf(right), partOf(left)];
  const found = ratioOf(...parts, partOf(heart), film);
  if (found === 'lungs') return notes['no-ratio-lungs'];
  if (found === 'cardiomediastinum') return notes['no-ratio-heart'];
  const spacing = spacingOf(header);
  return {
    name: 'cardiothoracic-ratio',
    value: found.ratio,
    unit: 'ratio',
    lines: linesOf(found, heart, spacing),
    error: { mean: error.meanError, p95: error.p95Error, films: error.films },
    caveats: caveatsOf(header, found, parts, film),
  };
}

/** Where the film lies in the grid, in cells: the grid has square cells and the standard pose. */
function filmInGrid({ toImage }: Saliency, { columns, rows }: ImageHeader) {
  const toGrid = inverse(toImage);
  const [a, b] = [apply(toGrid, { x: 0, y: 0 }), apply(toGrid, { x: columns, y: rows })];
  const left = Math.min(a.x, b.x);
  return { left, right: Math.max(a.x, b.x), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

/** Both lines lie across the patient; the heart's at the height where it reaches farthest to the left. */
function linesOf({ thorax, heart }: GridRatio, { toImage }: Saliency, spacing: Spacing): MeasuredLine[] {
  const line = (name: string, from: Point, to: Point, guides: MeasuredLine['guides']): MeasuredLine => {
    const [a, b] = [apply(toImage, from), apply(toImage, to)];
    return { name, from: a, to: b, guides, length: length(a, b, spacing), unit: spacing.unit };
  };
  const corner = { x: heart.right.x, y: heart.left.y };
  const guides = Math.abs(heart.right.y - corner.y) > 0.25 ? [[corner, heart.right] as const] : [];
  return [
    line(
      'Cardiomediastinum below the hila',
      corner,
      heart.left,
      guides.map(([from, to]) => ({ from: apply(toImage, from), to: apply(toImage, to) })),
    ),
    line('Widest inner width of the chest', thorax.from, thorax.to, []),
  ];
}

/** Right lung's area over the left one's, both as masked: 95 of 100 films that people masked lie between these. */
const USUAL_AREAS = { low: 0.73, high: 1.11 };

/** Nearer to the chest's inner edge than this share of its width, the heart is not told from what lies beside it. */
const WALL = 0.03;

/** An end of the chest's line nearer to the film's edge than this, in cells, may have been cut off. */
const EDGE = 1;

function caveatsOf(
  header: ImageHeader,
  { thorax, heart }: GridRatio,
  [right, left]: [Part, Part],
  film: { left: number; right: number },
): string[] {
  const view = header.viewPosition.trim().toUpperCase();
  const areas = right.cells / left.cells;
  const rules: [applies: boolean, text: string][] = [
    [header.synthetic, notes['ratio-synthetic']],
    [view === 'AP', notes['ratio-ap']],
    [view !== 'AP' && view !== 'PA', notes['ratio-view']],
    [areas < USUAL_AREAS.low || areas > USUAL_AREAS.high, notes['ratio-areas']],
    [thorax.from.x < film.left + EDGE || thorax.to.x > film.right - EDGE, notes['ratio-edge']],
    [
      Math.min(heart.right.x - thorax.from.x, thorax.to.x - heart.left.x) < WALL * (thorax.to.x - thorax.from.x),
      notes['ratio-wall'],
    ],
  ];
  return rules.filter(([applies]) => applies).map(([, text]) => text);
}
