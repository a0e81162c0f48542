/** Words, numbers and symbols of a sentence: what may carry meaning. White space and plain punctuation do not. */

const token = /[-−–+]?\p{Nd}+(?:[.,:/]\p{Nd}+)*|\p{N}|\p{L}[\p{L}\p{M}]*|\p{S}|[?%‰]/gu;

/** In order, as written: a changed capital is a changed token. */
export function tokensOf(text: string): string[] {
  return text.normalize('NFC').match(token) ?? [];
}

/** How many of `text`'s tokens `source` does not have, case apart; each token of the source counts once. */
export function newTokens(text: string, source: string): { added: number; total: number } {
  const left = new Map<string, number>();
  for (const word of tokensOf(source)) left.set(word.toLowerCase(), (left.get(word.toLowerCase()) ?? 0) + 1);
  const words = tokensOf(text);
  let added = 0;
  for (const word of words) {
    const count = left.get(word.toLowerCase()) ?? 0;
    if (count === 0) added++;
    else left.set(word.toLowerCase(), count - 1);
  }
  return { added, total: words.length };
}
