/** A decision on a finding in the text: one step, in its places, undone and done again, nothing typed lost. */
import { history, redo, undo, undoDepth } from 'prosemirror-history';
import { EditorState } from 'prosemirror-state';
import { describe, expect, test } from 'vitest';
import { planAgain, planOf, type Decision } from '#core/report/decided.ts';
import { documentOf } from '#core/report/planned.ts';
import type { SectionKey, SourceSentence } from '#core/report/report.ts';
import { spansOf } from '#core/report/sentences.ts';
import { AnalysisId, LabelId, SentenceId } from '#core/study/ids.ts';
import { keepsSections } from './commands.ts';
import { decide } from './decide.ts';
import { fromNode, toNode } from './document.ts';

const sentence = (id: string, section: SectionKey, text: string, finding: string | null): SourceSentence => ({
  ...{ id: SentenceId.parse(id), section, text, probability: null, evidence: [] },
  finding: finding === null ? null : LabelId.parse(finding),
});
const sources = [
  sentence('s1', 'technique', 'Chest radiograph, PA view.', null),
  sentence('s2', 'findings', 'Pleural effusion is likely.', 'effusion'),
  sentence('s3', 'findings', 'Pleural effusion covers about 9 % of the lungs.', 'effusion'),
  sentence('s4', 'findings', 'Pulmonary edema is possible.', 'edema'),
  sentence('s5', 'findings', 'Only effusion and edema were assessed.', null),
  sentence('s6', 'impression', 'Pleural effusion, likely.', 'effusion'),
];
const findings = ['effusion', 'edema'].map((label) => ({ label: LabelId.parse(label), positive: true }));
const drafted = { sources, findings };
const effusion = (verdict: Decision['verdict'], stated = ''): Decision => ({
  ...{ label: LabelId.parse('effusion'), verdict, stated },
});
const kept = (decision: Decision) => ({ ...decision, analysis: AnalysisId.parse('a'), note: '', login: 'r', at: 1 });

const open = (document = documentOf(sources)) => EditorState.create({ doc: toNode(document), plugins: [history()] });
const apply = (state: EditorState, plan: ReturnType<typeof planOf>, typed = false) => {
  const tr = decide(state, sources, plan, { typed });
  expect(keepsSections(tr, state)).toBe(true);
  return state.apply(tr);
};
const textOf = (state: EditorState, key: SectionKey) =>
  fromNode(state.doc)
    .sections.filter((section) => section.key === key)
    .flatMap(({ paragraphs }) => paragraphs.map((runs) => runs.map(({ text }) => text).join('')));
const press = (state: EditorState, command: typeof undo) => {
  let next = state;
  command(state, (tr) => (next = state.apply(tr)));
  return next;
};
/** The state with `words` changed to `to`, under the marks that they had. */
function typeOver(state: EditorState, words: string, to: string): EditorState {
  let at = -1;
  state.doc.descendants((node, place) => {
    const index = node.isText ? (node.text ?? '').indexOf(words) : -1;
    if (index >= 0 && at < 0) at = place + index;
  });
  const marks = state.doc.resolve(at + 1).marks();
  return state.apply(state.tr.replaceWith(at, at + words.length, state.schema.text(to, marks)));
}

