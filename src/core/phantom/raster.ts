/** A grid of numbers over the film, addressed in millimetres from the film's centre (x to the right, y down). */
import type { Point } from '../imaging/affine.ts';

export interface Raster {
  columns: number;
  rows: number;
  /** Millimetres a cell; cells are square. */
  cell: number;
  data: Float32Array;
}

export function raster(columns: number, rows: number, cell: number): Raster {
  return { columns, rows, cell, data: new Float32Array(columns * rows) };
}

/** The centre of a cell in mm. */
export const xOf = (grid: Raster, column: number): number => (column + 0.5 - grid.columns / 2) * grid.cell;
export const yOf = (grid: Raster, row: number): number => (row + 0.5 - grid.rows / 2) * grid.cell;

/** From mm to continuous grid coordinates (cell i covers [i, i+1)). */
export const toGrid = (grid: Raster, { x, y }: Point): Point => ({
  x: x / grid.cell + grid.columns / 2,
  y: y / grid.cell + grid.rows / 2,
});

/** `source` at the cells of another grid over the same film, bilinear, edges repeated. */
export function resample(source: Raster, columns: number, rows: number, cell: number): Raster {
  const out = raster(columns, rows, cell);
  const across = Array.from({ length: columns }, (_, c) => place(xOf(out, c), source.cell, source.columns));
  for (let r = 0; r < rows; r++) {
    const down = place(yOf(out, r), source.cell, source.rows);
    const upper = down.at * source.columns;
    const lower = down.next * source.columns;
    for (let c = 0; c < columns; c++) {
      const { at, next, part } = across[c] ?? down;
      const top = (source.data[upper + at] ?? 0) * (1 - part) + (source.data[upper + next] ?? 0) * part;
      const bottom = (source.data[lower + at] ?? 0) * (1 - part) + (source.data[lower + next] ?? 0) * part;
      out.data[r * columns + c] = top * (1 - down.part) + bottom * down.part;
    }
  }
  return out;
}

function place(mm: number, cell: number, count: number): { at: number; next: number; part: number } {
  const position = Math.min(count - 1, Math.max(0, mm / cell + count / 2 - 0.5));
  const at = Math.min(count - 1, Math.floor(position));
  return { at, next: Math.min(count - 1, at + 1), part: position - at };
}

/** Three passes of a running mean of about `width` mm: close to a Gaussian; edges repeated. */
export function blurred(source: Raster, width: number): Raster {
  const { columns, rows } = source;
  const half = Math.max(1, Math.round(width / source.cell / 2));
  let data = source.data;
  for (let pass = 0; pass < 3; pass++) {
    data = meanAlong(data, rows, columns, columns, 1, half);
    data = meanAlong(data, columns, rows, 1, columns, half);
  }
  return { ...source, data };
}

function meanAlong(data: Float32Array, lines: number, length: number, lineStep: number, step: number, half: number) {
  const out = new Float32Array(data.length);
  const at = (line: number, i: number) => data[line * lineStep + Math.min(length - 1, Math.max(0, i)) * step] ?? 0;
  for (let line = 0; line < lines; line++) {
    let sum = 0;
    for (let i = -half; i <= half; i++) sum += at(line, i);
    for (let i = 0; i < length; i++) {
      out[line * lineStep + i * step] = sum / (2 * half + 1);
      sum += at(line, i + half + 1) - at(line, i - half);
    }
  }
  return out;
}
