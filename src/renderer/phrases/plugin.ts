/** While a shortcut is typed its phrases are offered; Tab goes from choice to choice, a digit chooses. */
import { Plugin, type EditorState, type Transaction } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { nextChoice, shortcutAt, type PhraseText } from '#core/phrases/phrase.ts';
import { insertPhrase, selectChoice } from './insert.ts';

/** In CSS pixels of the window. */
interface At {
  left: number;
  top: number;
}
export type Hint =
  | { kind: 'phrases'; items: readonly PhraseText[]; chosen: number; typed: number; at: At }
  | { kind: 'choice'; options: readonly string[]; at: At };

export interface PhraseSource {
  fitting(): readonly PhraseText[];
  filled(text: string): string;
}

const MOST = 8;

export function phrasePlugin(source: PhraseSource, onhint: (hint: Hint | null) => void): Plugin {
  let hint: Hint | null = null;
  /** What was typed when the person did not want it. */
  let declined = '';

  const show = (next: Hint | null) => {
    if (next === hint) return;
    hint = next;
    onhint(next);
  };
  function look(view: EditorView): void {
    if (!view.editable || !view.hasFocus()) return show(null);
    show(offer(view) ?? choice(view));
  }
  function offer(view: EditorView): Hint | null {
    const { state } = view;
    const { selection } = state;
    if (!selection.empty) return null;
    const before = textBefore(state);
    const shortcut = shortcutAt(before);
    if (shortcut === null || shortcut === declined) return null;
    declined = '';
    const items = source
      .fitting()
      .filter((phrase) => phrase.shortcut.startsWith(shortcut))
      .slice(0, MOST);
    if (items.length === 0) return null;
    const { left, bottom: top } = view.coordsAtPos(selection.head);
    const same = hint?.kind === 'phrases' && hint.items.length === items.length ? hint.chosen : 0;
    return { kind: 'phrases', items, chosen: same, typed: shortcut.length + 1, at: { left, top } };
  }
  function choice(view: EditorView): Hint | null {
    const { state } = view;
    const options = optionsOf(state);
    if (options.length === 0) return null;
    const { left, bottom: top } = view.coordsAtPos(state.selection.from);
    return { kind: 'choice', options, at: { left, top } };
  }

  function key(view: EditorView, event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return false;
    if (hint?.kind === 'phrases') {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by !== undefined) {
        const { items, chosen } = hint;
        show({ ...hint, chosen: (chosen + by + items.length) % items.length });
        return true;
      }
      if (event.key === 'Tab' || event.key === 'Enter') {
        const phrase = hint.items[hint.chosen];
        if (phrase) view.dispatch(insertPhrase(view.state, source.filled(phrase.text), hint.typed));
        return true;
      }
      if (event.key === 'Escape') {
        declined = shortcutAt(textBefore(view.state)) ?? '';
        show(null);
        return true;
      }
      return false;
    }
    if (hint?.kind === 'choice' && /^[1-9]$/.test(event.key)) {
      const option = hint.options[Number(event.key) - 1];
      if (option === undefined) return false;
      const { tr, selection } = view.state;
      if (option === '') leaveOut(tr);
      else tr.insertText(option, selection.from, selection.to);
      view.dispatch((selectChoice(tr, selection.from) ?? tr).scrollIntoView());
      return true;
    }
    if (event.key === 'Tab' && !event.shiftKey) {
      const { tr, selection } = view.state;
      const next = selectChoice(tr, selection.empty ? selection.from : selection.to);
      if (!next) return false;
      view.dispatch(next);
      return true;
    }
    return false;
  }

  return new Plugin({
    props: {
      handleKeyDown: key,
      handleDOMEvents: {
        blur: () => {
          show(null);
          return false;
        },
      },
    },
    view: () => ({ update: look, destroy: () => show(null) }),
  });
}

/** With the space before it, or with its line where it is all that stands there. */
function leaveOut(tr: Transaction): void {
  const { $from, from, to } = tr.selection;
  const { parent, depth } = $from;
  const alone = parent.content.size === to - from && $from.node(depth - 1).childCount > 1;
  const space = /\s/.test(parent.textBetween(Math.max(0, $from.parentOffset - 1), $from.parentOffset)) ? 1 : 0;
  if (alone) tr.delete($from.before(), $from.after());
  else tr.delete(from - space, to);
}

const textBefore = ({ selection: { $head } }: EditorState): string =>
  $head.parent.textBetween(0, $head.parentOffset, undefined, '￼');

/** Of the pick list that is selected as a whole; empty where none is. */
function optionsOf({ selection: { $from, $to } }: EditorState): readonly string[] {
  if (!$from.sameParent($to) || $from.pos === $to.pos) return [];
  const found = nextChoice($from.parent.textContent, $from.parentOffset);
  return found?.from === $from.parentOffset && found.to === $to.parentOffset ? found.options : [];
}
