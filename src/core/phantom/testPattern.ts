/**
 * A pattern for judging a display by eye, after AAPM On-line Report No. 03 (TG18-QC): grey patches with faint corners,
 * line pairs, ramps, a grid and letters that fade. Drawn by mathematics; it is meant to be seen one to one.
 */
import { eachDot, widthOf } from './letters.ts';

/** Pixels along each side. */
export const PATTERN_SIDE = 1024;

/** Where the parts stand, in pixels from the upper left corner: `x` and `y` are a part's first column and row. */
export interface PatternPart {
  name: 'patch' | 'black 5 %' | 'white 95 %' | 'lines' | 'ramp' | 'letters';
  x: number;
  y: number;
  width: number;
  height: number;
  /** Grey level of its ground, 0 black … 255 white. */
  level: number;
}

export interface TestPattern {
  /** 0 black … 255 white, row by row: what the display gets when the window is 128/256. */
  values: Uint8Array;
  parts: PatternPart[];
}

const GROUND = 128;
const GRID = 191;
const PATCH = 92;
/** A patch's four corners differ from it by this much, up on one diagonal and down on the other. */
export const CORNER_STEP = 4;
const CORNER = 12;
/** The letters' difference from their ground, from the first to the last. */
export const LETTER_STEPS = [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1] as const;
const LETTERS = 'QUALITYCONTROL';

export function testPattern(): TestPattern {
  const values = new Uint8Array(PATTERN_SIDE * PATTERN_SIDE).fill(GROUND);
  const parts: PatternPart[] = [];
  const set = (x: number, y: number, level: number) => (values[y * PATTERN_SIDE + x] = level);
  const box = (x: number, y: number, width: number, height: number, level: (dx: number, dy: number) => number) => {
    for (let dy = 0; dy < height; dy++) for (let dx = 0; dx < width; dx++) set(x + dx, y + dy, level(dx, dy));
  };
  const part = (name: PatternPart['name'], x: number, y: number, width: number, height: number, level: number) =>
    parts.push({ name, x, y, width, height, level });

  grid(set);
  ramps(box, part);
  patches(box, part);
  extremes(box, part);
  for (const [x, y] of LINE_PLACES) linePairs(x, y, box, part);
  fadingLetters(set, box, part);
  centred('RADDRAFT TEST PATTERN', 52, 2, 255, set);
  centred('DISPLAY NOT CALIBRATED', 958, 2, 255, set);
  return { values, parts };
}

type Set = (x: number, y: number, level: number) => void;
type Box = (x: number, y: number, width: number, height: number, level: (dx: number, dy: number) => number) => void;
type Name = (name: PatternPart['name'], x: number, y: number, width: number, height: number, level: number) => void;

/** Straight lines, a pixel wide, and a bright edge: geometry, and whether the whole picture is in sight. */
function grid(set: Set): void {
  for (let at = 0; at < PATTERN_SIDE; at++)
    for (let line = 32; line < PATTERN_SIDE; line += 64) {
      set(line, at, GRID);
      set(at, line, GRID);
    }
  for (let at = 0; at < PATTERN_SIDE; at++)
    for (const edge of [0, 1, PATTERN_SIDE - 2, PATTERN_SIDE - 1]) {
      set(edge, at, 255);
      set(at, edge, 255);
    }
}

/** Every level once, two rows each, on both sides: steps in it are steps of the display. */
function ramps(box: Box, part: Name): void {
  for (const x of [80, PATTERN_SIDE - 80 - 48]) {
    box(x, 256, 48, 512, (_, dy) => 255 - (dy >> 1));
    part('ramp', x, 256, 48, 512, 0);
  }
}

