/**
 * The small pattern language of the word lists: words apart by a space or a hyphen; `*` ends a stem, `(a|b)` is a
 * choice, `x?` may be missing, `~` stands for up to four words, `…` for up to eight with commas. Case does not count.
 */
const LETTER = '\\p{L}\\p{N}';

export interface Hit {
  from: number;
  to: number;
  text: string;
}

/** One regular expression for a list of patterns, the longest match first; whole words only. */
export function compile(patterns: readonly string[]): RegExp {
  const alternatives = patterns.map(one).sort((a, b) => b.length - a.length);
  return new RegExp(`(?<![${LETTER}])(?:${alternatives.join('|')})(?![${LETTER}])`, 'giu');
}

function one(pattern: string): string {
  const parts = pattern.match(/\([^)]*\)\??|\S+/g) ?? [];
  return parts
    .map((part, index) => {
      const gap = index === parts.length - 1 ? '' : '[\\s-]+';
      if (part === '~') return `(?:[${LETTER}'’/-]+[\\s]+){0,4}?`;
      if (part === '…') return `(?:[${LETTER}'’/-]+,?[\\s]+){0,8}?`;
      if (part === ',') return ',\\s*';
      if (part.endsWith('?')) {
        const optional = word(part.slice(0, -1));
        // A last part that may be missing takes its separator along.
        return gap ? `(?:${optional}${gap})?` : `(?:[\\s-]+${optional})?`;
      }
      const next = parts[index + 1];
      const separator = next?.endsWith('?') && index + 1 === parts.length - 1 ? '' : gap;
      return word(part) + separator;
    })
    .join('');
}

const word = (text: string) =>
  text
    .replace(/[.+^${}[\]/]/g, (sign) => `\\${sign}`)
    .replaceAll(/\(([^)]*)\)/g, (_all, choices: string) => `(?:${choices.replaceAll(' ', '[\\s-]+')})`)
    .replaceAll('*', `[${LETTER}'’-]*`);

export function hitsOf(expression: RegExp, text: string): Hit[] {
  return [...text.matchAll(expression)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    text: match[0],
  }));
}

export const overlaps = (a: { from: number; to: number }, b: { from: number; to: number }) =>
  a.from < b.to && b.from < a.to;
