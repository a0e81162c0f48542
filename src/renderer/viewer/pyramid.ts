/** Halved copies of a frame's stored values, made when first asked for: what is shown small is averaged, not skipped. */
import { halved, type Level } from '#core/imaging/halve.ts';
import type { ImageHeader } from '#core/imaging/header.ts';

export interface Pyramid {
  /** Of the whole frame, also where it is not here yet. */
  columns: number;
  rows: number;
  /** The largest copy that is here: 0 for the frame itself. */
  finest: number;
  /** `level(0)` is the frame itself; a level below `finest` is not there and `finest` is given. */
  level(k: number): Level;
}

/** `known` are levels by their `k`, made elsewhere: they are not made again. */
export function createPyramid(
  full: Level,
  channels: 1 | 3,
  padding: ImageHeader['pixelPadding'],
  known: ReadonlyMap<number, Level> = new Map(),
): Pyramid {
  const levels = new Map([...known, [0, full]]);
  const level = (k: number): Level => {
    const there = levels.get(k);
    if (there) return there;
    const made = halved(level(k - 1), channels, padding);
    levels.set(k, made);
    return made;
  };
  return { columns: full.columns, rows: full.rows, finest: 0, level };
}

/** A frame of which only level `k` is here. */
export function createCoarsePyramid(
  frame: { columns: number; rows: number },
  known: { k: number; level: Level },
  channels: 1 | 3,
  padding: ImageHeader['pixelPadding'],
): Pyramid {
  const coarse = createPyramid(known.level, channels, padding);
  return {
    columns: frame.columns,
    rows: frame.rows,
    finest: known.k,
    level: (k) => coarse.level(Math.max(0, k - known.k)),
  };
}