describe('1 rejected', () => {
  const plan = planOf(drafted, [], effusion('rejected'));

  test('1.1 its sentences go with their paragraphs, in one step', () => {
    const state = apply(open(), plan);
    expect(textOf(state, 'findings')).toEqual([
      'Pulmonary edema is possible.',
      'Only effusion and edema were assessed.',
    ]);
    expect(textOf(state, 'impression')).toEqual(['']);
    expect(undoDepth(state)).toBe(1);
  });

  test('1.2 undone, they are as they were, as the model’s; redone, they are gone', () => {
    const rejected = apply(open(), plan);
    const undone = press(rejected, undo);
    expect(undone.doc.eq(open().doc)).toBe(true);
    expect(spansOf(fromNode(undone.doc), sources).every(({ origin }) => origin === 'model')).toBe(true);
    expect(press(undone, redo).doc.eq(rejected.doc)).toBe(true);
  });

  test('1.3 what was typed right beside it a moment before is a step of its own', () => {
    const end = open().doc.content.size - 2;
    const typing = open().apply(open().tr.insertText(' Cough.', end));
    const rejected = apply(typing, plan);
    expect(textOf(rejected, 'impression')).toEqual(['Cough.']);
    expect(press(rejected, undo).doc.eq(typing.doc)).toBe(true);
  });

  test('1.4 a sentence that the reader wrote in stays, until the reader says that it goes', () => {
    const edited = typeOver(open(), 'is likely', 'is small');
    const state = apply(edited, plan);
    expect(textOf(state, 'findings')[0]).toBe('Pleural effusion is small.');
    expect(textOf(state, 'impression')).toEqual(['']);
    expect(textOf(apply(state, plan, true), 'findings')[0]).toBe('Pulmonary edema is possible.');
  });

  test('1.5 a paragraph that holds other words keeps them, with one space between', () => {
    const together = documentOf([]);
    for (const section of together.sections)
      if (section.key === 'findings')
        section.paragraphs = [
          [
            { text: 'Heart small. ', source: null },
            ...sources.slice(1, 2).map(({ id, text }) => ({ text, source: id })),
            { text: ' Bones whole.', source: null },
          ],
        ];
    expect(textOf(apply(open(together), plan), 'findings')).toEqual(['Heart small. Bones whole.']);
  });
});

describe('2 accepted again', () => {
  const rejected = apply(open(), planOf(drafted, [], effusion('rejected')));
  const plan = planOf(drafted, [kept(effusion('rejected'))], effusion('accepted'));

  test('2.1 they come back to their places, as the model’s', () => {
    const state = apply(rejected, plan);
    expect(fromNode(state.doc)).toEqual(documentOf(sources));
    expect(apply(state, plan).doc.eq(state.doc)).toBe(true);
  });

  test('2.2 also among what was typed meanwhile', () => {
    let at = -1;
    rejected.doc.descendants((node, place) => {
      if (node.isText && node.text?.startsWith('Pulmonary')) at = place;
    });
    const typed = rejected.apply(rejected.tr.insertText('Bones whole. ', at));
    expect(textOf(apply(typed, plan), 'findings')[0]).toBe('Pleural effusion is likely.');
    expect(textOf(apply(typed, plan), 'findings').join(' ')).toContain('Bones whole. Pulmonary edema');
  });

  test('2.3 one that is left, edited, does not come a second time', () => {
    const edited = typeOver(open(), 'is likely', 'is small');
    const state = apply(edited, planOf(drafted, [], effusion('accepted')));
    expect(state.doc.eq(edited.doc)).toBe(true);
  });
});

describe('3 modified', () => {
  const stated = 'Small pleural effusion on the right.';
  const plan = planOf(drafted, [], effusion('modified', stated));
  const modified = apply(open(), plan, true);

  test('3.1 the reader’s sentence stands in both places, and is the reader’s', () => {
    expect(textOf(modified, 'findings')).toEqual([
      stated,
      'Pulmonary edema is possible.',
      'Only effusion and edema were assessed.',
    ]);
    expect(textOf(modified, 'impression')).toEqual([stated]);
    const own = spansOf(fromNode(modified.doc), sources).filter(({ text }) => text === stated);
    expect(own.map(({ origin, sources: from }) => [origin, from])).toEqual([
      ['human', []],
      ['human', []],
    ]);
  });

  test('3.2 modified again: the new wording takes the place of the old one', () => {
    const again = planOf(drafted, [kept(effusion('modified', stated))], effusion('modified', 'Large effusion.'));
    expect(textOf(apply(modified, again, true), 'findings')[0]).toBe('Large effusion.');
    expect(textOf(apply(modified, again, true), 'impression')).toEqual(['Large effusion.']);
  });

  test('3.3 a wording that the reader went on writing in stays', () => {
    const written = typeOver(modified, 'on the right', 'on the left');
    const state = apply(written, planOf(drafted, [kept(effusion('modified', stated))], effusion('accepted')));
    expect(textOf(state, 'findings')).toContain('Small pleural effusion on the left.');
    expect(textOf(state, 'findings')).toContain('Pleural effusion is likely.');
  });

  test('3.4 undone in the text and followed again, it is the same text', () => {
    const verdicts = [kept(effusion('modified', stated))];
    const undone = press(modified, undo);
    const again = apply(undone, planAgain(drafted, verdicts, effusion('modified', stated)), true);
    expect(again.doc.eq(modified.doc)).toBe(true);
  });
});
