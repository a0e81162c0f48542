/** Folds text for searching, so that case, accents and DICOM's separators make no difference. */

import { wellFormed } from '../files/json.ts';

/** Letters that Unicode does not decompose. */
const letters: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

/**
 * Compatibility decomposition, lower case, without Latin, Greek and Cyrillic accents, Hebrew points and Arabic
 * vowel signs (other scripts' marks are letters: Thai, Devanagari, kana); `^`, `=` and `,` of names as spaces.
 */
export function fold(text: string): string {
  return wellFormed(text)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670]/g, '')
    .replace(/[ßæœøłđðþı]/g, (letter) => letters[letter] ?? letter)
    .replace(/[\^=,\s]+/g, ' ')
    .normalize('NFC')
    .trim();
}

/** What was typed, as terms that must all occur; at most ten. */
export function termsOf(text: string): string[] {
  return fold(text)
    .split(' ')
    .filter((term) => term !== '')
    .slice(0, 10);
}

/** One line a field; a name also without its spaces, as it is written in scripts that have none. A date both ways. */
export function foldedFields(fields: { names: string[]; date: string; others: string[] }): string {
  const names = fields.names.map(fold).flatMap((name) => [name, name.replaceAll(' ', '')]);
  const dashed = fields.date.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const all = [...names, fields.date, dashed, ...fields.others.map(fold)];
  return [...new Set(all.filter((field) => field !== ''))].join('\n');
}
