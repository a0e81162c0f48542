/** Small pictures of the worst cases: the film as a reader sees it, the model's outline, and what people drew. */
import { readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { AppError } from '#contract/errors.ts';
import type { WorstCase } from '#core/evaluate/evaluation.ts';
import type { FilmRow } from '#core/evaluate/film.ts';
import { pictureKey, type Pictures } from '#core/evaluate/page/page.ts';
import { displayGrey } from '#core/imaging/displayLut.ts';
import type { Box, Region } from '#core/imaging/saliency.ts';
import { defaultVoi } from '#core/imaging/voi.ts';
import { regionOf } from '#core/imaging/region.ts';
import { LabelId } from '#core/study/ids.ts';
import { look, type Looked, type Tools } from './evaluateFilm.ts';
import type { ListedFilm } from './evaluateFolder.ts';

/** Longer side, in pixels. */
const SIDE = 260;
const MODEL = [255, 176, 64] as const;
const PEOPLE = [110, 190, 255] as const;

/** Films are looked at again: no picture is kept. A film that may name somebody gets none. */
export async function picturesOf(
  tools: Tools,
  worst: readonly WorstCase[],
  films: readonly FilmRow[],
  listed: ReadonlyMap<number, ListedFilm>,
): Promise<Pictures> {
  const pictures = new Map<string, string>();
  for (const line of new Set(worst.map((one) => one.line))) {
    const film = listed.get(line);
    const row = films.find((one) => one.line === line);
    if (!film || !row || row.burnedIn) continue;
    try {
      const looked = await look(tools, film, await readFile(film.path));
      for (const one of worst.filter((some) => some.line === line))
        pictures.set(pictureKey(one), picture(looked, ...outlines(tools, one, film, looked)));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return pictures;
}

function outlines(
  tools: Tools,
  { kind, label }: WorstCase,
  film: ListedFilm,
  { result, seen }: Looked,
): [Region[], Box[]] {
  if (!result) return [[], []];
  if (kind === 'anatomy' || kind === 'ratio')
    return [
      (result.analysis.anatomy?.masks ?? []).flatMap(({ id, region }) =>
        region && id !== 'lung-opacity' ? [region] : [],
      ),
      [],
    ];
  const map = result.maps.get(LabelId.parse(label));
  const region = kind === 'false' && map ? regionOf(map, seen.pixels) : null;
  const boxes = film.boxes.filter((one) => tools.labelOf(one.label) === label).map(({ box }) => box);
  return [region ? [region] : [], boxes];
}

function picture({ seen: { header, pixels } }: Looked, regions: readonly Region[], boxes: readonly Box[]): string {
  const scale = Math.min(1, SIDE / Math.max(pixels.rows, pixels.columns));
  const [width, height] = [
    Math.max(1, Math.round(pixels.columns * scale)),
    Math.max(1, Math.round(pixels.rows * scale)),
  ];
  const png = new PNG({ width, height, colorType: 2 });
  const voi = defaultVoi(header, pixels);
  const { samplesPerPixel, data } = pixels;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from =
        Math.min(pixels.rows - 1, Math.floor((y + 0.5) / scale)) * pixels.columns +
        Math.min(pixels.columns - 1, Math.floor((x + 0.5) / scale));
      const at = 4 * (y * width + x);
      for (let c = 0; c < 3; c++)
        png.data[at + c] =
          samplesPerPixel === 3
            ? (data[3 * from + c] ?? 0)
            : Math.round(displayGrey(header, voi, data[from] ?? 0, false));
      png.data[at + 3] = 255;
    }
  const dot = (x: number, y: number, colour: readonly number[]) => {
    const [column, row] = [Math.floor(x * scale), Math.floor(y * scale)];
    if (column >= 0 && row >= 0 && column < width && row < height) png.data.set(colour, 4 * (row * width + column));
  };
  const line = (
    from: { x: number; y: number },
    to: { x: number; y: number },
    colour: readonly number[],
    dashed: boolean,
  ) => {
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) * scale * 1.5));
    for (let s = 0; s <= steps; s++)
      if (!dashed || s % 9 < 6)
        dot(from.x + ((to.x - from.x) * s) / steps, from.y + ((to.y - from.y) * s) / steps, colour);
  };
  for (const { polygons } of regions)
    for (const ring of polygons)
      for (const [i, from] of ring.entries()) line(from, ring[(i + 1) % ring.length] ?? from, MODEL, false);
  for (const { x, y, width: w, height: h } of boxes) {
    const corners = [
      { x, y },
      { x: x + w, y },
      { x: x + w, y: y + h },
      { x, y: y + h },
    ];
    for (const [i, from] of corners.entries()) line(from, corners[(i + 1) % 4] ?? from, PEOPLE, true);
  }
  return `data:image/png;base64,${PNG.sync.write(png, { colorType: 2 }).toString('base64')}`;
}
