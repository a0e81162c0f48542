/** The auditor's filters and orders over rows in memory. */
import type { DeskFilter, DeskRow, DeskSort } from '#contract/desk.ts';
import type { DraftId } from '#core/study/ids.ts';
import { fold } from '../db/fold.ts';

/** `marked`: reports in which the model marked the finding that the filter names; null when it names none. */
export function filtered(rows: readonly DeskRow[], filter: DeskFilter, marked: Set<DraftId> | null): DeskRow[] {
  const words = fold(filter.text)
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.filter(
    (row) =>
      (filter.reader === '' || row.reader === filter.reader) &&
      (filter.from === null || row.savedAt >= filter.from) &&
      (filter.to === null || row.savedAt <= filter.to) &&
      (filter.pack === '' || row.pack === (filter.pack === 'none' ? '' : filter.pack)) &&
      (filter.stages.length === 0 || filter.stages.includes(row.stage)) &&
      (filter.changedFrom === null || (row.changed !== null && row.changed >= filter.changedFrom)) &&
      (filter.changedTo === null || (row.changed !== null && row.changed <= filter.changedTo)) &&
      (filter.overrides === 'any' || row.overrides > 0 === (filter.overrides === 'with')) &&
      (marked?.has(row.draft) ?? true) &&
      hasWords(row, words),
  );
}

function hasWords({ patient, date, description }: DeskRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const dashed = date.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const text = fold([...Object.values(patient.name), patient.id, date, dashed, description].join(' '));
  return words.every((word) => text.includes(word));
}

const stages = ['ai-draft', 'in-progress', 'preliminary', 'final', 'addendum', 'corrected', 'discarded'];

const keyOf: Record<DeskSort, (row: DeskRow) => string | number> = {
  changedAt: ({ savedAt }) => savedAt,
  patient: ({ patient }) => fold(Object.values(patient.name).find((group) => group !== '') ?? patient.id),
  reader: ({ reader }) => reader,
  pack: ({ pack }) => pack,
  stage: ({ stage }) => stages.indexOf(stage),
  // Without a model's draft there is nothing to compare: below 0 %.
  share: ({ changed }) => changed ?? -1,
  overrides: ({ overrides }) => overrides,
};

/** Equal ones newest first. */
export function sorted(rows: readonly DeskRow[], sort: DeskSort, descending: boolean): DeskRow[] {
  const key = keyOf[sort];
  const by = descending ? -1 : 1;
  const compare = (a: string | number, b: string | number) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en');
  return [...rows].sort(
    (a, b) => compare(key(a), key(b)) * by || b.savedAt - a.savedAt || a.draft.localeCompare(b.draft, 'en'),
  );
}
