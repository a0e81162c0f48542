/** Everything that is said of a run: what `--json` prints and the page shows. Every share has its 95 % interval. */
import type { Interval } from '../pack/pack.ts';
import type { ReliabilityBin } from './calibration.ts';
import type { Rates } from './rates.ts';
import type { RocPoint } from './roc.ts';

export interface Evaluation {
  notice: string;
  about: About;
  counts: { lines: number; unread: number; refused: number; accepted: number; patients: number };
  /** What a reader of the figures must know before all else, weakest first. */
  first: string[];
  gate: GateFigures;
  /** Listed ones first, each group weakest first. */
  findings: FindingFigures[];
  groups: GroupFigures[];
  places: PlaceFigures[];
  anatomy: AnatomyFigures | null;
  worst: WorstCase[];
  speed: { films: number; filmsPerSecond: number; medianMilliseconds: number };
}

export interface About {
  /** ISO 8601. */
  date: string;
  /** Name of the folder, and which part of it. */
  folder: string;
  split: string;
  program: string;
  machine: string;
  provider: string;
  fallback: string;
  runtime: string;
  packs: { id: string; name: string; version: string; sha256: string; task: string; use: string }[];
  /** What could not be done as asked: columns that are missing, films without a file. */
  remarks: string[];
}

export interface GateFigures {
  reasons: { by: 'header' | 'pixels'; reason: string; films: number; message: string }[];
  /** Frontal films of adults by what images.csv says: how many of them the gate refused. */
  valid: { source: string; films: number; header: number; pixels: number; refused: Interval }[];
  /** Inputs that must be refused, as far as images.csv says so (column `expected`), weakest first. */
  kinds: { expected: string; films: number; refused: Interval; named: Interval }[];
  /** Every other film. */
  others: { what: string; films: number; header: number; pixels: number; accepted: number }[];
}

export interface FindingFigures {
  id: string;
  name: string;
  listed: boolean;
  films: number;
  positives: number;
  patients: number;
  /** Sources that count: those with films of both kinds. */
  sources: string[];
  prevalence: number;
  threshold: number;
  /** null with fewer than five films of either kind. */
  auc: Interval | null;
  /** What the pack's card says, measured where the pack was made. */
  card: Interval;
  cardPrevalence: number;
  rates: Rates;
  calibrationError: number;
  bins: ReliabilityBin[];
  roc: RocPoint[];
}

export interface GroupFigures {
  division: string;
  name: string;
  films: number;
  /** Of listed findings with at least five films of either kind. */
  auc: Record<string, number>;
  mean: Interval | null;
}

export interface PlaceFigures {
  id: string;
  name: string;
  listed: boolean;
  films: number;
  hits: Interval;
  /** The place in the lungs that lies in most boxes of other patients' films, on films with both lungs found. */
  anatomyOnly: Interval | null;
  anatomyFilms: number;
  overlap: number;
  lungsOverlap: number | null;
}

export interface AnatomyFigures {
  masks: { id: string; name: string; films: number; dice: Interval; worst: number; card: Interval }[];
  ratio: { films: number; without: number; meanError: Interval; p95Error: number; worst: number; bias: number } | null;
  lungs: { source: string; films: number; found: Interval; boxed: number; inBoxes: Interval | null }[];
}

export interface WorstCase {
  /** Line of images.csv, and the beginning of the film's SHA-256: nothing that names a patient. */
  line: number;
  film: string;
  kind: 'missed' | 'false' | 'refused' | 'anatomy' | 'ratio';
  label: string;
  what: string;
}
