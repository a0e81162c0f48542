/** Where a phantom's pixels lie in its file: every flip and turn, square pixels or not. */
import { apply, scale, compose, type Affine, type Point } from '#core/imaging/affine.ts';
import type { PhantomSpec, PhantomTruth } from '#core/phantom/phantom.ts';

/** Row direction, then column direction (0020,0020) of a frontal film. */
export const ORIENTATIONS = ['L\\F', 'R\\F', 'L\\H', 'R\\H', 'F\\L', 'F\\R', 'H\\L', 'H\\R'] as const;
export type Orientation = (typeof ORIENTATIONS)[number];

export interface Lie {
  /** Pixels are turned to match; null: standard pose, and the element is empty. */
  orientation: Orientation | null;
  /** Height and width of a stored pixel relative to each other, and which element says so. */
  pixel: { height: number; width: number; saidBy: 'PixelAspectRatio' | 'ImagerPixelSpacing' } | null;
}

/** Whether the file's rows run along the patient's height. */
export const isTransposed = ({ orientation }: Pick<Lie, 'orientation'>): boolean => /^[FH]/.test(orientation ?? '');

export interface StoredFrame {
  rows: number;
  columns: number;
  /** From the phantom's pixel coordinates to those of the file. */
  map: Affine;
  resample(values: Float32Array): Float32Array;
}

/** How the file's pixels lie: first made non-square along the standard pose's y, then flipped or turned. */
export function storedFrame(spec: Pick<PhantomSpec, 'rows' | 'columns'>, form: Lie): StoredFrame {
  const [row, column] = (form.orientation ?? 'L\\F').split('\\');
  const transposed = isTransposed(form);
  const [x, y] = transposed ? [column, row] : [row, column];
  // `pixel` is the stored pixel: transposed films stand it on its side.
  const ratio = form.pixel ? form.pixel.height / form.pixel.width : 1;
  const tall = transposed ? 1 / ratio : ratio;
  const posedRows = Math.round(spec.rows / tall);
  const stretch = posedRows / spec.rows;
  const flip: Affine = {
    a: x === 'R' ? -1 : 1,
    b: 0,
    c: 0,
    d: y === 'H' ? -1 : 1,
    e: x === 'R' ? spec.columns : 0,
    f: y === 'H' ? posedRows : 0,
  };
  const swap: Affine = { a: 0, b: 1, c: 1, d: 0, e: 0, f: 0 };
  const posed = compose(scale(1, stretch), flip);
  const [rows, columns] = transposed ? [spec.columns, posedRows] : [posedRows, spec.columns];
  return {
    rows,
    columns,
    map: transposed ? compose(posed, swap) : posed,
    resample(values) {
      const squeezed = squeeze(values, spec.rows, spec.columns, posedRows);
      const out = new Float32Array(rows * columns);
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) {
          const [px, py] = transposed ? [r, c] : [c, r];
          const fromX = x === 'R' ? spec.columns - 1 - px : px;
          const fromY = y === 'H' ? posedRows - 1 - py : py;
          out[r * columns + c] = squeezed[fromY * spec.columns + fromX] ?? 0;
        }
      return out;
    },
  };
}

/** Rows by linear interpolation between pixel centres. */
function squeeze(values: Float32Array, rows: number, columns: number, wanted: number): Float32Array {
  if (wanted === rows) return values;
  const out = new Float32Array(wanted * columns);
  for (let r = 0; r < wanted; r++) {
    const position = Math.min(rows - 1, Math.max(0, ((r + 0.5) * rows) / wanted - 0.5));
    const above = Math.floor(position);
    const below = Math.min(rows - 1, above + 1);
    for (let c = 0; c < columns; c++) {
      const top = values[above * columns + c] ?? 0;
      out[r * columns + c] = top + (position - above) * ((values[below * columns + c] ?? 0) - top);
    }
  }
  return out;
}

/** The truth in the file's own pixel coordinates; a round nodule is an outline there, for pixels may not be square. */
export function truthInFile(truth: PhantomTruth, { map }: StoredFrame) {
  const all = (points: readonly Point[]): Point[] => points.map((point) => apply(map, point));
  const circle = ({ x, y, radius }: { x: number; y: number; radius: number }): Point[] =>
    Array.from({ length: 64 }, (_, i) => ({
      x: x + radius * Math.cos((i * Math.PI) / 32),
      y: y + radius * Math.sin((i * Math.PI) / 32),
    }));
  return {
    rightLung: all(truth.rightLung),
    leftLung: all(truth.leftLung),
    heart: all(truth.heart),
    nodule: truth.nodule && all(circle(truth.nodule)),
    effusion: truth.effusion && { side: truth.effusion.side, outline: all(truth.effusion.outline) },
  };
}
