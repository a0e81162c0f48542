/** The cardiothoracic ratio from masks: the same steps as `ratio` of models/training/anatomy_measure.py. */
import type { Point } from '../imaging/affine.ts';
import { INSIDE, type Part } from './masks.ts';

/**
 * Below this share of the lungs' height, counted from their top, lies what is held to be below the hila. The hila are
 * not segmented: half of the height is where they end on an upright film.
 */
export const HILA = 0.5;

/** Both lungs count as found when each covers this share of the film, and reaches over this share of its height. */
const LEAST_AREA = 0.03;
const LEAST_HEIGHT = 0.2;

/** In cells of the masks' grid: a cell's centre is at its index + 0.5. The grid has square cells and the standard pose. */
export interface GridRatio {
  ratio: number;
  /** From the right lung's outer edge to the left lung's, in the row where that is widest. */
  thorax: { from: Point; to: Point };
  /** Where the cardiomediastinum reaches farthest to the patient's right and left below the hila. */
  heart: { right: Point; left: Point };
}

/** Why there is no ratio. */
export type NoRatio = 'lungs' | 'cardiomediastinum';

/** `film`: width and height of the film within the grid, in cells. Parts are the largest ones of each mask. */
export function ratioOf(
  right: Part,
  left: Part,
  heart: Part,
  film: { width: number; height: number },
): GridRatio | NoRatio {
  if (!bothFound(right, left, film)) return 'lungs';
  const outer = edgesOf(right).map((edge) => edge?.low);
  const far = edgesOf(left).map((edge) => edge?.high);
  const thorax = widest(outer, far);
  if (!thorax) return 'lungs';

  const rows = [...edgesOf(right).keys()].filter((row) => outer[row] !== undefined || far[row] !== undefined);
  const top = Math.min(...rows);
  const bottom = Math.max(...rows) + 1;
  const first = top + HILA * (bottom - top);
  let [rightmost, leftmost]: [Point | null, Point | null] = [null, null];
  for (const [row, edge] of edgesOf(heart).entries()) {
    const y = row + 0.5;
    if (!edge || y < first || y > bottom) continue;
    if (!rightmost || edge.low < rightmost.x) rightmost = { x: edge.low, y };
    if (!leftmost || edge.high > leftmost.x) leftmost = { x: edge.high, y };
  }
  if (!rightmost || !leftmost) return 'cardiomediastinum';
  const ratio = (leftmost.x - rightmost.x) / (thorax.to.x - thorax.from.x);
  if (!(ratio > 0 && ratio < 1)) return 'cardiomediastinum';
  return { ratio, thorax, heart: { right: rightmost, left: leftmost } };
}

/** Are both lungs there: large enough, tall enough, the right one on the left of the image. */
export function bothFound(right: Part, left: Part, film: { width: number; height: number }): boolean {
  const area = film.width * film.height;
  const large = [right, left].every(
    (part) => part.cells >= LEAST_AREA * area && heightOf(part) >= LEAST_HEIGHT * film.height,
  );
  return large && middleOf(right) < middleOf(left);
}

interface Edge {
  low: number;
  high: number;
}

/**
 * Left and right edge of a part in each row; undefined in rows without it. The edge is where the probability crosses
 * one half between two cell centres; at the border of the grid it is the border.
 */
export function edgesOf({ rows, columns, values, inside }: Part): (Edge | undefined)[] {
  return Array.from({ length: rows }, (_, row) => {
    const start = row * columns;
    const within = inside.subarray(start, start + columns);
    const first = within.indexOf(1);
    if (first < 0) return undefined;
    const last = within.lastIndexOf(1);
    const at = (column: number) => values[start + column] ?? 0;
    const crossing = (from: number, to: number) => Math.min(1, (at(from) - INSIDE) / Math.max(at(from) - at(to), 1e-9));
    return {
      low: first === 0 ? 0 : first + 0.5 - crossing(first, first - 1),
      high: last === columns - 1 ? columns : last + 0.5 + crossing(last, last + 1),
    };
  });
}

function widest(from: (number | undefined)[], to: (number | undefined)[]): GridRatio['thorax'] | null {
  let found: GridRatio['thorax'] | null = null;
  for (const [row, start] of from.entries()) {
    const end = to[row];
    if (start === undefined || end === undefined || (found && end - start <= found.to.x - found.from.x)) continue;
    found = { from: { x: start, y: row + 0.5 }, to: { x: end, y: row + 0.5 } };
  }
  return found && found.to.x > found.from.x ? found : null;
}

function heightOf({ inside, columns }: Part): number {
  return Math.floor(inside.lastIndexOf(1) / columns) + 1 - Math.floor(inside.indexOf(1) / columns);
}

/** Mean column of a part. */
function middleOf({ inside, columns, cells }: Part): number {
  return inside.reduce((sum, value, i) => sum + (value === 1 ? i % columns : 0), 0) / Math.max(1, cells);
}
