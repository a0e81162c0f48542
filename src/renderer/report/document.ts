/** A stored report as a ProseMirror document and back: nothing is lost on the way. */
import { type Mark, type Node } from 'prosemirror-model';
import { SectionKey, type Paragraph, type ReportDocument, type Run } from '#core/report/report.ts';
import { SentenceId } from '#core/study/ids.ts';
import { schema } from './schema.ts';

const order: readonly SectionKey[] = SectionKey.options;

/** Sections come in the order of a report; one that is missing is there, empty. */
export function toNode(document: ReportDocument): Node {
  const sections = order.map((key) => {
    const paragraphs = document.sections
      .filter((section) => section.key === key)
      .flatMap((section) => section.paragraphs);
    return schema.node('section', { key }, (paragraphs.length > 0 ? paragraphs : [[]]).map(paragraphNode));
  });
  return schema.node('doc', null, sections);
}

function paragraphNode(runs: Paragraph): Node {
  const texts = runs
    .filter((run) => run.text !== '')
    .map((run) => schema.text(run.text, run.source === null ? [] : [schema.mark('source', { id: run.source })]));
  return schema.node('paragraph', null, texts);
}

export function fromNode(doc: Node): ReportDocument {
  return {
    sections: children(doc).map((section) => ({
      key: SectionKey.parse(section.attrs['key']),
      paragraphs: children(section).map(runsOf),
    })),
  };
}

/** Neighbours of one origin become one run. */
function runsOf(paragraph: Node): Run[] {
  const runs: Run[] = [];
  for (const node of children(paragraph)) {
    const source = sourceOf(node.marks);
    const last = runs.at(-1);
    if (last && last.source === source) last.text += node.text ?? '';
    else runs.push({ text: node.text ?? '', source });
  }
  return runs;
}

function sourceOf(marks: readonly Mark[]): SentenceId | null {
  const mark = marks.find(({ type }) => type === schema.marks.source);
  return mark ? SentenceId.parse(mark.attrs['id']) : null;
}

export const children = (node: Node): Node[] => Array.from({ length: node.childCount }, (_, i) => node.child(i));
