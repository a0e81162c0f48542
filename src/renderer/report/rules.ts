/** The thin rules beside drafted sentences: one piece a line of text, solid for AI, broken for AI edited. */
import type { EditorView } from 'prosemirror-view';
import type { PlacedSentence } from './places.ts';

interface Line {
  top: number;
  bottom: number;
  edited: boolean;
}

/** Draws into `layer`, which lies over the editor and scrolls with it. */
export function drawRules(view: EditorView, places: readonly PlacedSentence[], layer: HTMLElement): void {
  const origin = layer.getBoundingClientRect();
  const lines: Line[] = [];
  for (const place of places) {
    if (place.origin === 'human') continue;
    for (const rect of rectsOf(view, place)) {
      const line = { top: rect.top - origin.top, bottom: rect.bottom - origin.top, edited: place.origin === 'edited' };
      const same = lines.find((other) => line.top < other.bottom - 2 && other.top < line.bottom - 2);
      if (!same) lines.push(line);
      else same.edited ||= line.edited;
    }
  }
  layer.replaceChildren(
    ...lines.map((line) => {
      const rule = document.createElement('span');
      rule.className = line.edited ? 'rule edited' : 'rule';
      rule.style.top = `${line.top - 3}px`;
      rule.style.height = `${line.bottom - line.top + 6}px`;
      return rule;
    }),
  );
}

function rectsOf(view: EditorView, { start, end }: PlacedSentence): DOMRect[] {
  const range = document.createRange();
  const from = view.domAtPos(start, 1);
  const to = view.domAtPos(end, -1);
  range.setStart(from.node, from.offset);
  range.setEnd(to.node, to.offset);
  return [...range.getClientRects()].filter((rect) => rect.height > 0 && rect.width > 0);
}
