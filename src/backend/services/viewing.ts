/** Which answers are somebody's looking at a patient's data: each is a row in the audit log, once a look. */
import type { Caller } from './calling.ts';
import type { Journal } from './journal.ts';

export interface Looking {
  study: string;
  report: string;
  images: Set<string>;
}

export const noLooking = (): Looking => ({ study: '', report: '', images: new Set() });

/** To be told of every call that was answered. A window reads what it shows again and again: that is one look. */
export function viewingNotes(journal: Journal, now: () => number) {
  return (name: string, input: unknown, output: unknown, { actor, seat }: Caller): void => {
    const { looking } = seat;
    const note = (event: string, subject: string, detail: Record<string, string> = {}) =>
      journal.note({ at: now(), actor, event, subject, detail });
    if (name === 'study.open') {
      const study = textAt(input, 'study');
      if (study === looking.study) return;
      seat.looking = { ...noLooking(), study };
      note('study.opened', study);
    }
    if (name === 'image.info' || name === 'image.preview') {
      const instance = textAt(input, 'instance');
      if (looking.images.has(instance)) return;
      looking.images.add(instance);
      note('image.viewed', instance, looking.study === '' ? {} : { study: looking.study });
    }
    if (name === 'draft.open' || name === 'desk.report') {
      const report = textAt(fieldOf(output, 'draft'), 'id');
      if (report === '' || report === looking.report) return;
      looking.report = report;
      note('report.opened', report);
    }
  };
}

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null && field in value ? Reflect.get(value, field) : undefined;

function textAt(value: unknown, field: string): string {
  const found = fieldOf(value, field);
  return typeof found === 'string' ? found : '';
}
