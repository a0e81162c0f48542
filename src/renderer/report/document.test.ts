/** A stored report goes into the editor and comes back as it was; edits keep sections and origins in their places. */
import { EditorState, TextSelection, type Transaction } from 'prosemirror-state';
import type { Node } from 'prosemirror-model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SectionKey, type ReportDocument, type SourceSentence } from '#core/report/report.ts';
import { LabelId, SentenceId } from '#core/study/ids.ts';
import { addSentence, deleteSelected, insertPlain, keepsSections, keys } from './commands.ts';
import { fromNode, toNode } from './document.ts';
import { placesOf, sentenceAt } from './places.ts';

const s1 = SentenceId.parse('s1');
const s2 = SentenceId.parse('s2');
const s3 = SentenceId.parse('s3');

const report = (findings: ReportDocument['sections'][number]['paragraphs']): ReportDocument => ({
  sections: SectionKey.options.map((key) => ({
    key,
    paragraphs:
      key === 'findings' ? findings : key === 'impression' ? [[{ text: 'Effusion, likely.', source: s3 }]] : [[]],
  })),
});
const drafted = report([[{ text: 'Effusion is likely.', source: s1 }], [{ text: 'Edema is possible.', source: s2 }]]);
const source = (id: SentenceId, text: string): SourceSentence => ({
  id,
  section: 'findings',
  text,
  finding: LabelId.parse(text.split(/\W/)[0]?.toLowerCase() ?? ''),
  probability: 0.6,
  evidence: [],
});
const sources = [source(s1, 'Effusion is likely.'), source(s2, 'Edema is possible.'), source(s3, 'Effusion, likely.')];

const textOf = (document: ReportDocument, key: SectionKey) =>
  document.sections
    .filter((section) => section.key === key)
    .flatMap(({ paragraphs }) => paragraphs.map((runs) => runs.map((run) => run.text).join('')));

/** The place right before the first `words` of the document. */
function before(doc: Node, words: string): number {
  let found = -1;
  doc.descendants((node, at) => {
    const index = node.isText ? (node.text ?? '').indexOf(words) : -1;
    if (index >= 0 && found < 0) found = at + index;
  });
  if (found < 0) throw new Error(`no "${words}" in the document`);
  return found;
}

/** The caret right before `words`. */
function stateWith(document: ReportDocument, words: string): EditorState {
  const doc = toNode(document);
  return EditorState.create({ doc, selection: TextSelection.create(doc, before(doc, words)) });
}

/** The state after the key; the same when the key did nothing. */
function press(state: EditorState, key: string): EditorState {
  let tr: Transaction | undefined;
  keys[key]?.(state, (made) => (tr = made));
  return tr && keepsSections(tr, state) ? state.apply(tr) : state;
}

