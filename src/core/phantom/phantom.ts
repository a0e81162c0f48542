/**
 * A chest film made of mathematics: line integrals through an analytic chest, exposed, processed and marked SYNTHETIC.
 * It shows nobody. Its truth (lungs, heart, what was put in) is known exactly, which no real film offers.
 */
import type { Point } from '../imaging/affine.ts';
import { anatomy, type Anatomy, type Side } from './anatomy.ts';
import { boneProfile, clavicles, humeri, ribs, scapulae, vertebrae } from './bones.ts';
import { eachDot, widthOf } from './letters.ts';
import { between, mulberry32, normal, type Random } from './random.ts';
import { blurred, raster, resample, toGrid, xOf, yOf, type Raster } from './raster.ts';
import { outlineOf, signedDistance } from './shape.ts';
import { chord, pen, type Pen } from './stroke.ts';
import { hilum, vessels } from './vessels.ts';

/** The film's longer side in mm (a 43 cm detector); pixels are square. */
export const FILM_MM = 430;

export interface PhantomSpec {
  rows: number;
  columns: number;
  /** Any integer: another person, another noise. */
  seed: number;
  /** Years; unfolds the aorta a little. The chest is an adult's. */
  age: number;
  /** A round nodule; mm from the film's centre, x towards the patient's left (image right), y towards the feet. */
  nodule: { x: number; y: number; radius: number } | null;
  /** `level`: how far the fluid stands above the lung's lowest point in the middle, mm; 48 when left out. */
  effusion: { side: Side; level?: number } | null;
  enlargedHeart: boolean;
  /** 0 none, 1 that of a usual exposure. */
  noise: number;
}

export const PLAIN: Omit<PhantomSpec, 'rows' | 'columns'> = {
  seed: 1,
  age: 45,
  nodule: null,
  effusion: null,
  enlargedHeart: false,
  noise: 1,
};

/** Places in continuous pixel coordinates of the film in the standard pose (pixel c covers [c, c+1)). */
export interface PhantomTruth {
  /** Aerated lung that nothing covers: heart, mediastinum and fluid are left out. */
  rightLung: Point[];
  leftLung: Point[];
  heart: Point[];
  nodule: { x: number; y: number; radius: number } | null;
  effusion: { side: Side; outline: Point[] } | null;
  /** Widest heart over widest inner rib width. */
  cardiothoracicRatio: number;
}

export interface Phantom {
  rows: number;
  columns: number;
  mmPerPixel: number;
  /** What a monitor should show, 0 black … 1 white, MONOCHROME2, standard pose (patient's right on image left). */
  values: Float32Array;
  truth: PhantomTruth;
}

/** Effective attenuation of water at 110–125 kV, per mm. */
const MU = 0.0185;
/** Scattered radiation, as a share of the open field. */
const SCATTER = 0.006;
/** Inflated lung is about a quarter of water. */
const AIR = 0.74;

/** Throws a RangeError for a film under 64 pixels either way. */
export function phantom(spec: PhantomSpec): Phantom {
  const { rows, columns } = spec;
  if (!(rows >= 64 && columns >= 64))
    throw new RangeError(`expected at least 64 × 64 pixels, found ${columns} × ${rows}`);
  const mmPerPixel = FILM_MM / Math.max(rows, columns);
  const random = mulberry32(spec.seed);
  const chest = anatomy(random, spec.age, spec.enlargedHeart);
  // The chest is drawn at 0.42 mm, its smooth outlines at 1.7 mm; the film's own grid gets noise and letters.
  const coarse = grids(rows, columns, mmPerPixel, 200);
  const fine = grids(rows, columns, mmPerPixel, 1024);
  const parts = outlines(chest, coarse, spec, fine);
  const water = thickness(chest, parts, spec, random, fine);
  const shown = processed(exposed(water));
  const film = resample(shown, columns, rows, mmPerPixel);
  addNoise(film, random, spec.noise);
  addLetters(film);
  return { rows, columns, mmPerPixel, values: film.data, truth: truthOf(chest, parts, spec, film) };
}

