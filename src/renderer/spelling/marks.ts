/** Which words of a document are unknown, and how they are marked: a dotted line, and a word for who cannot see it. */
import type { Node } from 'prosemirror-model';
import { PluginKey, type EditorState } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';
import { wordsIn, type PlacedWord } from '#core/spelling/words.ts';

export const spellingKey = new PluginKey<DecorationSet>('spelling');

/** Paragraphs never change, a change makes another one: each is cut into words once. */
const cut = new WeakMap<Node, readonly PlacedWord[]>();

/** With places of the document. */
export function wordsOf(doc: Node): PlacedWord[] {
  const found: PlacedWord[] = [];
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    const words = cut.get(node) ?? wordsIn(node.textContent);
    cut.set(node, words);
    for (const { word, from, to } of words) found.push({ word, from: at + 1 + from, to: at + 1 + to });
    return false;
  });
  return found;
}

export const markOf = ({ word, from, to }: PlacedWord): Decoration =>
  Decoration.inline(from, to, { class: 'misspelt', 'aria-invalid': 'spelling' }, { word });

/** After a change of the text: a mark stays where its whole word still stands. */
export function kept(marks: DecorationSet, mapping: Parameters<DecorationSet['map']>[0], doc: Node): DecorationSet {
  const moved = marks.map(mapping, doc);
  const gone = moved.find().filter(({ from, to, spec }) => {
    const $from = doc.resolve(from);
    const text = $from.parent.textContent;
    const start = $from.parentOffset;
    const { word } = spec as { word: string };
    const letter = (at: number) => /[\p{L}\p{M}\p{N}]/u.test(text[at] ?? '');
    return text.slice(start, start + to - from) !== word || letter(start - 1) || letter(start + to - from);
  });
  return gone.length === 0 ? moved : moved.remove(gone);
}

export const marksOf = (state: EditorState): readonly Decoration[] => spellingKey.getState(state)?.find() ?? [];

/** The mark that the caret is in or touches; else null. */
export const markAt = (state: EditorState, position: number): Decoration | null =>
  marksOf(state).find(({ from, to }) => position >= from && position <= to) ?? null;

export const wordAt = (doc: Node, { from, to }: Decoration): string => doc.textBetween(from, to);
