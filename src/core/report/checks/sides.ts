/** The patient's sides that words name. */
import type { ReadSentence } from './sentences.ts';
import { compile, type Hit, hitsOf, overlaps } from './pattern.ts';
import sides from './words/sides.en.json' with { type: 'json' };

/** Empty: no side is named. */
export type SideSet = ReadonlySet<'left' | 'right'>;

const left = compile(sides.left);
const right = compile(sides.right);
const both = compile(sides.both);
const notASide = compile(sides.notASide);
const letter = new RegExp(`(?<![\\p{L}\\p{N}])([LR])(?=[\\s-]+(?:${sides.letters.join('|')})(?![\\p{L}]))`, 'gu');

export function sidesOf(text: string): SideSet {
  return new Set(sideHits(text).flatMap(({ names }) => names));
}

export function sideHits(text: string): { from: number; to: number; names: ('left' | 'right')[] }[] {
  const masked = hitsOf(notASide, text);
  const find = (expression: RegExp, names: ('left' | 'right')[]) =>
    hitsOf(expression, text)
      .filter((hit) => !masked.some((mask) => overlaps(hit, mask)))
      .map(({ from, to }) => ({ from, to, names }));
  const letters = [...text.matchAll(letter)].map((match) => ({
    from: match.index,
    to: match.index + 1,
    names: [match[1] === 'L' ? ('left' as const) : ('right' as const)],
  }));
  return [...find(left, ['left']), ...find(right, ['right']), ...find(both, ['left', 'right']), ...letters];
}

const separator = /,|;|\b(?:and|or|with|while|but)\b|&/giu;

/**
 * Sides that belong to `hit`: those of its own piece of the sentence (up to a comma or a conjunction), with pieces that
 * "and" joins on and that name no other finding; where its own has none, those of the nearest such piece.
 */
export function sidesNear(sentence: ReadSentence, hit: Hit, others: readonly Hit[]): SideSet {
  const { text } = sentence;
  const own = text.slice(hit.from, hit.to);
  const cuts = [...text.matchAll(separator)].filter(({ index }) => index < hit.from || index >= hit.to);
  const starts = [0, ...cuts.map((cut) => cut.index + cut[0].length)];
  const pieces = starts.map((from, index) => ({
    from,
    to: cuts[index]?.index ?? text.length,
    joined: index > 0 && /^(and|&|or)$/i.test(cuts[index - 1]?.[0] ?? ''),
  }));
  const at = pieces.findIndex(({ from, to }) => hit.from >= from && hit.from < to);
  const piece = pieces[at];
  if (!piece) return sidesOf(own);
  const taken = (index: number) => {
    const other = pieces[index];
    return !other || others.some((found) => !overlaps(found, hit) && overlaps(found, other));
  };
  const found = new Set(sidesOf(text.slice(piece.from, piece.to)));
  for (let next = at + 1; !taken(next) && pieces[next]?.joined; next++) add(found, text, pieces[next]);
  for (let last = at; pieces[last]?.joined && !taken(last - 1); last--) add(found, text, pieces[last - 1]);
  if (found.size === 0 && !taken(at + 1)) add(found, text, pieces[at + 1]);
  if (found.size === 0 && !taken(at - 1)) add(found, text, pieces[at - 1]);
  if (found.size > 0) return found;
  // A sentence that names one side alone speaks of that side.
  const whole = sidesOf(text);
  return whole.size === 1 ? whole : found;
}

function add(found: Set<'left' | 'right'>, text: string, piece: { from: number; to: number } | undefined): void {
  if (piece) for (const side of sidesOf(text.slice(piece.from, piece.to))) found.add(side);
}