interface Grid {
  columns: number;
  rows: number;
  cell: number;
}

function grids(rows: number, columns: number, mmPerPixel: number, most: number): Grid {
  const factor = Math.max(1, Math.max(rows, columns) / most);
  return { columns: Math.ceil(columns / factor), rows: Math.ceil(rows / factor), cell: mmPerPixel * factor };
}

/** Signed distances in mm, positive inside, on the fine grid. */
interface Parts {
  body: Raster;
  rightLung: Raster;
  leftLung: Raster;
  heart: Raster;
  mediastinum: Raster;
  /** How far under the fluid's surface, mm; null without an effusion. */
  fluid: Raster | null;
  grid: Grid;
}

function outlines(chest: Anatomy, coarse: Grid, spec: PhantomSpec, fine: Grid): Parts {
  const distance = (outline: readonly Point[]): Raster =>
    resample(signedDistance(outline, coarse.columns, coarse.rows, coarse.cell), fine.columns, fine.rows, fine.cell);
  const rightLung = distance(chest.rightLung);
  const leftLung = distance(chest.leftLung);
  const knob = chest.knob;
  const mediastinum = distance(chest.mediastinum);
  eachCell(mediastinum, (x, y, index) => {
    const inKnob = knob.radius - Math.hypot(x - knob.x, y - knob.y);
    mediastinum.data[index] = Math.max(mediastinum.data[index] ?? 0, inKnob);
  });
  return {
    body: distance(chest.body),
    rightLung,
    leftLung,
    heart: distance(chest.heart),
    mediastinum,
    fluid: spec.effusion ? fluidOf(chest, spec.effusion.side, spec.effusion.level ?? 48, fine) : null,
    grid: fine,
  };
}

/** Fluid stands higher at the wall than in the middle (the meniscus of an upright film). */
function fluidOf(chest: Anatomy, side: Side, level: number, fine: Grid): Raster {
  const lung = side === 'right' ? chest.rightLung : chest.leftLung;
  const wall = Math.max(...lung.map((point) => Math.abs(point.x)));
  const bottom = Math.max(...lung.map((point) => point.y));
  const field = raster(fine.columns, fine.rows, fine.cell);
  eachCell(field, (x, y, index) => {
    const across = Math.min(1, Math.max(0, Math.abs(x) / wall));
    const own = side === 'right' ? x < 0 : x > 0;
    field.data[index] = own ? y - (bottom - level - 50 * across ** 5) : -1000;
  });
  return field;
}

function eachCell(field: Raster, visit: (x: number, y: number, index: number) => void): void {
  for (let row = 0, index = 0; row < field.rows; row++)
    for (let column = 0; column < field.columns; column++, index++) visit(xOf(field, column), yOf(field, row), index);
}

/** Depth of a rounded body seen face on: 0 at its outline, `depth` from `shoulder` mm inwards. */
function dome(inside: number, shoulder: number, depth: number): number {
  if (inside <= 0) return 0;
  const q = 1 - Math.min(1, inside / shoulder);
  return depth * Math.sqrt(1 - q * q);
}

const smooth = (low: number, high: number, value: number): number => {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
};

