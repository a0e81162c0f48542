/** Sentences with their place in the editor: what decorations, selection and evidence are made from. */
import type { Node } from 'prosemirror-model';
import type { SourceSentence } from '#core/report/report.ts';
import { spansOf, type SentenceSpan } from '#core/report/sentences.ts';
import { children, fromNode } from './document.ts';

/** `start` and `end` are ProseMirror positions; the sentence is [start, end). */
export interface PlacedSentence extends SentenceSpan {
  start: number;
  end: number;
}

export function placesOf(doc: Node, sources: readonly SourceSentence[]): PlacedSentence[] {
  const document = fromNode(doc);
  const starts = new Map<string, number[]>();
  doc.forEach((section, sectionAt) => {
    let at = sectionAt + 1;
    starts.set(
      String(section.attrs['key']),
      children(section).map((paragraph) => {
        const textAt = at + 1;
        at += paragraph.nodeSize;
        return textAt;
      }),
    );
  });
  return spansOf(document, sources).map((span) => {
    const textAt = starts.get(span.section)?.[span.paragraph] ?? 0;
    return { ...span, start: textAt + span.from, end: textAt + span.to };
  });
}

/** The sentence that holds or touches `position`. */
export function sentenceAt(places: readonly PlacedSentence[], position: number): PlacedSentence | null {
  return places.find(({ start, end }) => position >= start && position <= end) ?? null;
}
