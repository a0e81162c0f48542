/** What was left to be filled in: an empty impression, a placeholder, a unit without its number. */
import type { ReportDocument } from '../report.ts';
import type { CheckResult, TextPlace } from './check.ts';
import { compile, hitsOf } from './pattern.ts';
import words from './words/blanks.en.json' with { type: 'json' };

const heading = new RegExp(`^(?:${words.headings.join('|')})s?\\b\\s*[:.-]*`, 'iu');
const numbering = /^\s*(?:\(?\d{1,2}[.):]?|[•*·-])\s*/u;
const placeholders = compile(words.words);

export function emptyImpression(document: ReportDocument): CheckResult[] {
  const paragraphs = document.sections.find(({ key }) => key === 'impression')?.paragraphs ?? [];
  const said = paragraphs.map((runs) => meaning(runs.map(({ text }) => text).join(''))).filter((text) => text !== '');
  if (said.length > 0) return [];
  return [{ check: 'empty-impression', label: null, places: [], message: 'The impression is empty.' }];
}

/** What stays of a line without its heading, number and punctuation; empty for "none" and the like. */
function meaning(line: string): string {
  const bare = line
    .trim()
    .replace(heading, '')
    .replace(numbering, '')
    .replace(/^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu, '');
  return words.emptyImpressions.includes(bare.toLowerCase()) ? '' : bare;
}

const unit = `(?:${words.units.join('|')})`;
const signs: readonly RegExp[] = [
  /_{2,}/gu,
  /\?{2,}/gu,
  /\*{3,}|@{2,}|#{3,}/gu,
  /\{[^{}]*\}/gu,
  /<{1,2}\s*[\p{L}][\p{L}\s/_-]*>{1,2}/gu,
  /(?<![\p{L}\p{N}])\$\p{L}+/gu,
  /(?<![\p{L}\p{N}])X{2,}(?:\/X{2,})*(?![\p{L}\p{N}])/gu,
  new RegExp(`(?<![\\p{L}\\p{N}])x{2,}(?=\\s*${unit}\\b)`, 'gu'),
  /\.{4,}/gu,
  new RegExp(`(?:\\.{2,}|…)\\s*(?=(?:${unit}|weeks?|days?|months?|years?)\\b)`, 'gu'),
  // A unit with no number before it.
  new RegExp(
    `(?<=(?:measur\\p{L}+|of|about|distance|size|diameter|thickness|is|approximately)\\s*:?\\s+)${unit}\\b(?!\\s*(?:range|sized?))`,
    'giu',
  ),
];

export function unfilled(document: ReportDocument): CheckResult[] {
  return document.sections.flatMap(({ key, paragraphs }) =>
    paragraphs.flatMap((runs, paragraph) => {
      const text = runs.map((run) => run.text).join('');
      const next = (paragraphs[paragraph + 1] ?? []).map((run) => run.text).join('');
      const hits = [
        ...signs.flatMap((sign) => hitsOf(sign, text)),
        ...hitsOf(placeholders, text),
        ...brackets(text),
        ...(key === 'impression' ? [] : emptyHeadings(text, next)),
      ];
      return hits.map(({ from, to, text: found }): CheckResult => {
        const place: TextPlace = { section: key, paragraph, from, to };
        return { check: 'unfilled', label: null, places: [place], message: `“${found.trim()}” was not filled in.` };
      });
    }),
  );
}

/** Square brackets hold a field to fill in, unless they hold a number, a numeral or one of a few words. */
function brackets(text: string) {
  return hitsOf(/\[([^[\]]*)\]/gu, text).filter(({ text: found }) => {
    const inside = found.slice(1, -1).trim().toLowerCase();
    if (inside === '') return true;
    return !/^[\d\s.,;ivx-]+$/u.test(inside) && !words.bracketsThatAreText.includes(inside);
  });
}

/** "BONES:" with nothing after it. */
function emptyHeadings(text: string, next: string) {
  const whole = /^\s*\p{Lu}[\p{L} &/]{2,30}:\s*$/u;
  if (whole.test(text) && (next.trim() === '' || whole.test(next))) return [{ from: 0, to: text.length, text }];
  return hitsOf(/\p{Lu}[\p{L} &/]{2,30}:\s*\.(?=\s|$)/gu, text);
}
