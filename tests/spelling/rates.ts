/**
 * How often the spelling check is wrong: the share of words of real reports that it flags, and of misspelt words that it
 * does not. `node tests/spelling/rates.ts [N]` prints both with the N most frequent flagged words (../shared is read
 * where it lies).
 */
import { loadWords, type Words } from '#backend/spelling/dictionary.ts';
import { radiologyWords } from '#core/spelling/radiology.ts';
import { wordsIn } from '#core/spelling/words.ts';
import { openIReports } from '../checks/openI.ts';

export interface Flagged {
  reports: number;
  reportsWithAny: number;
  /** Runs between white space. */
  tokens: number;
  flagged: number;
  /** Each flagged word, in small letters, with how often. */
  words: [string, number][];
}

/** Indication, comparison, findings and impression of the Indiana reports. */
export function flaggedIn(words: Words): Flagged {
  const counts = new Map<string, number>();
  const total = { reports: 0, reportsWithAny: 0, tokens: 0, flagged: 0 };
  const verdicts = new Map<string, boolean>();
  const isKnown = (word: string): boolean => {
    const known = verdicts.get(word) ?? words.isKnown(word);
    verdicts.set(word, known);
    return known;
  };
  for (const { sections } of openIReports()) {
    const text = Object.values(sections).flat().join('\n');
    const unknown = wordsIn(text).filter(({ word }) => !isKnown(word));
    total.reports++;
    total.reportsWithAny += Math.sign(unknown.length);
    total.tokens += text.split(/\s+/).length;
    total.flagged += unknown.length;
    for (const { word } of unknown) counts.set(word.toLowerCase(), (counts.get(word.toLowerCase()) ?? 0) + 1);
  }
  return { ...total, words: [...counts].sort((a, b) => b[1] - a[1]) };
}

export interface Missed {
  slips: number;
  /** Not flagged: the slip made another word that is known. */
  missed: number;
  /** Of those whose suggestions were asked for. */
  asked: number;
  first: number;
  listed: number;
}

/** One letter dropped, swapped, changed or added in words of our list, by a generator with a fixed seed. */
export function missedSlips(words: Words, slips: number, asked: number): Missed {
  let state = 20261122;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const letter = () => String.fromCharCode(97 + below(26));
  const long = radiologyWords.filter((word) => word.length >= 5);
  const result = { slips: 0, missed: 0, asked: 0, first: 0, listed: 0 };
  while (result.slips < slips) {
    const word = long[below(long.length)] ?? '';
    const at = below(word.length - 1);
    const rest = word.slice(at + 1);
    const begin = word.slice(0, at);
    const slip =
      [
        begin + rest,
        begin + word.slice(at + 1, at + 2) + word.slice(at, at + 1) + word.slice(at + 2),
        begin + letter() + rest,
        begin + letter() + word.slice(at),
      ][below(4)] ?? word;
    if (slip === word) continue;
    result.slips++;
    if (words.isKnown(slip)) result.missed++;
    else if (result.asked < asked) {
      result.asked++;
      const suggestions = words.suggest(slip, []);
      if (suggestions[0] === word) result.first++;
      if (suggestions.includes(word)) result.listed++;
    }
  }
  return result;
}

if (import.meta.main) {
  const begun = performance.now();
  const words = loadWords();
  console.log(`loaded in ${Math.round(performance.now() - begun)} ms; ${radiologyWords.length} words of our own`);
  const { words: list, ...counts } = flaggedIn(words);
  console.log(counts, `${((100 * counts.flagged) / counts.tokens).toFixed(3)} % of tokens`);
  const before = performance.now();
  console.log(missedSlips(words, 4000, 400));
  console.log(`${((performance.now() - before) / 400).toFixed(1)} ms for a word’s suggestions`);
  console.log(
    list
      .slice(0, Number(process.argv[2] ?? 100))
      .map(([word, count]) => `${count} ${word}`)
      .join('\n'),
  );
}