/** Sixteen levels from 8 to 248, in the order of a ring, so that neighbours are close in level. */
function patches(box: Box, part: Name): void {
  const left = (PATTERN_SIDE - 4 * PATCH - 3 * 12) / 2;
  const step = PATCH + 12;
  const ring = [
    ...[0, 1, 2, 3].map((column) => [column, 0] as const),
    ...[1, 2, 3].map((row) => [3, row] as const),
    ...[2, 1, 0].map((column) => [column, 3] as const),
    ...[2, 1].map((row) => [0, row] as const),
    ...([
      [1, 1],
      [2, 1],
      [2, 2],
      [1, 2],
    ] as const),
  ];
  ring.forEach(([column, row], index) => {
    const level = 8 + 16 * index;
    const [x, y] = [left + column * step, left + row * step - 40];
    box(x, y, PATCH, PATCH, (dx, dy) => level + cornerOf(dx, dy));
    part('patch', x, y, PATCH, PATCH, level);
  });
}

function cornerOf(dx: number, dy: number): number {
  const margin = 6;
  const side = (at: number) =>
    at >= margin && at < margin + CORNER ? -1 : at >= PATCH - margin - CORNER && at < PATCH - margin ? 1 : 0;
  return side(dx) * side(dy) * CORNER_STEP;
}

/** 5 % in black and 95 % in white: both inner squares must be seen (13 in 0, 242 in 255). */
function extremes(box: Box, part: Name): void {
  const inner = (dx: number, dy: number) => dx >= 26 && dx < PATCH - 26 && dy >= 26 && dy < PATCH - 26;
  const y = 690;
  box(300, y, PATCH, PATCH, (dx, dy) => (inner(dx, dy) ? 13 : 0));
  part('black 5 %', 300, y, PATCH, PATCH, 0);
  box(PATTERN_SIDE - 300 - PATCH, y, PATCH, PATCH, (dx, dy) => (inner(dx, dy) ? 242 : 255));
  part('white 95 %', PATTERN_SIDE - 300 - PATCH, y, PATCH, PATCH, 255);
}

const LINES = 48;
const LINE_PLACES = [
  [96, 96],
  [PATTERN_SIDE - 96 - 4 * LINES, 96],
  [96, PATTERN_SIDE - 96 - LINES],
  [PATTERN_SIDE - 96 - 4 * LINES, PATTERN_SIDE - 96 - LINES],
  [PATTERN_SIDE / 2 - 2 * LINES, 712],
] as const;

/** Black and white lines one and two pixels wide, upright and lying: grey all over means that pixels are blurred. */
function linePairs(x: number, y: number, box: Box, part: Name): void {
  const on = (at: number, width: number) => (Math.floor(at / width) % 2 === 0 ? 255 : 0);
  box(x, y, LINES, LINES, (dx) => on(dx, 1));
  box(x + LINES, y, LINES, LINES, (_, dy) => on(dy, 1));
  box(x + 2 * LINES, y, LINES, LINES, (dx) => on(dx, 2));
  box(x + 3 * LINES, y, LINES, LINES, (_, dy) => on(dy, 2));
  part('lines', x, y, 4 * LINES, LINES, GROUND);
}

/** On black, middle grey and white: how far the words can be read says how many levels are told apart there. */
function fadingLetters(set: Set, box: Box, part: Name): void {
  const scale = 3;
  const width = widthOf(LETTERS) * scale + 24;
  const left = Math.round((PATTERN_SIDE - width) / 2);
  [0, GROUND, 255].forEach((ground, line) => {
    const y = 816 + line * 40;
    box(left, y, width, 34, () => ground);
    part('letters', left, y, width, 34, ground);
    const sign = ground === 255 ? -1 : 1;
    LETTER_STEPS.forEach((step, index) => {
      write(LETTERS.charAt(index), left + 12 + index * 6 * scale, y + 6, scale, ground + sign * step, set);
    });
  });
}

function centred(text: string, y: number, scale: number, level: number, set: Set): void {
  write(text, Math.round((PATTERN_SIDE - widthOf(text) * scale) / 2), y, scale, level, set);
}

function write(text: string, x: number, y: number, scale: number, level: number, set: Set): void {
  eachDot(text, (column, row) => {
    for (let dy = 0; dy < scale; dy++)
      for (let dx = 0; dx < scale; dx++) set(x + column * scale + dx, y + row * scale + dy, level);
  });
}
