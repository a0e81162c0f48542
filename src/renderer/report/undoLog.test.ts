/** Undo that outlives the window: whatever was typed, a reader who comes back undoes it as if nobody had been away. */
import { closeHistory, history, redo, undo, undoDepth } from 'prosemirror-history';
import { EditorState, TextSelection, type Transaction } from 'prosemirror-state';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentOf } from '#core/report/planned.ts';
import type { ReportDocument } from '#core/report/report.ts';
import { SentenceId } from '#core/study/ids.ts';
import { addSentence, insertPlain, keepsSections, keys } from './commands.ts';
import { fromNode, toNode } from './document.ts';
import { readUndo, UNDO_EVENTS, undoLog, writeUndo } from './undoLog.ts';

const drafted = (): ReportDocument => {
  const document = documentOf([]);
  for (const section of document.sections)
    if (section.key === 'findings')
      section.paragraphs = [
        [{ text: 'Effusion is likely.', source: SentenceId.parse('s1') }],
        [{ text: 'Edema is possible.', source: SentenceId.parse('s2') }],
      ];
  return document;
};
const past = () => [history({ depth: UNDO_EVENTS }), undoLog()];
const opened = (document = drafted()) => EditorState.create({ doc: toNode(document), plugins: past() });
const MOST = 256 * 1024;

/** The window is closed and opened again: only the stored text and what was written of the undo are left. */
function reopened(state: EditorState, most = MOST): EditorState | null {
  const undoText = writeUndo(state, most);
  return undoText === null ? null : readUndo(undoText, toNode(fromNode(state.doc)), past());
}
const press = (state: EditorState, command: typeof undo): EditorState => {
  let next = state;
  command(state, (tr) => (next = state.apply(tr)));
  return next;
};
/** Every text that undoing leads to, newest first. */
function undone(state: EditorState): string[] {
  const texts: string[] = [];
  for (let now = state; undoDepth(now) > 0;) {
    now = press(now, undo);
    texts.push(JSON.stringify(now.doc.toJSON()));
  }
  return texts;
}
const type = (state: EditorState, text: string, apart = true) => {
  const tr = state.tr.insertText(text);
  return state.apply(apart ? closeHistory(tr) : tr);
};
const caret = (state: EditorState, at: number) =>
  state.apply(state.tr.setSelection(TextSelection.near(state.doc.resolve(at % state.doc.content.size))));

describe('1 closed and opened again', () => {
  test('1.1 what was typed is undone, step by step, to the text as it was', () => {
    const state = type(type(caret(opened(), 2), 'Cough.'), ' Fever.');
    const again = reopened(state);
    expect(again && undone(again)).toEqual(undone(state));
    expect(again && undoDepth(again)).toBe(2);
  });

  test('1.2 what was typed in one go is undone in one go, and takes little room', () => {
    let state = caret(opened(), 2);
    for (const letter of 'No earlier films are at hand. '.repeat(20)) state = type(state, letter, false);
    const text = writeUndo(state, MOST) ?? '';
    expect(text.length).toBeLessThan(fullSize(state) + 1500);
    const again = reopened(state);
    expect(again && undoDepth(again)).toBe(1);
    expect(again && press(again, undo).doc.eq(opened().doc)).toBe(true);
  });

  test('1.3 the caret comes back to where it stood', () => {
    const state = type(caret(opened(), 12), 'x');
    const again = reopened(state);
    expect(again && press(again, undo).selection.head).toBe(press(state, undo).selection.head);
  });

  test('1.4 what was undone is not undone again; what was redone is', () => {
    const three = type(type(type(caret(opened(), 2), 'a'), 'b'), 'c');
    const two = press(three, undo);
    expect(undone(reopened(two) ?? two)).toEqual(undone(two));
    expect(undoDepth(reopened(two) ?? three)).toBe(2);
    const redone = press(two, redo);
    expect(undone(reopened(redone) ?? two)).toEqual(undone(redone));
  });

  test('1.5 opened, written on, and opened once more', () => {
    const first = type(caret(opened(), 2), 'one');
    const second = type(reopened(first) ?? opened(), 'two');
    const third = reopened(second);
    expect(third && undone(third)).toEqual(undone(second));
    expect(third && undone(third).at(-1)).toBe(JSON.stringify(opened().doc.toJSON()));
  });

  test('1.6 whatever is done to a report, undoing it later leads through the same texts', () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant('type' as const), at: fc.nat(200), text: fc.constantFrom('a', 'Ä ', '胸.', '👩‍⚕️') }),
      fc.record({
        kind: fc.constantFrom('Enter', 'Backspace', 'Delete', 'undo', 'redo', 'line'),
        at: fc.nat(200),
        text: fc.constant('x'),
      }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
        let state = opened();
        for (const { kind, at, text } of acts) {
          if (kind === 'undo' || kind === 'redo') state = press(state, kind === 'undo' ? undo : redo);
          else {
            const here = caret(state, at);
            let tr: Transaction | null = null;
            if (kind === 'type') tr = here.tr.insertText(text);
            else if (kind === 'line') tr = insertPlain(here, `${text}\r\n${text}`);
            else keys[kind]?.(here, (made) => (tr = made));
            if (tr && keepsSections(tr, here)) state = here.apply(closeHistory(tr));
          }
        }
        const again = reopened(state);
        expect(again ? undone(again) : []).toEqual(undone(state));
      }),
      { numRuns: 150 },
    );
  });
});

