/** Study facts as people write them. DICOM values come in; anything that cannot be read is left out, never guessed. */
import { personName } from '#core/study/personName.ts';
import type { Patient, StudySummary } from '#core/study/study.ts';

/** The name as it is read first, and its other script where there is one. */
export function namesOf({ name, id }: Patient): { main: string; other: string } {
  const alphabetic = personName(name.alphabetic);
  const ideographic = personName(name.ideographic).replace(', ', ' ');
  return {
    main: alphabetic || ideographic || personName(name.phonetic) || (id ? 'No name' : 'Unknown patient'),
    other: alphabetic ? ideographic : '',
  };
}

/** `20240131` → `2024-01-31`; empty when it is no date. */
export function dateOf(value: string): string {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(value.trim());
  return match ? `${match[1]}-${match[2]}-${match[3]}` : '';
}

/** `142233` → `14:22`. */
export function timeOf(value: string): string {
  const match = /^(\d{2}):?(\d{2})/.exec(value.trim());
  return match ? `${match[1]}:${match[2]}` : '';
}

/** Full years from birth to the study, else empty: an age today would be another one. */
export function ageAt(birthDate: string, studyDate: string): string {
  const birth = dateOf(birthDate);
  const study = dateOf(studyDate);
  if (!birth || !study || study < birth) return '';
  const years = Number(study.slice(0, 4)) - Number(birth.slice(0, 4)) - (study.slice(5) < birth.slice(5) ? 1 : 0);
  if (years > 0) return `${years} y`;
  const months =
    Number(study.slice(5, 7)) -
    Number(birth.slice(5, 7)) +
    12 * (Number(study.slice(0, 4)) - Number(birth.slice(0, 4)));
  return `${Math.max(0, months - (study.slice(8) < birth.slice(8) ? 1 : 0))} mo`;
}

const sexes: Record<string, string> = { M: 'M', F: 'F', O: 'other' };
export const sexOf = (sex: string): string => sexes[sex] ?? '';

/** `62 y · F` */
export const ageAndSex = ({ patient, date }: StudySummary): string =>
  [ageAt(patient.birthDate, date), sexOf(patient.sex)].filter((part) => part !== '').join(' · ');

/** Local wall time of a moment, `12:03:22`. */
export const clockTime = (at: number): string =>
  new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Local date and time of a moment, `2026-01-31 12:03`. */
export function moment(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
