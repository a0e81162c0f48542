/** A section in the editor: its heading, which cannot be written in, and below it what can. */
import type { Node } from 'prosemirror-model';
import type { NodeView } from 'prosemirror-view';
import type { Headings } from '#core/report/headings.ts';
import type { SectionKey } from '#core/report/report.ts';

export function sectionView(node: Node, headings: Headings): NodeView {
  const dom = document.createElement('section');
  const heading = document.createElement('h3');
  const contentDOM = document.createElement('div');
  heading.contentEditable = 'false';
  heading.textContent = headings[node.attrs['key'] as SectionKey];
  contentDOM.className = 'paragraphs';
  dom.setAttribute('aria-label', heading.textContent);
  dom.append(heading, contentDOM);
  return { dom, contentDOM };
}