const fullSize = (state: EditorState) => JSON.stringify(state.doc.toJSON()).length;

describe('2 what is dropped', () => {
  const state = type(type(caret(opened(), 2), 'Cough.'), ' Fever.');
  const undoText = writeUndo(state, MOST) ?? '';

  test('2.1 where the stored text is another one', () => {
    const other = type(state, '!');
    expect(readUndo(undoText, other.doc, past())).toBeNull();
    expect(readUndo(undoText, opened().doc, past())).toBeNull();
  });

  test('2.2 where the same words come from another sentence', () => {
    const document = fromNode(state.doc);
    for (const section of document.sections)
      for (const run of section.paragraphs.flat()) if (run.source) run.source = SentenceId.parse('s9');
    expect(readUndo(undoText, toNode(document), past())).toBeNull();
  });

  test('2.3 what is no undo, or was damaged, is none; nothing is thrown', () => {
    for (const text of [
      '',
      '{}',
      'null',
      '{"base":1,"events":[]}',
      undoText.slice(0, -3),
      undoText.replace('"replace"', '"run"'),
    ])
      expect(readUndo(text, state.doc, past())).toBeNull();
  });

  test('2.4 nothing was typed: nothing is kept', () => {
    expect(writeUndo(opened(), MOST)).toBeNull();
  });

  test('2.5 the oldest go when there are many, and the rest still fits', () => {
    let long = caret(opened(), 2);
    for (let n = 0; n < UNDO_EVENTS + 30; n++) long = type(long, String(n % 10));
    const again = reopened(long);
    expect(again && undoDepth(again)).toBe(UNDO_EVENTS);
    expect(again && undone(again)).toEqual(undone(long).slice(0, UNDO_EVENTS));
  });

  test('2.6 the oldest go when they are large; one that is too large by itself is not kept', () => {
    let long = caret(opened(), 2);
    for (let n = 0; n < 40; n++) long = long.apply(closeHistory(addSentence(long, `${n} `.repeat(400))));
    const text = writeUndo(long, 100_000) ?? '';
    expect(text.length).toBeLessThanOrEqual(100_000);
    const again = readUndo(text, long.doc, past());
    expect(again && undoDepth(again)).toBeGreaterThan(5);
    expect(again && undone(again)).toEqual(undone(long).slice(0, again ? Number(undoDepth(again)) : 0));
    expect(writeUndo(long, 1000)).toBeNull();
  });
});
