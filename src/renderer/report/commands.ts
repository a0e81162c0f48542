/** Editing that keeps a report's sections in their places, whatever is selected or deleted. */
import { baseKeymap, joinBackward, joinForward, selectAll, splitBlock } from 'prosemirror-commands';
import { redo, undo } from 'prosemirror-history';
import { TextSelection, type Command, type EditorState, type Transaction } from 'prosemirror-state';

/** Deletes the selection, section by section, so that no text moves from one section to another. */
export function deleteSelected(tr: Transaction): Transaction {
  const { from, to } = tr.selection;
  const ranges: { from: number; to: number }[] = [];
  tr.doc.forEach((section, at) => {
    // First and last place for text in this section: inside its first and its last paragraph.
    const first = at + 2;
    const last = at + section.nodeSize - 2;
    const range = { from: Math.max(from, first), to: Math.min(to, last) };
    if (range.from < range.to) ranges.push(range);
  });
  for (const range of ranges.reverse()) tr.delete(range.from, range.to);
  return tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(from, tr.doc.content.size)), 1));
}

export const crossesSections = ({ selection: { $from, $to } }: EditorState): boolean =>
  $from.depth === 0 || $to.depth === 0 || $from.node(1) !== $to.node(1);

/** Handled even where there is nothing to delete: the browser must not try by itself. */
const remove =
  (join: Command, atEdge: (state: EditorState) => boolean): Command =>
  (state, dispatch, view) => {
    if (!state.selection.empty) {
      dispatch?.(deleteSelected(state.tr).scrollIntoView());
      return true;
    }
    if (!atEdge(state)) return false;
    join(state, dispatch, view);
    return true;
  };

const atStart = ({ selection: { $from } }: EditorState) => $from.parentOffset === 0;
const atEnd = ({ selection: { $from } }: EditorState) => $from.parentOffset === $from.parent.content.size;
const backspace = remove(joinBackward, atStart);
const forward = remove(joinForward, atEnd);

const newParagraph: Command = (state, dispatch, view) => {
  if (!crossesSections(state)) return splitBlock(state, dispatch, view);
  const tr = deleteSelected(state.tr);
  dispatch?.(tr.split(tr.selection.from).scrollIntoView());
  return true;
};

export const keys: Record<string, Command> = {
  ...(baseKeymap['Mod-a'] ? { 'Mod-a': selectAll } : {}),
  Enter: newParagraph,
  'Shift-Enter': newParagraph,
  Backspace: backspace,
  'Mod-Backspace': backspace,
  'Shift-Backspace': backspace,
  Delete: forward,
  'Mod-Delete': forward,
  // Back to the image and its keys; ProseMirror would swallow it.
  Escape: (_state, _dispatch, view) => {
    view?.dom.blur();
    return true;
  },
  'Mod-z': undo,
  'Mod-y': redo,
  'Mod-Shift-z': redo,
};

/** Plain text at the selection, its lines as paragraphs. */
export function insertPlain(state: EditorState, text: string): Transaction {
  const tr = state.selection.empty ? state.tr : deleteSelected(state.tr);
  const lines = text.replaceAll('\r\n', '\n').split(/[\n\r]/);
  lines.forEach((line, index) => {
    if (index > 0) tr.split(tr.selection.from);
    if (line !== '') tr.insertText(line);
  });
  return tr.scrollIntoView();
}

/** A person's own sentence at the end of the findings. */
export function addSentence({ doc, schema, tr }: EditorState, sentence: string): Transaction {
  let end: number | null = null;
  doc.forEach((section, at) => {
    if (section.attrs['key'] === 'findings') end = at + section.nodeSize - 2;
  });
  if (end === null) return tr;
  const before = doc.resolve(end).parent.textContent;
  const gap = before === '' || /\s$/.test(before) ? '' : ' ';
  return tr.insert(end, schema.text(gap + sentence)).scrollIntoView();
}

/** The same sections in the same order: any change that would break this is not made. */
export function keepsSections(tr: Transaction, state: EditorState): boolean {
  if (!tr.docChanged) return true;
  if (tr.doc.childCount !== state.doc.childCount) return false;
  for (let i = 0; i < tr.doc.childCount; i++)
    if (tr.doc.child(i).attrs['key'] !== state.doc.child(i).attrs['key']) return false;
  return true;
}
