/** Halved copies of a large frame, made a few milliseconds at a time, so that nobody's key or click waits for them. */
import { emptyLike, halved, type Level } from '#core/imaging/halve.ts';
import type { ImageHeader } from '#core/imaging/header.ts';
import { PREVIEW_SIDE } from '#core/imaging/preview.ts';

/** Samples that are halved in one turn. */
const AT_ONCE = 1024 * 1024;

const turn = () => new Promise<void>((resolve) => setTimeout(resolve));

/** Every copy down to the preview's size, by how often it is halved; of `known` ones none is made again. */
export async function halvedInTurns(
  full: Level,
  channels: 1 | 3,
  padding: ImageHeader['pixelPadding'],
  known: ReadonlyMap<number, Level>,
): Promise<Map<number, Level>> {
  const levels = new Map(known);
  let level = full;
  for (let k = 1; Math.max(level.rows, level.columns) > PREVIEW_SIDE; k += 1) {
    level = levels.get(k) ?? (await halvedOnce(level, channels, padding));
    levels.set(k, level);
  }
  return levels;
}

/** A block is of two rows: bands of an even number of them are halved each by itself. */
async function halvedOnce(from: Level, channels: 1 | 3, padding: ImageHeader['pixelPadding']): Promise<Level> {
  const line = from.columns * channels;
  const band = 2 * Math.max(1, Math.floor(AT_ONCE / line / 2));
  const parts: Level[] = [];
  for (let row = 0; row < from.rows; row += band) {
    const rows = Math.min(band, from.rows - row);
    const data = from.data.subarray(row * line, (row + rows) * line);
    parts.push(halved({ columns: from.columns, rows, data }, channels, padding));
    await turn();
  }
  const [first] = parts;
  if (!first) return halved(from, channels, padding);
  const data = emptyLike(
    first.data,
    parts.reduce((sum, part) => sum + part.data.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { columns: first.columns, rows: parts.reduce((sum, part) => sum + part.rows, 0), data };
}
