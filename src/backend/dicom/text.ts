/** Text and person names of a data set, decoded by its character set. */
import type { Patient } from '#core/study/study.ts';
import { decodeText } from './charset.ts';
import type { Dataset } from './dataset.ts';
import { characterSets, rawBytes, trimmed } from './values.ts';

/** Longer texts are not what the product shows of a header. */
const LONGEST = 4096;

/** The first value of an LO, SH, LT … element. */
export function text(data: Dataset, tag: string): string {
  const bytes = rawBytes(data, tag);
  if (!bytes) return '';
  const decoded = decodeText(bytes.subarray(0, LONGEST), characterSets(data), false);
  return trimmed(decoded.split('\\')[0] ?? '').trim();
}

/** PS3.5 6.2.1.1: up to three groups divided by `=`, their components by `^`; trailing `^` dropped, NFC. */
export function personName(data: Dataset, tag: string): Patient['name'] {
  const bytes = rawBytes(data, tag);
  const decoded = bytes ? decodeText(bytes.subarray(0, LONGEST), characterSets(data), true) : '';
  const groups = (decoded.split('\\')[0] ?? '').split('=').map((group) =>
    trimmed(group)
      .replace(/[\^\s\0]+$/, '')
      .normalize('NFC'),
  );
  return { alphabetic: groups[0] ?? '', ideographic: groups[1] ?? '', phonetic: groups[2] ?? '' };
}

/** `Family^Given` as a person reads it, where a plain string is wanted. */
export const plainName = (name: Patient['name']): string =>
  (name.alphabetic || name.ideographic).replaceAll('^', ' ').replace(/ +/g, ' ').trim();
