/** How old the patient was, in years: by the stated age and by the dates, of which the younger counts. */
import { ageBetween, ageYears } from '#core/study/age.ts';
import type { Dataset } from './dataset.ts';
import { code, date } from './values.ts';

/** Study, content, acquisition and series date: the first that is a date. */
const TAKEN = ['x00080020', 'x00080023', 'x00080022', 'x00080021'];

/** A child must not pass for an adult, neither without Patient's Age nor with a wrong one. Null: nothing tells. */
export function patientAge(data: Dataset): number | null {
  const taken = TAKEN.map((tag) => date(code(data, tag))).find((found) => found !== '') ?? '';
  const told = [ageYears(code(data, 'x00101010')), ageBetween(date(code(data, 'x00100030')), taken)];
  const known = told.filter((years) => years !== null);
  return known.length > 0 ? Math.min(...known) : null;
}
