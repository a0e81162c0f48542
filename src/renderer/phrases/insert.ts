/** Puts a phrase into the report: what has a heading into its section, the rest where the caret is. */
import { TextSelection, type EditorState, type Transaction } from 'prosemirror-state';
import { nextChoice, partsOf } from '#core/phrases/phrase.ts';
import type { SectionKey } from '#core/report/report.ts';

/** `typed`: how many characters before the caret are the shortcut, and go. The first choice or blank is selected. */
export function insertPhrase(state: EditorState, text: string, typed = 0): Transaction {
  const { tr } = state;
  const { from, to } = tr.selection;
  tr.delete(from - typed, to);
  const begin = from - typed;
  for (const { section, text: words } of partsOf(text))
    if (section === null) atCaret(tr, words);
    else append(tr, section, words);
  const selected = selectChoice(tr, begin) ?? selectChoice(tr, 0);
  return (selected ?? tr).scrollIntoView();
}

function atCaret(tr: Transaction, words: string): void {
  words.split('\n').forEach((line, index) => {
    if (index > 0) tr.split(tr.selection.from);
    if (line !== '') tr.insertText(line);
  });
}

/** Below what the section has; an empty one is filled. */
function append(tr: Transaction, key: SectionKey, words: string): void {
  let end = -1;
  tr.doc.forEach((section, at) => {
    if (section.attrs['key'] === key) end = at + section.nodeSize - 2;
  });
  if (end < 0) return;
  const empty = tr.doc.resolve(end).parent.content.size === 0;
  words.split('\n').forEach((line, index) => {
    if (index > 0 || !empty) {
      tr.split(end);
      end += 2;
    }
    if (line === '') return;
    tr.insertText(line, end);
    end += line.length;
  });
}

/** Selects the first `[…]` at or after a place of the document; null where there is none. */
export function selectChoice(tr: Transaction, from: number): Transaction | null {
  let place: { from: number; to: number } | null = null;
  tr.doc.descendants((node, at) => {
    if (place || !node.isTextblock || at + node.nodeSize <= from) return place === null;
    const choice = nextChoice(node.textContent, Math.max(0, from - at - 1));
    if (choice) place = { from: at + 1 + choice.from, to: at + 1 + choice.to };
    return false;
  });
  if (!place) return null;
  const { from: start, to: end }: { from: number; to: number } = place;
  return tr.setSelection(TextSelection.create(tr.doc, start, end)).scrollIntoView();
}