/** What a ray passes, as mm of water. */
function thickness(chest: Anatomy, parts: Parts, spec: PhantomSpec, random: Random, grid: Grid): Raster {
  const water = raster(grid.columns, grid.rows, grid.cell);
  const vascular = lungMarkings(parts, random, grid);
  const skeleton = bones(random, grid, parts.body);
  const airways = trachea(grid);
  const breast = between(random, 0, 16);
  const bubble = { x: chest.leftDome.x - 14, y: chest.leftDome.y + 24 };
  eachCell(water, (x, y, index) => {
    const body = parts.body.data[index] ?? 0;
    if (body <= -1) return;
    const depth = 120 + 60 * smooth(-215, -150, y) + 30 * smooth(-110, 30, y) + 20 * smooth(60, 200, y);
    const lungInside = Math.max(parts.rightLung.data[index] ?? 0, parts.leftLung.data[index] ?? 0);
    const heart = dome(parts.heart.data[index] ?? 0, 52, 108);
    const middle = dome(parts.mediastinum.data[index] ?? 0, 24, 112);
    const solid = Math.max(heart, middle) + 0.25 * Math.min(heart, middle);
    let air = Math.max(0, dome(lungInside, 74, 176) - solid);
    // The lung reaches deep behind the domes: a thin wedge of air under each.
    if (lungInside <= 0 && y > 70 && Math.abs(x) < 132)
      air = 16 * Math.exp(lungInside / 16) * smooth(10, 60, Math.abs(x)) * (1 - smooth(0, 30, solid));
    const wet = parts.fluid ? smooth(-9, 14, parts.fluid.data[index] ?? 0) : 0;
    const markings = (vascular.data[index] ?? 0) * smooth(0, 30, air);
    air *= AIR * (1 - wet);
    const gas = bubbleAt(x - bubble.x, y - bubble.y);
    const soft = dome(Math.max(0, body), 74, depth) - air - gas - 0.95 * Math.min(solid, airways.data[index] ?? 0);
    const shadow = breast * Math.exp(-(((Math.abs(x) - 78) / 46) ** 2) - ((y - 62) / 44) ** 2) * (y > 62 ? 0.8 : 1);
    water.data[index] = Math.max(0, soft + shadow + markings * (1 - wet) + (skeleton.data[index] ?? 0));
  });
  if (spec.nodule) pen(water).draw(dot(spec.nodule, spec.nodule.radius, 1.35), chord);
  return water;
}

const dot = (at: Point, radius: number, weight: number) => {
  const knot = { x: at.x, y: at.y, radius, weight };
  return [knot, knot];
};

/** Gas in the stomach over a level of fluid, mm. */
function bubbleAt(x: number, y: number): number {
  const q = (x / 30) ** 2 + (y / 14) ** 2;
  return q >= 1 ? 0 : 46 * Math.sqrt(1 - q) * (1 - smooth(5, 7, y));
}

function lungMarkings(parts: Parts, random: Random, grid: Grid): Raster {
  const field = raster(grid.columns, grid.rows, grid.cell);
  const draw = pen(field);
  for (const [side, lung, at] of [
    [-1, parts.rightLung, { x: -33, y: -26 }],
    [1, parts.leftLung, { x: 37, y: -34 }],
  ] as const) {
    const inside = (point: Point): number => {
      const { x, y } = toGrid(lung, point);
      return lung.data[Math.floor(y) * lung.columns + Math.floor(x)] ?? -1;
    };
    const vessel = (distance: number, radius: number): number => {
      // Thinner than a cell: the same mass, spread over one.
      const drawn = Math.max(radius, 0.75 * grid.cell);
      return 2.3 * ((radius * radius) / (drawn * drawn)) * chord(distance, drawn);
    };
    for (const path of vessels(random, side, at, inside)) draw.draw(path, vessel);
    for (const path of hilum(side, at)) draw.draw(path, (distance, radius) => 0.62 * chord(distance, radius));
  }
  const soft = blurred(field, 0.9);
  const grain = blurred(noiseField(grid, random), 1.6);
  const cloud = blurred(noiseField(grid, random), 9);
  eachCell(soft, (_x, _y, index) => {
    soft.data[index] = (soft.data[index] ?? 0) + 4.5 * (grain.data[index] ?? 0) + 26 * (cloud.data[index] ?? 0);
  });
  return soft;
}

function noiseField(grid: Grid, random: Random): Raster {
  const field = raster(grid.columns, grid.rows, grid.cell);
  for (let index = 0; index < field.data.length; index++) field.data[index] = normal(random);
  return field;
}

