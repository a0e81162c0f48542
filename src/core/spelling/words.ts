/** The words of a text that spelling is asked about, with their places. */

export interface PlacedWord {
  word: string;
  /** UTF-16 units: [from, to). */
  from: number;
  to: number;
}

/** Before a name. */
const titles = /(?:^|[^\p{L}])(?:Drs?|Prof|Mrs?|Ms|Miss|Sister|Nurse)\.?\s+$/u;

/**
 * Left alone: what stands beside a digit or an underscore (T12, 5mm, L4–L5), single letters, words in capitals as
 * abbreviations are (up to five letters, also in the plural: PICCs), words with capitals inside (kVp, mL, McBride),
 * a name after its title, and other scripts than Latin.
 */
export function wordsIn(text: string): PlacedWord[] {
  const found: PlacedWord[] = [];
  for (const match of text.matchAll(/[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu)) {
    const [word] = match;
    const { index: from } = match;
    const to = from + word.length;
    if (/[\p{N}_@#\\]/u.test(text[from - 1] ?? '')) continue;
    if (/[\p{N}_@]/u.test(text[to] ?? '')) continue;
    if (!isAsked(word)) continue;
    if (/^\p{Lu}/u.test(word) && titles.test(text.slice(Math.max(0, from - 12), from))) continue;
    found.push({ word, from, to });
  }
  return found;
}

function isAsked(word: string): boolean {
  const bare = word.replace(/['’]s$/u, '');
  if (bare.length < 2 || !/^[\p{Script=Latin}\p{M}'’]+$/u.test(bare)) return false;
  if (/^\p{Lu}+$/u.test(bare)) return bare.length > 5;
  if (/^\p{Lu}{2,5}s$/u.test(bare)) return false;
  return !/.\p{Lu}/u.test(bare);
}

/** How a word is kept and compared: small letters, straight apostrophe, no possessive. */
export const plainWord = (word: string): string =>
  word
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/'s$|'$/u, '');
