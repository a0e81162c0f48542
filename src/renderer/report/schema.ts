/** The report as ProseMirror sees it: sections with fixed headings, paragraphs, and a mark for the model's sentences. */
import { Schema } from 'prosemirror-model';
import type { SectionKey } from '#core/report/report.ts';

export const headings: Record<SectionKey, string> = {
  indication: 'Indication',
  technique: 'Technique',
  comparison: 'Comparison',
  findings: 'Findings',
  impression: 'Impression',
};

export const schema = new Schema({
  nodes: {
    doc: { content: 'section+' },
    section: {
      content: 'paragraph+',
      // the default is never used: every section is made by its key
      attrs: { key: { default: 'findings', validate: 'string' } },
      isolating: true,
      defining: true,
      selectable: false,
      toDOM: (node) => {
        const heading = headings[node.attrs['key'] as SectionKey];
        return [
          'section',
          { 'aria-label': heading },
          ['h3', { contenteditable: 'false' }, heading],
          ['div', { class: 'paragraphs' }, 0],
        ];
      },
    },
    paragraph: { content: 'text*', toDOM: () => ['p', { dir: 'auto' }, 0] },
    text: {},
  },
  marks: {
    /** The model's sentence that this text came from; text typed at its edges does not get it. */
    source: { attrs: { id: { validate: 'string' } }, inclusive: false, toDOM: () => ['span', 0] },
  },
});