/** What bone adds to soft tissue, mm of water. */
function bones(random: Random, grid: Grid, body: Raster): Raster {
  const field = raster(grid.columns, grid.rows, grid.cell);
  const draw = pen(field);
  const rib = boneProfile(1.9, 0.85);
  for (const path of ribs(random, 1)) draw.draw(path, rib);
  for (const path of clavicles(random)) draw.draw(path, boneProfile(1.5, 0.8));
  for (const path of humeri()) draw.draw(path, boneProfile(1.6, 0.7));
  const { plates, edges } = scapulae();
  for (const path of edges) draw.draw(path, boneProfile(1.2, 0.6));
  const coarse = { columns: Math.ceil(grid.columns / 4), rows: Math.ceil(grid.rows / 4), cell: grid.cell * 4 };
  for (const plate of plates) {
    const inside = resample(
      signedDistance(plate, coarse.columns, coarse.rows, coarse.cell),
      grid.columns,
      grid.rows,
      grid.cell,
    );
    eachCell(field, (_x, _y, index) => {
      field.data[index] = (field.data[index] ?? 0) + dome(inside.data[index] ?? 0, 6, 5);
    });
  }
  spine(draw);
  const soft = blurred(field, 0.9);
  eachCell(soft, (_x, _y, index) => {
    if ((body.data[index] ?? 0) < 0) soft.data[index] = 0;
  });
  return soft;
}

function spine(draw: Pen): void {
  for (const { y, height, half } of vertebrae()) {
    const path = (x1: number, x2: number, at: number, radius: number, weight: number) => [
      { x: x1, y: at, radius, weight },
      { x: x2, y: at, radius, weight },
    ];
    const r = height / 2;
    // Body, its end plates, pedicles, the spinous process and the transverse processes.
    draw.draw(path(-half + r * 0.5, half - r * 0.5, y, r, 1), (distance, radius) => 7 + 0.3 * chord(distance, radius));
    draw.draw(path(-half + 2, half - 2, y - r + 0.8, 1.1, 1), () => 3.5);
    draw.draw(path(-half + 2, half - 2, y + r - 0.8, 1.1, 1), () => 3.5);
    for (const side of [-1, 1] as const) {
      draw.draw(dot({ x: side * half * 0.68, y: y - r * 0.25 }, 3.6, 1), boneProfile(1.5, 0.3));
      draw.draw(path(side * half * 0.8, side * (half + 12), y - r * 0.4, 3.4, 1), boneProfile(0.7, 0.3));
    }
    draw.draw(
      [
        { x: 0, y: y + r * 0.2, radius: 2.2, weight: 1 },
        { x: 0, y: y + r * 1.1, radius: 3.2, weight: 1 },
      ],
      boneProfile(1.3, 0.4),
    );
  }
}

/** Windpipe and main bronchi, mm of air. */
function trachea(grid: Grid): Raster {
  const field = raster(grid.columns, grid.rows, grid.cell);
  const draw = pen(field);
  const path = (...knots: [number, number, number][]) => knots.map(([x, y, radius]) => ({ x, y, radius, weight: 1 }));
  draw.draw(path([0, -235, 8], [0, -150, 8.5], [-3, -95, 8.5], [-4, -66, 8], [-14, -46, 7], [-29, -22, 5]), chord);
  draw.draw(path([10, -50, 4.5], [22, -42, 5.5], [38, -30, 4]), chord);
  return blurred(field, 1);
}

/** −log of what reaches the detector. */
function exposed(water: Raster): Raster {
  const data = water.data.map((mm) => -Math.log((Math.exp(-MU * mm) + SCATTER) / (1 + SCATTER)));
  return { ...water, data };
}

