import { EditorState, Selection, TextSelection } from 'prosemirror-state';
import { describe, expect, test } from 'vitest';
import { SectionKey } from '#core/report/report.ts';
import { toNode } from './document.ts';
import { sameCaret } from './sameCaret.ts';

/** Findings of these paragraphs and nothing else; `|` is the caret, twice a selection. */
function report(...paragraphs: string[]): EditorState {
  const bars: number[] = [];
  const doc = toNode({
    sections: SectionKey.options.map((key) => ({
      key,
      paragraphs:
        key === 'findings' ? paragraphs.map((text) => [{ text: text.replaceAll('|', ''), source: null }]) : [],
    })),
  });
  let begin = -1;
  doc.descendants((node, at) => {
    if (node.type.name === 'section' && node.attrs['key'] === 'findings') begin = at + 1;
    return begin < 0;
  });
  for (const text of paragraphs) {
    const parts = text.split('|');
    for (let n = 1, at = begin + 1; n < parts.length; n++) bars.push((at += parts[n - 1]?.length ?? 0));
    begin += parts.join('').length + 2;
  }
  const [anchor, head = anchor] = bars;
  const selection =
    anchor === undefined || head === undefined ? Selection.atStart(doc) : TextSelection.create(doc, anchor, head);
  return EditorState.create({ doc, selection });
}

/** The findings as they stand, with the caret drawn in. */
function drawn(state: EditorState): string[] {
  const { from, to } = state.selection;
  const out: string[] = [];
  state.doc.descendants((node, at) => {
    if (!node.isTextblock || node.textContent === '') return true;
    const marks = [...new Set([from, to])].filter((bar) => bar > at && bar < at + node.nodeSize).reverse();
    out.push(
      marks.reduce((text, bar) => text.slice(0, bar - at - 1) + '|' + text.slice(bar - at - 1), node.textContent),
    );
    return false;
  });
  return out;
}

function after(before: EditorState, next: EditorState): string[] {
  return drawn(next.apply(next.tr.setSelection(sameCaret(before, next.doc))));
}

describe('1 the caret after the text was replaced', () => {
  test('1.1 stays between the same words, whatever changed before or behind them', () => {
    const here = report('Effusion on the left.', 'The heart| is normal.');
    expect(after(here, report('Small effusion on the left.', 'The heart is normal.'))).toEqual([
      'Small effusion on the left.',
      'The heart| is normal.',
    ]);
    expect(after(here, report('The heart is normal.'))).toEqual(['The heart| is normal.']);
    expect(after(here, report('Effusion on the left.', 'The heart is normal.', 'No more.'))).toEqual([
      'Effusion on the left.',
      'The heart| is normal.',
      'No more.',
    ]);
  });

  test('1.2 a selection stays on its words', () => {
    const here = report('Effusion.', 'The |heart| is normal.');
    expect(after(here, report('The heart is normal.'))).toEqual(['The |heart| is normal.']);
  });

  test('1.3 where its words are gone it stands at the change', () => {
    const here = report('Effusion.', 'The heart is not| normal.');
    expect(after(here, report('Effusion.', 'The heart is enlarged.'))).toEqual([
      'Effusion.',
      'The heart is |enlarged.',
    ]);
  });

  test('1.4 repeated words lead nowhere else', () => {
    expect(after(report('no no| no'), report('no no no no'))).toEqual(['no no| no no']);
    expect(after(report('no no no|'), report('no no'))).toEqual(['no no|']);
  });
});