describe('1 mapping', () => {
  test('1.1 a report comes back as it was', () => {
    const run = fc.record({
      text: fc.string({ minLength: 1, unit: 'grapheme' }),
      source: fc.constantFrom(s1, s2, null),
    });
    const paragraphs = fc.array(fc.array(run, { maxLength: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.tuple(...SectionKey.options.map(() => paragraphs)), (all) => {
        const document: ReportDocument = {
          sections: SectionKey.options.map((key, index) => ({ key, paragraphs: all[index] ?? [[]] })),
        };
        const back = fromNode(toNode(document));
        for (const key of SectionKey.options) expect(textOf(back, key)).toEqual(textOf(document, key));
        // Neighbours of one origin become one run; character by character the origin stays.
        const owners = (from: ReportDocument) =>
          from.sections.flatMap((section) =>
            section.paragraphs.flatMap((runs) =>
              runs.flatMap((one) => Array.from({ length: one.text.length }, () => one.source)),
            ),
          );
        expect(owners(back)).toEqual(owners(document));
        expect(fromNode(toNode(back))).toEqual(back);
      }),
    );
  });

  test('1.2 a section that is missing is there, empty, in the order of a report', () => {
    const back = fromNode(
      toNode({ sections: [{ key: 'impression', paragraphs: [[{ text: 'Normal.', source: null }]] }] }),
    );
    expect(back.sections.map(({ key }) => key)).toEqual(SectionKey.options);
    expect(textOf(back, 'impression')).toEqual(['Normal.']);
    expect(textOf(back, 'findings')).toEqual(['']);
  });

  test('1.3 places point at the very text of each sentence', () => {
    const doc = toNode(
      report([
        [
          { text: 'Effusion is likely. ', source: s1 },
          { text: 'A man wrote this.', source: null },
        ],
      ]),
    );
    const places = placesOf(doc, sources);
    expect(places.map(({ start, end }) => doc.textBetween(start, end))).toEqual(places.map(({ text }) => text));
    expect(places.map(({ origin }) => origin)).toEqual(['model', 'human', 'model']);
    expect(sentenceAt(places, before(doc, 'man wrote'))?.text).toBe('A man wrote this.');
  });
});

describe('2 editing', () => {
  test('2.1 text typed inside a drafted sentence keeps its source, typed at its end does not', () => {
    const inside = stateWith(drafted, 'is likely');
    const edited = inside.apply(inside.tr.insertText('very '));
    expect(fromNode(edited.doc).sections.find(({ key }) => key === 'findings')?.paragraphs[0]).toEqual([
      { text: 'Effusion very is likely.', source: s1 },
    ]);
    const doc = toNode(drafted);
    const end = before(doc, 'Effusion is likely.') + 'Effusion is likely.'.length;
    const atEnd = EditorState.create({ doc, selection: TextSelection.create(doc, end) });
    const appended = atEnd.apply(atEnd.tr.insertText(' Mine.'));
    expect(fromNode(appended.doc).sections.find(({ key }) => key === 'findings')?.paragraphs[0]).toEqual([
      { text: 'Effusion is likely.', source: s1 },
      { text: ' Mine.', source: null },
    ]);
  });

  test('2.2 deleting over two sections moves nothing from one to the other', () => {
    const state = stateWith(drafted, 'possible.');
    const across = TextSelection.create(state.doc, before(state.doc, 'possible.'), before(state.doc, ', likely.') + 2);
    const after = fromNode(state.apply(deleteSelected(state.tr.setSelection(across))).doc);
    expect(textOf(after, 'findings')).toEqual(['Effusion is likely.', 'Edema is ']);
    expect(textOf(after, 'impression')).toEqual(['likely.']);
  });

  test('2.3 everything selected and deleted leaves five empty sections', () => {
    const state = EditorState.create({ doc: toNode(drafted) });
    const all = press(state, 'Mod-a');
    const after = fromNode(press(all, 'Backspace').doc);
    expect(after.sections.map(({ key }) => key)).toEqual(SectionKey.options);
    expect(after.sections.every(({ paragraphs }) => paragraphs.length === 1 && paragraphs[0]?.length === 0)).toBe(true);
  });

  test('2.4 Backspace at the start of a section and Delete at its end change nothing', () => {
    const doc = toNode(drafted);
    const first = EditorState.create({ doc, selection: TextSelection.create(doc, before(doc, 'Effusion, likely.')) });
    expect(press(first, 'Backspace').doc.eq(doc)).toBe(true);
    const end = before(doc, 'Edema is possible.') + 'Edema is possible.'.length;
    const last = EditorState.create({ doc, selection: TextSelection.create(doc, end) });
    expect(press(last, 'Delete').doc.eq(doc)).toBe(true);
  });

  test('2.5 Enter and Backspace split and join paragraphs, each half keeping its source', () => {
    const split = press(stateWith(drafted, 'is likely'), 'Enter');
    expect(textOf(fromNode(split.doc), 'findings')).toEqual(['Effusion ', 'is likely.', 'Edema is possible.']);
    expect(fromNode(press(split, 'Backspace').doc)).toEqual(drafted);
  });

  test('2.6 pasted text is plain: its lines are paragraphs of the section', () => {
    const state = stateWith(drafted, 'Edema');
    const after = fromNode(state.apply(insertPlain(state, 'One.\r\nTwo. ')).doc);
    expect(textOf(after, 'findings')).toEqual(['Effusion is likely.', 'One.', 'Two. Edema is possible.']);
    expect(textOf(after, 'impression')).toEqual(['Effusion, likely.']);
  });

  test('2.7 a change that would lose a section is not made', () => {
    const state = EditorState.create({ doc: toNode(drafted) });
    const section = state.doc.child(1);
    const tr = state.tr.delete(state.doc.child(0).nodeSize, state.doc.child(0).nodeSize + section.nodeSize);
    expect(tr.doc.childCount).toBe(4);
    expect(keepsSections(tr, state)).toBe(false);
  });

  test('2.8 a sentence is added to the end of the findings, as a person’s own', () => {
    const state = stateWith(drafted, 'Edema');
    const after = fromNode(state.apply(addSentence(state, 'Length 34.2 mm.')).doc);
    expect(textOf(after, 'findings')).toEqual(['Effusion is likely.', 'Edema is possible. Length 34.2 mm.']);
    const last = after.sections
      .find(({ key }) => key === 'findings')
      ?.paragraphs.at(-1)
      ?.at(-1);
    expect(last).toMatchObject({ text: ' Length 34.2 mm.', source: null });
    const empty = EditorState.create({ doc: toNode({ sections: [{ key: 'findings', paragraphs: [[]] }] }) });
    expect(textOf(fromNode(empty.apply(addSentence(empty, 'One.')).doc), 'findings')).toEqual(['One.']);
  });
});