/** What digital systems do before showing: compress the wide range, keep the detail, an S-shaped grey curve. */
function processed(log: Raster): Raster {
  const around = blurred(log, 46);
  const near = blurred(log, 5);
  const data = log.data.map((value, index) => {
    const level = 0.74 * value + 0.26 * (around.data[index] ?? 0);
    const detail = value - (around.data[index] ?? 0);
    const edge = value - (near.data[index] ?? 0);
    return 1 / (1 + Math.exp(-(level + 0.32 * detail + 0.5 * edge - 2.3) / 0.62));
  });
  return { ...log, data: data.map((v) => Math.min(1, Math.max(0, (v - 0.012) / 0.965))) };
}

/** Quantum noise: strongest where little reaches the detector, faint in the open field. */
function addNoise(film: Raster, random: Random, strength: number): void {
  if (strength === 0) return;
  const { data } = film;
  let previous = 0;
  for (let index = 0; index < data.length; index++) {
    previous = 0.45 * previous + normal(random);
    const v = data[index] ?? 0;
    data[index] = Math.min(1, Math.max(0, v + strength * previous * (0.0016 + 0.0085 * v * (1.1 - v))));
  }
}

/** A lead "R" at the patient's right shoulder, and SYNTHETIC along the lower edge. */
function addLetters(film: Raster): void {
  const print = (text: string, x: number, y: number, size: number): void => {
    const origin = toGrid(film, { x, y });
    const step = Math.max(1, Math.round(size / film.cell));
    eachDot(text, (column, row) => {
      const left = Math.round(origin.x) + column * step;
      const top = Math.round(origin.y) + row * step;
      for (let r = Math.max(0, top); r < Math.min(film.rows, top + step); r++)
        for (let c = Math.max(0, left); c < Math.min(film.columns, left + step); c++)
          film.data[r * film.columns + c] = 0.97;
    });
  };
  const halfWidth = (film.columns * film.cell) / 2;
  const halfHeight = (film.rows * film.cell) / 2;
  print('R', -halfWidth + 14, -halfHeight + 16, 1.9);
  const size = Math.max(1.25, film.cell);
  print('SYNTHETIC', halfWidth - widthOf('SYNTHETIC') * size - 8, halfHeight - 7 * size - 8, size);
}

function truthOf(chest: Anatomy, parts: Parts, spec: PhantomSpec, film: Raster): PhantomTruth {
  const place = (points: readonly Point[]): Point[] => points.map((point) => toGrid(film, point));
  const small = (field: Raster): Raster =>
    resample(field, Math.ceil(field.columns / 4), Math.ceil(field.rows / 4), field.cell * 4);
  const combine = (value: (index: number) => number): Point[] => {
    const field = raster(parts.grid.columns, parts.grid.rows, parts.grid.cell);
    for (let index = 0; index < field.data.length; index++) field.data[index] = value(index);
    return place(outlineOf(small(field)));
  };
  const at = (field: Raster | null, index: number, none: number): number => field?.data[index] ?? none;
  const visible = (lung: Raster): Point[] =>
    combine((index) =>
      Math.min(
        at(lung, index, 0),
        -at(parts.heart, index, 0),
        -at(parts.mediastinum, index, 0),
        -at(parts.fluid, index, -1000),
      ),
    );
  const { effusion, nodule } = spec;
  const lungOf = (side: Side): Raster => (side === 'right' ? parts.rightLung : parts.leftLung);
  return {
    rightLung: visible(parts.rightLung),
    leftLung: visible(parts.leftLung),
    heart: place(chest.heart),
    nodule: nodule && { ...toGrid(film, nodule), radius: nodule.radius / film.cell },
    effusion: effusion && {
      side: effusion.side,
      outline: combine((index) => Math.min(at(lungOf(effusion.side), index, 0), at(parts.fluid, index, -1000))),
    },
    cardiothoracicRatio: widest(chest.heart) / widest([...chest.rightLung, ...chest.leftLung]),
  };
}

const widest = (points: readonly Point[]): number =>
  Math.max(...points.map((point) => point.x)) - Math.min(...points.map((point) => point.x));
