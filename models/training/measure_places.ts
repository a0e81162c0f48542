/**
 * How often the side and the zones that the program would name are those of a person's boxes, by finding and by what
 * draws the place: `node measure_places.ts FOLDER [RESULTS.json]`, with a folder that places_dump.py wrote.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Affine } from '../../src/core/imaging/affine.ts';
import { regionOf, saliencyOf } from '../../src/core/imaging/region.ts';
import { headerOf } from '../../src/core/imaging/testdata/header.ts';
import type { Region, Saliency } from '../../src/core/imaging/saliency.ts';
import { gridOf } from '../../src/core/measure/masks.ts';
import { MaskId } from '../../src/core/measure/measurement.ts';
import { cellsOfMask, cellsOfRegion, type Place, placeOf, Zone } from '../../src/core/measure/place.ts';

const Film = z.object({
  file: z.string(),
  patient: z.string(),
  age: z.number(),
  width: z.number(),
  height: z.number(),
  truth: z.array(z.number().nullable()),
  logits: z.array(z.number()),
  boxes: z.array(z.object({ word: z.string(), x: z.number(), y: z.number(), width: z.number(), height: z.number() })),
});
type Film = z.infer<typeof Film>;
const Dump = z.object({
  findings: z.array(z.string()),
  masks: z.array(MaskId),
  boxed: z.record(z.string(), z.array(z.string())),
  maps: z.tuple([z.int(), z.int()]),
  grid: z.tuple([z.int(), z.int()]),
  films: z.array(Film),
  /** Of the opacity mask: how far its share of the lungs is off, and what it covers on films read as normal. */
  extent: z.record(z.string(), z.number()),
});
const Label = z.object({
  id: z.string(),
  listed: z.boolean(),
  calibration: z.object({ slope: z.number(), intercept: z.number() }),
  threshold: z.number(),
});

const [folder = '.', results = ''] = process.argv.slice(2);
const dump = Dump.parse(JSON.parse(readFileSync(path.join(folder, 'films.json'), 'utf8')));
const floats = (name: string) => new Float32Array(Uint8Array.from(readFileSync(path.join(folder, name))).buffer);
const [maps, masks] = [floats('maps.f32'), floats('masks.f32')];
const pack = z
  .object({ labels: z.array(Label) })
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, '../chest-findings/pack.json'), 'utf8')));

const anatomy = z
  .object({ id: z.string(), version: z.string() })
  .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, '../chest-anatomy/pack.json'), 'utf8')));

/** The film lies in the middle of a square of its longer side, which the grids cover. */
const placed = ({ width, height }: Film, side: number): Affine => {
  const longer = Math.max(width, height);
  return { a: longer / side, b: 0, c: 0, d: longer / side, e: -(longer - width) / 2, f: -(longer - height) / 2 };
};
const headerFor = ({ width, height }: Film) =>
  headerOf({ columns: width, rows: height, patientOrientation: ['L', 'F'] });

function masksOf(film: Film, index: number): Map<MaskId, Saliency> {
  const [rows, columns] = dump.grid;
  const size = rows * columns;
  return new Map(
    dump.masks.map((id, k) => {
      const at = (index * dump.masks.length + k) * size;
      return [id, gridOf(masks.slice(at, at + size), rows, columns, columns, rows, placed(film, columns))];
    }),
  );
}
function regionFor(film: Film, index: number, finding: number): Region | null {
  const [rows, columns] = dump.maps;
  const size = rows * columns;
  const at = (index * dump.findings.length + finding) * size;
  const map = saliencyOf(maps.slice(at, at + size), rows, columns, columns, rows, placed(film, columns));
  return regionOf(map, { rows: film.height, columns: film.width });
}

const ring = ({ x, y, width, height }: Film['boxes'][number]) => [
  { x, y },
  { x: x + width, y },
  { x: x + width, y: y + height },
  { x, y: y + height },
];

/** Boxes of the finding; radiologists of RSNA looked for every opacity, so theirs count where there are some. */
function boxesOf(film: Film, finding: string): Film['boxes'] {
  const own = film.boxes.filter(({ word }) => dump.boxed[word]?.includes(finding));
  const rsna = own.filter(({ word }) => word.endsWith('(RSNA)'));
  return rsna.length > 0 ? rsna : own;
}

/** By the halves of the film, which know nothing of the masks. */
function sideOfBoxes(film: Film, boxes: Film['boxes']): Place['side'] {
  const sides = new Set(boxes.map(({ x, width }) => (x + width / 2 < film.width / 2 ? 'right' : 'left')));
  return sides.size === 2 ? 'bilateral' : sides.has('right') ? 'right' : 'left';
}

/** Wilson's 95 % interval of a share. */
function share(hits: number, total: number) {
  if (total === 0) return { value: 0, low: 0, high: 1 };
  const [zz, p] = [1.959964 ** 2, hits / total];
  const centre = (p + zz / (2 * total)) / (1 + zz / total);
  const half = (Math.sqrt(zz) * Math.sqrt((p * (1 - p)) / total + zz / (4 * total * total))) / (1 + zz / total);
  const round = (v: number) => Math.round(v * 1e4) / 1e4;
  return { value: round(p), low: round(Math.max(0, centre - half)), high: round(Math.min(1, centre + half)) };
}

