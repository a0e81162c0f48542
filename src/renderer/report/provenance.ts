/** Whose sentence is whose, shown quietly: a small glyph at its end, a class for its place, a word for who cannot see. */
import { Plugin, PluginKey, type EditorState } from 'prosemirror-state';
import type { Node } from 'prosemirror-model';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import type { SectionKey, SourceSentence } from '#core/report/report.ts';
import type { LabelId } from '#core/study/ids.ts';
import { placesOf, sentenceAt, type PlacedSentence } from './places.ts';

export interface Marked {
  places: readonly PlacedSentence[];
  selected: LabelId | null;
  /** The reader's own sentences on the selected finding. */
  stated: readonly string[];
  /** Show the sentence under the caret: only while the editor was the last to choose. */
  followCaret: boolean;
  /** All that is AI is hidden: drafted sentences are covered. */
  hidden: boolean;
  decorations: DecorationSet;
}

type Wanted = Pick<Marked, 'selected' | 'stated' | 'followCaret' | 'hidden'>;

export const provenanceKey = new PluginKey<Marked>('provenance');

const placeholders: Record<SectionKey, string> = {
  indication: 'Why the film was taken',
  technique: 'View and projection',
  comparison: 'Earlier films compared',
  findings: 'What the film shows',
  impression: 'What it means',
};

export const provenance = (sources: readonly SourceSentence[]): Plugin<Marked> =>
  new Plugin<Marked>({
    key: provenanceKey,
    state: {
      init: (_config, state) =>
        build(state, placesOf(state.doc, sources), { selected: null, stated: [], followCaret: false, hidden: false }),
      apply: (tr, before, _old, state) => {
        const wanted = tr.getMeta(provenanceKey) as Partial<Wanted> | undefined;
        if (!tr.docChanged && !tr.selectionSet && !wanted) return before;
        const places = tr.docChanged ? placesOf(state.doc, sources) : before.places;
        return build(state, places, { ...before, ...wanted });
      },
    },
    props: { decorations: (state) => provenanceKey.getState(state)?.decorations },
  });

/** Sentences to point out: the one under the caret, else all that speak of the selected finding. */
export function pointedOut(
  state: EditorState,
  marked: Pick<Marked, 'places' | 'selected' | 'stated' | 'followCaret'>,
): PlacedSentence[] {
  const at = marked.followCaret ? sentenceAt(marked.places, state.selection.head) : null;
  if (at) return [at];
  const { selected, stated, places } = marked;
  if (selected === null) return [];
  return places.filter(
    (place) => place.finding === selected || (place.sources.length === 0 && stated.includes(place.text)),
  );
}

function build(state: EditorState, places: readonly PlacedSentence[], wanted: Wanted): Marked {
  const on = wanted.hidden ? [] : pointedOut(state, { places, ...wanted });
  const all = places.flatMap((place) => {
    if (place.origin === 'human') return on.includes(place) ? [inline(place, 's-own')] : [];
    if (wanted.hidden)
      return [
        inline(place, 's-hidden'),
        Decoration.widget(place.start, cover, { side: -1, key: 'cover', ignoreSelection: true }),
      ];
    return [
      inline(place, `s-${place.origin}${on.includes(place) ? ' s-on' : ''}`),
      Decoration.widget(place.end, glyph(place.origin), { side: 1, key: place.origin, ignoreSelection: true }),
    ];
  });
  const decorations = DecorationSet.create(state.doc, [...all, ...empties(state.doc)]);
  const { selected, stated, followCaret, hidden } = wanted;
  return { places, selected, stated, followCaret, hidden, decorations };
}

const inline = ({ start, end }: PlacedSentence, name: string) => Decoration.inline(start, end, { class: name });

/** An empty section says what belongs there. */
function empties(doc: Node): Decoration[] {
  const found: Decoration[] = [];
  doc.forEach((section, at) => {
    if (section.childCount !== 1 || section.firstChild?.content.size !== 0) return;
    const words = placeholders[section.attrs['key'] as SectionKey];
    found.push(Decoration.node(at + 1, at + 3, { class: 'vacant', 'data-placeholder': words }));
  });
  return found;
}

const words = { model: 'Drafted by AI, unchanged', edited: 'Drafted by AI, edited' } as const;

const glyph = (origin: 'model' | 'edited') => (_view: EditorView) => {
  const holder = document.createElement('span');
  holder.className = 'origin';
  const mark = document.createElement('span');
  mark.className = `glyph ${origin}`;
  mark.setAttribute('role', 'img');
  mark.setAttribute('aria-label', words[origin]);
  mark.title = words[origin];
  mark.textContent = origin === 'model' ? 'AI' : 'AI edited';
  holder.append(mark);
  return holder;
};

function cover(): HTMLElement {
  const mark = document.createElement('span');
  mark.className = 'cover';
  mark.textContent = 'AI sentence hidden';
  return mark;
}
