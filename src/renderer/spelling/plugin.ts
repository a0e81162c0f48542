/** Marks unknown words while nobody types, and offers what may have been meant; nothing changes by itself. */
import { Plugin, TextSelection } from 'prosemirror-state';
import { DecorationSet, type EditorView } from 'prosemirror-view';
import { kept, markAt, markOf, marksOf, spellingKey, wordAt, wordsOf } from './marks.ts';
import type { SpellingSource } from './source.ts';

export interface SpellingMenu {
  /** Empty: nothing in the text is unknown, or why nothing is checked. */
  word: string;
  message: string;
  /** null: they are looked for. */
  suggestions: readonly string[] | null;
  /** Index into the suggestions, and after them "add to my words". */
  chosen: number;
  /** In CSS pixels of the window. */
  at: { left: number; top: number };
  choose: (index: number) => void;
}

/** For the window's command, whose key everybody chooses. */
const openers = new WeakMap<EditorView, () => void>();
export const openSpelling = (view: EditorView): void => openers.get(view)?.();

/** Of stillness, before words are looked at. */
const REST_MS = 400;

export function spellingPlugin(
  source: SpellingSource,
  onmenu: (menu: SpellingMenu | null) => void,
): Plugin<DecorationSet> {
  let menu: SpellingMenu | null = null;
  const show = (next: SpellingMenu | null): void => {
    if (next === menu) return;
    menu = next;
    onmenu(next);
  };

  function openAt(view: EditorView, position: number): boolean {
    const mark = markAt(view.state, position);
    if (!mark) return false;
    const word = wordAt(view.state.doc, mark);
    const { left, bottom: top } = view.coordsAtPos(mark.from);
    const choose = (index: number) => void act(view, index);
    const opened = { word, message: '', suggestions: null, chosen: 0, at: { left, top }, choose };
    show(opened);
    void source.suggest(word).then(
      (suggestions) => menu === opened && show({ ...opened, suggestions }),
      () => menu === opened && show({ ...opened, suggestions: [] }),
    );
    return true;
  }

  /** The word at the caret, else the next one, from the top again after the last. */
  function openNext(view: EditorView): void {
    const { head } = view.state.selection;
    if (openAt(view, head)) return;
    const marks = marksOf(view.state);
    const next = marks.find(({ from }) => from >= head) ?? marks[0];
    if (!next) {
      const { left, bottom: top } = view.coordsAtPos(head);
      const message = source.off() || source.trouble() || 'Every word is known.';
      return show({ word: '', message, suggestions: [], chosen: 0, at: { left, top }, choose: () => show(null) });
    }
    const { tr, doc } = view.state;
    view.dispatch(tr.setSelection(TextSelection.create(doc, next.to)).scrollIntoView());
    openAt(view, next.to);
  }

  async function act(view: EditorView, index: number): Promise<void> {
    if (!menu || menu.word === '') return show(null);
    const { word, suggestions } = menu;
    const mark = markAt(view.state, view.state.selection.head);
    show(null);
    view.focus();
    const suggestion = suggestions?.[index];
    if (suggestion === undefined) return index === (suggestions?.length ?? 0) ? source.add(word) : undefined;
    if (!mark || wordAt(view.state.doc, mark) !== word || !view.editable) return;
    const { tr, doc, schema } = view.state;
    // What the model drafted stays its sentence, edited.
    const marks = doc.resolve(mark.from).marksAcross(doc.resolve(mark.to)) ?? [];
    tr.replaceWith(mark.from, mark.to, schema.text(suggestion, marks));
    view.dispatch(tr.setSelection(TextSelection.create(tr.doc, mark.from + suggestion.length)).scrollIntoView());
  }

  function key(view: EditorView, event: KeyboardEvent): boolean {
    if (event.isComposing || !view.editable) return false;
    if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10'))
      return openAt(view, view.state.selection.head);
    if (!menu || /^(Shift|Control|Alt|Meta)$/.test(event.key)) return false;
    const entries = (menu.suggestions?.length ?? 0) + 1;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined && menu.word !== '') {
      show({ ...menu, chosen: (menu.chosen + by + entries) % entries });
      return true;
    }
    if ((event.key === 'Enter' || event.key === 'Tab') && menu.word !== '') {
      if (menu.suggestions) void act(view, menu.chosen);
      return true;
    }
    if (/^[1-9]$/.test(event.key) && Number(event.key) <= entries && menu.suggestions && menu.word !== '') {
      void act(view, Number(event.key) - 1);
      return true;
    }
    show(null);
    return event.key === 'Escape';
  }

  return new Plugin<DecorationSet>({
    key: spellingKey,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, before) {
        const marks = tr.getMeta(spellingKey) as DecorationSet | undefined;
        if (marks) return marks;
        return tr.docChanged && before !== DecorationSet.empty ? kept(before, tr.mapping, tr.doc) : before;
      },
    },
    props: {
      decorations: (state) => spellingKey.getState(state),
      handleKeyDown: key,
      handleDOMEvents: {
        blur: () => (show(null), false),
        mousedown: () => (show(null), false),
        contextmenu(view, event) {
          const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
          const mark = view.editable && at ? markAt(view.state, at.pos) : null;
          if (!mark) return false;
          event.preventDefault();
          view.focus();
          view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, mark.to)));
          return openAt(view, mark.to);
        },
      },
    },
    view: (view) => {
      const look = looking(view, source);
      const deaf = source.onChange(() => {
        look.typing = false;
        look.later();
      });
      look.later();
      openers.set(view, () => view.editable && openNext(view));
      return {
        update(_view, before) {
          const { doc, selection } = view.state;
          if (doc !== before.doc) show(null);
          if (doc !== before.doc) look.typing = true;
          else if (!selection.eq(before.selection)) look.typing = false;
          if (
            doc !== before.doc ||
            !selection.eq(before.selection) ||
            look.wasOff !== (source.off() !== '' || !view.editable)
          )
            look.later();
        },
        destroy() {
          deaf();
          look.end();
          show(null);
        },
      };
    },
  });
}

