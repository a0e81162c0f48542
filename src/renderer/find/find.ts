/** Finding and replacing in the report: every place is marked, one of them is the present one. */
import { Plugin, PluginKey, TextSelection, type EditorState, type Transaction } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';

export interface Found {
  from: number;
  to: number;
}
interface FindState {
  query: string;
  found: readonly Found[];
  /** Index of the present one; −1 where there is none. */
  at: number;
}

export const findKey = new PluginKey<FindState>('find');

/** Case apart; within paragraphs, never across them. Letters whose lower case is longer than they are keep their case. */
export function placesOf({ doc }: Pick<EditorState, 'doc'>, query: string): Found[] {
  const wanted = lower(query);
  if (wanted === '') return [];
  const found: Found[] = [];
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    const text = lower(node.textContent);
    for (let from = text.indexOf(wanted); from >= 0; from = text.indexOf(wanted, from + wanted.length))
      found.push({ from: at + 1 + from, to: at + 1 + from + wanted.length });
    return false;
  });
  return found;
}

const lower = (text: string): string =>
  Array.from(text, (letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter)).join(
    '',
  );

export const findPlugin = (): Plugin<FindState> =>
  new Plugin<FindState>({
    key: findKey,
    state: {
      init: () => ({ query: '', found: [], at: -1 }),
      apply(tr, before, _old, state) {
        const change = tr.getMeta(findKey) as { query: string; at: number } | undefined;
        if (!change && !tr.docChanged) return before;
        const query = change?.query ?? before.query;
        const found = placesOf(state, query);
        return { query, found, at: Math.min(change?.at ?? before.at, found.length - 1) };
      },
    },
    props: {
      decorations(state) {
        const now = findKey.getState(state);
        if (!now || now.found.length === 0) return null;
        return DecorationSet.create(
          state.doc,
          now.found.map(({ from, to }, index) =>
            Decoration.inline(from, to, { class: index === now.at ? 'found present' : 'found' }),
          ),
        );
      },
    },
  });

/** The present one is the first at or after the caret; an empty query ends the search. */
export function search(state: EditorState, query: string): Transaction {
  const found = placesOf(state, query);
  const after = found.findIndex(({ from }) => from >= state.selection.from);
  return present(state, query, found, found.length === 0 ? -1 : Math.max(0, after));
}

/** Round and round. */
export function step(state: EditorState, by: 1 | -1): Transaction {
  const { query, found, at } = stateOf(state);
  return present(state, query, found, found.length === 0 ? -1 : (at + by + found.length) % found.length);
}

function present(state: EditorState, query: string, found: readonly Found[], at: number): Transaction {
  const tr = state.tr.setMeta(findKey, { query, at }).setMeta('addToHistory', false);
  const place = found[at];
  return place ? tr.setSelection(TextSelection.create(tr.doc, place.from, place.to)).scrollIntoView() : tr;
}

/** The present place, or all of them in one step of undo. Sentences of the model keep their source and become edited. */
export function replace(state: EditorState, text: string, all: boolean): Transaction {
  const { query, found, at } = stateOf(state);
  const places = all ? found : found.slice(Math.max(0, at), at + 1);
  const { tr } = state;
  for (const { from, to } of [...places].reverse()) {
    const marks = state.doc.resolve(from).marksAcross(state.doc.resolve(to)) ?? [];
    if (text === '') tr.delete(from, to);
    else tr.replaceWith(from, to, state.schema.text(text, marks));
  }
  const first = places[0];
  if (first && !all) tr.setSelection(TextSelection.near(tr.doc.resolve(first.from + text.length)));
  return tr.setMeta(findKey, { query, at: all ? 0 : at });
}

export const stateOf = (state: EditorState): FindState => findKey.getState(state) ?? { query: '', found: [], at: -1 };
