/** What was changed from one text to another, word by word. */

/** A run of the two texts: in both, only in the first, only in the second. */
export interface DiffPart {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** Words with their marks, white space, and every other character by itself: joined they are the text again. */
const piece = /\s+|[\p{L}\p{M}\p{N}]+(?:[.,:/'’-][\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]/gu;

/** Above this many comparisons the middle of the texts counts as written anew: two novels are not compared. */
const MOST_CELLS = 4_000_000;

/** In reading order, removed before added. `same` and `removed` joined are `before`; `same` and `added` are `after`. */
export function wordDiff(before: string, after: string): DiffPart[] {
  const a = before.match(piece) ?? [];
  const b = after.match(piece) ?? [];
  const kept = commonOf(a, b);
  const parts: DiffPart[] = [];
  const add = (kind: DiffPart['kind'], words: readonly string[]) => {
    if (words.length === 0) return;
    const last = parts.at(-1);
    const text = words.join('');
    if (last?.kind === kind) last.text += text;
    else parts.push({ kind, text });
  };
  let [i, j] = [0, 0];
  for (const [at, to] of [...kept, [a.length, b.length] as const]) {
    add('removed', a.slice(i, at));
    add('added', b.slice(j, to));
    if (at < a.length) add('same', [a[at] ?? '']);
    [i, j] = [at + 1, to + 1];
  }
  return parts;
}

/** Index pairs of a longest common subsequence (Wagner and Fischer 1974), ascending. */
export function commonOf(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const rows = a.length - start - end;
  const columns = b.length - start - end;
  const middle: (readonly [number, number])[] = [];
  if (rows > 0 && columns > 0 && rows * columns <= MOST_CELLS) {
    const width = columns + 1;
    const lengths = new Uint32Array((rows + 1) * width);
    const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
    for (let row = rows - 1; row >= 0; row--)
      for (let column = columns - 1; column >= 0; column--)
        lengths[row * width + column] =
          a[start + row] === b[start + column]
            ? at(row + 1, column + 1) + 1
            : Math.max(at(row + 1, column), at(row, column + 1));
    for (let row = 0, column = 0; row < rows && column < columns;) {
      if (a[start + row] === b[start + column]) middle.push([start + row++, start + column++]);
      else if (at(row + 1, column) >= at(row, column + 1)) row++;
      else column++;
    }
  }
  const head = Array.from({ length: start }, (_, index) => [index, index] as const);
  const tail = Array.from({ length: end }, (_, index) => [a.length - end + index, b.length - end + index] as const);
  return [...head, ...middle, ...tail];
}
