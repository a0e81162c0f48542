/** Which answers are somebody's looking at a patient's data: each is a row in the audit log, once a look. */
import { keyImageById } from '../db/keyImages.ts';
import type { Store } from '../db/store.ts';
import type { Caller } from './calling.ts';
import type { Journal } from './journal.ts';

export interface Looking {
  study: string;
  report: string;
  images: Set<string>;
  /** The report whose rows of the log were shown. */
  rowsOf: string;
  /** What of the log itself is read: a narrowing down with the newest row that it showed, an export with its next part. */
  log: { filter: string; newest: number } | null;
  exporting: { format: string; next: number } | null;
}

export const noLooking = (): Looking => ({
  study: '',
  report: '',
  images: new Set(),
  rowsOf: '',
  log: null,
  exporting: null,
});

/** Every way to a picture of an image, and every way to the text of a report: who takes only one of them is seen too. */
const pictures: readonly string[] = ['image.info', 'image.preview', 'image.pixels'];
const texts: readonly string[] = ['draft.open', 'desk.report'];
const textsOf: readonly string[] = ['report.review', 'report.version', 'draft.version'];

/** To be told of every call that was answered. A window reads what it shows again and again: that is one look. */
export function viewingNotes(store: Store, journal: Journal, now: () => number) {
  return (name: string, input: unknown, output: unknown, { actor, seat }: Caller): void => {
    const { looking } = seat;
    const note = (event: string, subject: string, detail: Record<string, string | number> = {}) =>
      journal.note({ at: now(), actor, event, subject, detail });
    if (name === 'study.open') {
      const study = textAt(input, 'study');
      if (study === looking.study) return;
      const { log, exporting } = looking;
      seat.looking = { ...noLooking(), study, log, exporting };
      note('study.opened', study);
    }
    if (pictures.includes(name)) {
      const instance = textAt(input, 'instance');
      if (looking.images.has(instance)) return;
      looking.images.add(instance);
      note('image.viewed', instance, looking.study === '' ? {} : { study: looking.study });
    }
    if (name === 'keyImage.picture') {
      const keyImage = textAt(input, 'id');
      if (looking.images.has(keyImage)) return;
      looking.images.add(keyImage);
      note('key-image.viewed', keyImageById(store.read, keyImage).study, { keyImage });
    }
    const report = reportIn(name, input, output);
    if (report !== '' && report !== looking.report) {
      looking.report = report;
      note('report.opened', report);
    }
    if (name === 'desk.report' && report !== looking.rowsOf) {
      looking.rowsOf = report;
      const rows = fieldOf(output, 'audit');
      note('log.viewed', 'audit log', { rows: Array.isArray(rows) ? rows.length : 0, report });
    }
  };
}

/** The id of the report whose text the answer holds; empty: none. */
function reportIn(name: string, input: unknown, output: unknown): string {
  if (texts.includes(name)) return textAt(fieldOf(output, 'draft'), 'id');
  if (textsOf.includes(name)) return textAt(input, 'draft');
  return name === 'report.status' && textAt(output, 'addendum') !== '' ? textAt(input, 'draft') : '';
}

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null && field in value ? Reflect.get(value, field) : undefined;

function textAt(value: unknown, field: string): string {
  const found = fieldOf(value, field);
  return typeof found === 'string' ? found : '';
}
