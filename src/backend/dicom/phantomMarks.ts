/** What lies over a phantom's pixels: shutters (PS3.3 C.7.6.11) and an overlay plane (C.9.2). */
import type { Element } from './write.ts';

export interface Marks {
  shutter: 'RECTANGULAR' | 'CIRCULAR' | 'POLYGONAL' | null;
  /** A frame, one twentieth in from the edge, in overlay plane 6000. */
  overlay: boolean;
}

export function marks(form: Marks, size: { rows: number; columns: number }): Element[] {
  return [...(form.shutter ? shutter(form.shutter, size) : []), ...(form.overlay ? overlay(size) : [])];
}

/** Rows and columns count from 1. */
function shutter(
  shape: NonNullable<Marks['shutter']>,
  { rows, columns }: { rows: number; columns: number },
): Element[] {
  const [top, left] = [Math.round(rows * 0.04), Math.round(columns * 0.04)];
  const [bottom, right] = [rows - top, columns - left];
  const common: Element[] = [
    ['0018,1600', 'CS', shape],
    ['0018,1622', 'US', 0],
  ];
  switch (shape) {
    case 'RECTANGULAR':
      return [
        ...common,
        ['0018,1602', 'IS', left],
        ['0018,1604', 'IS', right],
        ['0018,1606', 'IS', top],
        ['0018,1608', 'IS', bottom],
      ];
    case 'CIRCULAR':
      return [
        ...common,
        ['0018,1610', 'IS', Math.round(rows / 2), Math.round(columns / 2)],
        ['0018,1612', 'IS', Math.round(Math.min(rows, columns) * 0.48)],
      ];
    case 'POLYGONAL': {
      const middle = Math.round(columns / 2);
      return [
        ...common,
        ['0018,1620', 'IS', top, middle, Math.round(rows / 2), right, bottom, middle, Math.round(rows / 2), left],
      ];
    }
  }
}

function overlay({ rows, columns }: { rows: number; columns: number }): Element[] {
  const bits = new Uint8Array(Math.ceil((rows * columns) / 16) * 2);
  const [top, left] = [Math.floor(rows / 20), Math.floor(columns / 20)];
  const set = (row: number, column: number): void => {
    const index = row * columns + column;
    bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  };
  for (let row = top; row < rows - top; row++) {
    set(row, left);
    set(row, columns - 1 - left);
  }
  for (let column = left; column < columns - left; column++) {
    set(top, column);
    set(rows - 1 - top, column);
  }
  return [
    ['6000,0010', 'US', rows],
    ['6000,0011', 'US', columns],
    ['6000,0022', 'LO', 'Frame'],
    ['6000,0040', 'CS', 'G'],
    ['6000,0050', 'SS', 1, 1],
    ['6000,0100', 'US', 1],
    ['6000,0102', 'US', 0],
    ['6000,3000', 'OW', bits],
  ];
}
