/** The report as ProseMirror sees it: sections, paragraphs, and a mark for the model's sentences. */
import { Schema } from 'prosemirror-model';

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
      /** Its heading is in the language of the report: `sectionView.ts`. */
      toDOM: () => ['section', 0],
    },
    paragraph: { content: 'text*', toDOM: () => ['p', { dir: 'auto' }, 0] },
    text: {},
  },
  marks: {
    /** The model's sentence that this text came from; text typed at its edges does not get it. */
    source: { attrs: { id: { validate: 'string' } }, inclusive: false, toDOM: () => ['span', 0] },
  },
});
