/** Where the caret belongs after the text was replaced by something other than this editor. */
import type { Node } from 'prosemirror-model';
import { TextSelection, type EditorState, type Selection } from 'prosemirror-state';

/** Between the same words as before; at the first change where those words are gone. */
export function sameCaret({ doc, selection }: EditorState, next: Node): Selection {
  const start = doc.content.findDiffStart(next.content);
  const end = doc.content.findDiffEnd(next.content);
  function moved(at: number): number {
    if (start === null || !end || at <= start) return at;
    return at >= end.a ? at + end.b - end.a : start;
  }
  return TextSelection.between(next.resolve(moved(selection.anchor)), next.resolve(moved(selection.head)));
}