function boxCells(boxes: Film['boxes'], grid: Saliency): Uint8Array {
  const cells = boxes.map((box) => cellsOfRegion({ polygons: [ring(box)], box }, grid));
  return Uint8Array.from(cells[0] ?? [], (_, i) => (cells.some((each) => each[i] === 1) ? 1 : 0));
}

interface Case {
  film: string;
  flagged: boolean;
  truth: Place['side'];
  truthZones: Zone[];
  place: Place | null;
}

function casesOf(finding: string, by: 'saliency' | 'lung-opacity'): Case[] {
  const index = dump.findings.indexOf(finding);
  const label = pack.labels.find(({ id }) => id === finding);
  return dump.films.flatMap((film, n): Case[] => {
    const boxes = boxesOf(film, finding);
    if (boxes.length === 0 || film.truth[index] !== 1) return [];
    const header = headerFor(film);
    const drawn = masksOf(film, n);
    const grid = drawn.get('lung-opacity');
    if (!grid || !label) return [];
    const region = by === 'saliency' ? regionFor(film, n, index) : null;
    const cells = by === 'saliency' ? region && cellsOfRegion(region, grid) : cellsOfMask(grid);
    const probability =
      1 / (1 + Math.exp(-(label.calibration.slope * (film.logits[index] ?? 0) + label.calibration.intercept)));
    const boxed = boxCells(boxes, grid);
    return [
      {
        film: film.file,
        flagged: probability >= label.threshold,
        truth: sideOfBoxes(film, boxes),
        truthZones: placeOf(boxed, drawn, header)?.zones ?? [],
        place: cells ? placeOf(cells, drawn, header) : null,
      },
    ];
  });
}

function measured(cases: readonly Case[]) {
  const named = cases.filter(({ place }) => place !== null);
  const sides = named.filter(({ place, truth }) => place?.side === truth);
  const single = named.filter(({ place }) => place?.side !== 'bilateral');
  const notWrong = single.filter(({ place, truth }) => place?.side === truth || truth === 'bilateral');
  const zoned = named.filter(({ truthZones }) => truthZones.length > 0);
  const zones = zoned.filter(({ place, truthZones }) => place?.zones.every((zone) => truthZones.includes(zone)));
  return {
    films: cases.length,
    named: named.length,
    side: share(sides.length, named.length),
    oneSide: share(single.filter(({ place, truth }) => place?.side === truth).length, single.length),
    oneSideNotContrary: share(notWrong.length, single.length),
    bilateral: share(
      named.filter(({ place, truth }) => place?.side === 'bilateral' && truth === 'bilateral').length,
      named.length - single.length,
    ),
    counts: { single: single.length, bilateral: named.length - single.length },
    zones: share(zones.length, zoned.length),
  };
}

const findings = dump.findings.filter((finding) => Object.values(dump.boxed).some((names) => names.includes(finding)));
const rows = findings.flatMap((finding) =>
  (['saliency', 'lung-opacity'] as const).flatMap((by) => {
    const cases = casesOf(finding, by);
    return [
      { finding, by, over: 'boxed', ...measured(cases) },
      { finding, by, over: 'flagged', ...measured(cases.filter(({ flagged }) => flagged)) },
    ];
  }),
);
const text = ({ value, low, high }: { value: number; low: number; high: number }) =>
  `${(100 * value).toFixed(0)} % (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)})`;
for (const row of rows)
  if (row.named > 0)
    console.log(
      [
        row.finding.padEnd(14),
        row.by.padEnd(13),
        row.over.padEnd(8),
        `named ${row.named} of ${row.films}`,
        `side ${text(row.side)}`,
        `one side ${row.counts.single}: ${text(row.oneSide)}, not contrary ${text(row.oneSideNotContrary)}`,
        `bilateral ${row.counts.bilateral}: ${text(row.bilateral)}`,
        `zones ${text(row.zones)}`,
      ].join('  '),
    );
/** `places` of each pack's `pack.json`: of listed findings, over all boxed films. Extent goes with the anatomy pack. */
function entries(by: 'saliency' | 'lung-opacity') {
  const { meanError = 0, p95Error = 0, films = 0 } = dump.extent;
  return rows.flatMap((row) => {
    const listed = pack.labels.find(({ id }) => id === row.finding)?.listed ?? false;
    if (row.by !== by || row.over !== 'boxed' || row.named === 0 || !listed) return [];
    const beside = by === 'saliency' ? { id: anatomy.id, version: anatomy.version } : null;
    const extent = by === 'saliency' ? null : { meanError, p95Error, films };
    return [{ finding: row.finding, by, beside, films: row.named, side: row.side, zones: row.zones, extent }];
  });
}
const packs = { 'chest-findings': entries('saliency'), 'chest-anatomy': entries('lung-opacity') };
console.log('extent of the opacity mask', JSON.stringify(dump.extent));
if (results !== '')
  writeFileSync(results, `${JSON.stringify({ places: rows, extent: dump.extent, packs }, null, 1)}\n`);