/** Looks at the words when the hands rest and the window has nothing else to do. */
function looking(view: EditorView, source: SpellingSource) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  let wasOff = false;
  /** The last that happened was a change of the text: the word at the caret may be half a word. */
  let typing = false;

  function later(): void {
    clearTimeout(timer);
    timer = setTimeout(() => requestIdleCallback(() => void look(), { timeout: 1000 }), REST_MS);
  }
  async function look(): Promise<void> {
    if (ended) return;
    wasOff = source.off() !== '' || !view.editable;
    if (wasOff) return mark(DecorationSet.empty);
    const { doc } = view.state;
    const words = wordsOf(doc);
    const fresh = [...new Set(words.map(({ word }) => word).filter((word) => source.verdict(word) === 'new'))];
    if (fresh.length > 0 && !(await source.check(fresh))) return;
    if (ended) return;
    if (view.state.doc !== doc) return later();
    const { head } = view.state.selection;
    const half = typing && view.hasFocus() && markAt(view.state, head) === null;
    const unknown = words.filter(
      ({ word, from, to }) => source.verdict(word) === 'unknown' && !(half && head >= from && head <= to),
    );
    mark(DecorationSet.create(doc, unknown.map(markOf)));
  }
  function mark(marks: DecorationSet): void {
    const places = (set: readonly { from: number; to: number }[]) => set.map(({ from, to }) => `${from}-${to}`).join();
    if (places(marks.find()) === places(marksOf(view.state))) return;
    view.dispatch(view.state.tr.setMeta(spellingKey, marks).setMeta('addToHistory', false));
  }
  return {
    later,
    get wasOff() {
      return wasOff;
    },
    set typing(now: boolean) {
      typing = now;
    },
    end() {
      ended = true;
      clearTimeout(timer);
    },
  };
}
