/** A folder to be evaluated on: `images.csv`, and `boxes.csv` and `masks.csv` where they are there. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contract/errors.ts';
import { maskOfClass } from '#core/evaluate/anatomy.ts';
import { readCsv } from '#core/csv.ts';
import { GateReason } from '#core/findings/findings.ts';
import type { Box } from '#core/imaging/saliency.ts';
import type { MaskId } from '#core/measure/measurement.ts';

/** One line of images.csv with what belongs to its film. */
export interface ListedFilm {
  line: number;
  /** As images.csv has it, and where it lies. */
  file: string;
  path: string;
  patient: string;
  source: string;
  sex: string;
  /** As written: a number, or a word such as `paediatric`. */
  age: string;
  view: string;
  findingLabels: string;
  /** What the gate should say: `accepted`, a reason such as `lateral`, or nothing. */
  expected: string;
  boxes: { label: string; box: Box }[];
  masks: { mask: MaskId; path: string }[];
}

export interface EvaluationFolder {
  /** Every line, also of other splits: the words that a source uses are known from all of them. */
  all: ListedFilm[];
  wanted: ListedFilm[];
  /** What is not there, for the page. */
  remarks: string[];
}

const NEEDED = ['file', 'view', 'finding_labels'];
const OPTIONAL: Record<string, string> = {
  patient: 'each film counts as a patient of its own, so intervals are too narrow where patients have several',
  source: 'all films count as of one source',
  sex: 'there are no figures by sex',
  age: 'there are no figures by age, and a child is refused only where its own file says so',
};

export async function readFolder(folder: string, split: string | undefined): Promise<EvaluationFolder> {
  const images = await table(folder, 'images.csv', NEEDED);
  if (!images)
    throw new AppError(
      'not-found',
      'Expected a folder with images.csv, found none in it. See docs/your-own-pack.md for its columns.',
    );
  const remarks = Object.entries(OPTIONAL)
    .filter(([column]) => !images.columns.includes(column))
    .map(([column, means]) => `images.csv has no column ${column}: ${means}.`);
  if (split !== undefined && !images.columns.includes('split'))
    throw new AppError(
      'invalid-input',
      `Expected a column split in images.csv for --split ${split}, found ${images.columns.join(', ')}.`,
    );

  const boxes = await table(folder, 'boxes.csv', ['file', 'label', 'x', 'y', 'w', 'h']);
  const masks = await table(folder, 'masks.csv', ['file', 'mask', 'class']);
  if (!boxes) remarks.push('There is no boxes.csv: places were not measured.');
  if (!masks) remarks.push('There is no masks.csv: overlap and ratio were not measured.');
  const boxesOf = byFile(boxes?.rows);
  const masksOf = byFile(masks?.rows);

  const all = images.rows.map((row, index): ListedFilm => {
    const file = row['file'] ?? '';
    return {
      line: index + 1,
      file,
      path: inside(folder, file),
      patient: row['patient'] || `line-${index + 1}`,
      source: row['source'] ?? '',
      sex: (row['sex'] ?? '').trim().toUpperCase().slice(0, 1),
      age: (row['age'] ?? '').trim(),
      view: (row['view'] ?? '').trim(),
      findingLabels: row['finding_labels'] ?? '',
      expected: expectedOf(row['expected']),
      boxes: (boxesOf.get(file) ?? []).map((one) => ({ label: one['label'] ?? '', box: boxOf(one) })),
      masks: (masksOf.get(file) ?? []).flatMap((one) => {
        const mask = maskOfClass(one['class'] ?? '');
        return mask ? [{ mask, path: inside(folder, one['mask'] ?? '') }] : [];
      }),
    };
  });
  const wanted = all.filter((_, index) => split === undefined || images.rows[index]?.['split'] === split);
  if (wanted.length === 0)
    throw new AppError(
      'invalid-input',
      `Expected films in images.csv${split === undefined ? '' : ` with split ${split}`}, found none.`,
    );
  return { all, wanted, remarks };
}

function expectedOf(word = ''): string {
  const expected = word.trim().toLowerCase();
  if (expected === '' || expected === 'accepted' || GateReason.safeParse(expected).success) return expected;
  throw new AppError(
    'invalid-input',
    `Expected accepted or a reason (${GateReason.options.join(', ')}) in the column expected of images.csv, found "${expected}".`,
  );
}

async function table(folder: string, name: string, needed: string[]) {
  const file = path.join(folder, name);
  if (!existsSync(file)) return null;
  let read: ReturnType<typeof readCsv>;
  try {
    read = readCsv(await readFile(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AppError('invalid-input', `${name} cannot be read: ${error.message}.`, { cause: error });
  }
  const missing = needed.filter((column) => !read.columns.includes(column));
  if (missing.length > 0)
    throw new AppError(
      'invalid-input',
      `Expected the columns ${needed.join(', ')} in ${name}, found no ${missing.join(', ')} (it has ${read.columns.join(', ')}).`,
    );
  return read;
}

function byFile(rows: Record<string, string>[] = []): Map<string, Record<string, string>[]> {
  const of = new Map<string, Record<string, string>[]>();
  for (const row of rows) of.set(row['file'] ?? '', [...(of.get(row['file'] ?? '') ?? []), row]);
  return of;
}

function boxOf(row: Record<string, string>): Box {
  const [x = NaN, y = NaN, width = NaN, height = NaN] = ['x', 'y', 'w', 'h'].map((column) => Number(row[column]));
  if (![x, y, width, height].every(Number.isFinite))
    throw new AppError('invalid-input', 'Expected numbers as x, y, w and h in boxes.csv, found something else.');
  return { x, y, width, height };
}

function inside(folder: string, file: string): string {
  const at = path.resolve(folder, file);
  if (file === '' || path.relative(folder, at).startsWith('..'))
    throw new AppError(
      'invalid-input',
      'Expected every file of images.csv and masks.csv to lie in the folder, found one that does not.',
    );
  return at;
}
