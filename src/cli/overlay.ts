/** A film as a reader sees it, with heat and contour of positive findings and the lines of what was measured: what `--out` writes as PNG. */
import { PNG } from 'pngjs';
import type { Analyzed } from '#backend/analyze.ts';
import { apply, inverse, type Point } from '#core/imaging/affine.ts';
import { displayGrey, displayLut } from '#core/imaging/displayLut.ts';
import { colourMap } from '#core/imaging/heat.ts';
import { samplesOf } from '#core/imaging/pixels.ts';
import type { Region, Saliency } from '#core/imaging/saliency.ts';
import { defaultVoi } from '#core/imaging/voi.ts';

/** Of the strongest place; weaker places are fainter in proportion, so that the film stays readable. */
const OPACITY = 0.45;

export function overlayPng(analyzed: Analyzed): Uint8Array {
  const { pixels, maps, result } = analyzed;
  const rgb = greyRgb(analyzed);
  const positives = result.findings.filter((finding) => finding.positive);
  const heat = new Float32Array(pixels.rows * pixels.columns);
  for (const { label } of positives) {
    const map = maps.get(label);
    if (map) strongest(heat, map, pixels.columns);
  }
  blend(rgb, heat);
  for (const { region } of positives) if (region) outline(rgb, region, pixels);
  for (const { lines } of result.measurements)
    for (const { from, to, guides } of lines) {
      barred(rgb, from, to, pixels);
      for (const guide of guides) segment(rgb, guide.from, guide.to, GUIDE, pixels);
    }
  const png = new PNG({ width: pixels.columns, height: pixels.rows, colorType: 2 });
  for (let i = 0; i < heat.length; i++) {
    png.data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
    png.data[4 * i + 3] = 255;
  }
  return PNG.sync.write(png, { colorType: 2 });
}

function greyRgb({ header, pixels }: Analyzed): Uint8Array {
  const { data, samplesPerPixel } = pixels;
  if (samplesPerPixel === 3) return Uint8Array.from(data);
  const voi = defaultVoi(header, pixels);
  const wide = pixels.kind !== 'u8' && pixels.kind !== 'i8' && pixels.kind !== 'u16' && pixels.kind !== 'i16';
  const lut = wide ? null : displayLut(header, voi, pixels, false);
  const rgb = new Uint8Array(3 * data.length);
  for (let i = 0; i < data.length; i++) {
    const stored = data[i] ?? 0;
    const grey = lut ? (lut.table[stored - lut.first] ?? 0) : displayGrey(header, voi, stored, false);
    rgb.fill(grey, 3 * i, 3 * i + 3);
  }
  return rgb;
}

/** Bilinear between cell centres; keeps the larger of what is there and the map. */
function strongest(heat: Float32Array, map: Saliency, columns: number): void {
  const grid = samplesOf('f32', map.bytes);
  const toGrid = inverse(map.toImage);
  const at = (x: number, y: number) =>
    grid[Math.min(map.rows - 1, Math.max(0, y)) * map.columns + Math.min(map.columns - 1, Math.max(0, x))] ?? 0;
  for (let i = 0; i < heat.length; i++) {
    const place = apply(toGrid, { x: (i % columns) + 0.5, y: Math.floor(i / columns) + 0.5 });
    const x = place.x - 0.5;
    const y = place.y - 0.5;
    const left = Math.floor(x);
    const top = Math.floor(y);
    const u = x - left;
    const v = y - top;
    const value =
      (at(left, top) * (1 - u) + at(left + 1, top) * u) * (1 - v) +
      (at(left, top + 1) * (1 - u) + at(left + 1, top + 1) * u) * v;
    if (value > (heat[i] ?? 0)) heat[i] = value;
  }
}

function blend(rgb: Uint8Array, heat: Float32Array): void {
  const colours = colourMap();
  for (let i = 0; i < heat.length; i++) {
    const value = heat[i] ?? 0;
    if (value <= 0) continue;
    const colour = 3 * Math.round(255 * Math.min(1, value));
    const opacity = OPACITY * Math.min(1, value);
    for (let c = 0; c < 3; c++)
      rgb[3 * i + c] = Math.round((1 - opacity) * (rgb[3 * i + c] ?? 0) + opacity * (colours[colour + c] ?? 0));
  }
}

type Size = { rows: number; columns: number };
type Colour = readonly [red: number, green: number, blue: number];
const CONTOUR: Colour = [255, 220, 80];
const LINE: Colour = [98, 198, 216];
const GUIDE: Colour = [62, 130, 144];

function outline(rgb: Uint8Array, { polygons }: Region, size: Size): void {
  for (const polygon of polygons)
    for (const [i, from] of polygon.entries())
      segment(rgb, from, polygon[(i + 1) % polygon.length] ?? from, CONTOUR, size);
}

/** The line with a bar across each end, so that its ends are seen where it lies on an outline. */
function barred(rgb: Uint8Array, from: Point, to: Point, size: Size): void {
  segment(rgb, from, to, LINE, size);
  const long = Math.hypot(to.x - from.x, to.y - from.y);
  if (long === 0) return;
  const half = size.columns / 60;
  const across = { x: (-(to.y - from.y) / long) * half, y: ((to.x - from.x) / long) * half };
  for (const { x, y } of [from, to])
    segment(rgb, { x: x - across.x, y: y - across.y }, { x: x + across.x, y: y + across.y }, LINE, size);
}

function segment(rgb: Uint8Array, from: Point, to: Point, colour: Colour, { rows, columns }: Size): void {
  const width = Math.max(1, Math.round(columns / 700));
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y)));
  for (let s = 0; s <= steps; s++) {
    const left = Math.floor(from.x + ((to.x - from.x) * s) / steps);
    const top = Math.floor(from.y + ((to.y - from.y) * s) / steps);
    for (let row = top; row < top + width; row++)
      for (let column = left; column < left + width; column++)
        if (column >= 0 && row >= 0 && column < columns && row < rows) rgb.set(colour, 3 * (row * columns + column));
  }
}
