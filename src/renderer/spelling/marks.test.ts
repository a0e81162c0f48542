import { EditorState } from 'prosemirror-state';
import { DecorationSet } from 'prosemirror-view';
import { describe, expect, test } from 'vitest';
import type { ReportDocument } from '#core/report/report.ts';
import { toNode } from '../report/document.ts';
import { kept, markOf, wordAt, wordsOf } from './marks.ts';
import { createVerdicts, partsOfNames } from './verdicts.ts';

const document: ReportDocument = {
  sections: [{ key: 'findings', paragraphs: [[{ text: 'Smal efusion on the rigth.', source: null }]] }],
};
const state = () => EditorState.create({ doc: toNode(document) });
const unknown = ['Smal', 'efusion', 'rigth'];

function marked(now: EditorState): DecorationSet {
  return DecorationSet.create(
    now.doc,
    wordsOf(now.doc)
      .filter(({ word }) => unknown.includes(word))
      .map(markOf),
  );
}
const wordsAt = (marks: DecorationSet, { doc }: EditorState) => marks.find().map((mark) => wordAt(doc, mark));

describe('1 marks', () => {
  test('1.1 lie on their words', () => {
    const now = state();
    expect(wordsAt(marked(now), now)).toEqual(unknown);
  });

  test.each([
    ['a letter in the word', 'efusion', 2, 'f', ['Smal', 'rigth']],
    ['a letter at its end', 'efusion', 7, 's', ['Smal', 'rigth']],
    ['a letter before it', 'efusion', 0, 'x', ['Smal', 'rigth']],
    ['a word before it', 'efusion', 0, 'left ', unknown],
    ['a space in it', 'efusion', 2, ' ', ['Smal', 'rigth']],
  ])('1.2 go with their word when it changes: %s', (_name, word, offset, typed, left) => {
    const now = state();
    const from = wordsOf(now.doc).find((one) => one.word === word)?.from ?? 0;
    const { tr } = now;
    tr.insertText(typed, from + offset);
    const after = now.apply(tr);
    expect(wordsAt(kept(marked(now), tr.mapping, tr.doc), after)).toEqual(left);
  });
});

describe('2 verdicts', () => {
  test('2.1 are asked for once, in parts, and forgotten together; an answer from before counts no more', async () => {
    const asked: number[] = [];
    let late: () => void = () => undefined;
    const verdicts = createVerdicts(async (words) => {
      asked.push(words.length);
      if (words.includes('late')) await new Promise<void>((resolve) => (late = resolve));
      return words.filter((word) => word === 'efusion');
    });
    let told = 0;
    const deaf = verdicts.onForget(() => told++);
    const many = Array.from({ length: 700 }, (_, index) => `word${index}`);
    expect(await verdicts.ask(['efusion', ...many])).toBe(true);
    expect(asked).toEqual([500, 201]);
    expect([verdicts.of('efusion'), verdicts.of('word1'), verdicts.of('other')]).toEqual(['unknown', 'known', 'new']);
    const asking = verdicts.ask(['late']);
    verdicts.forget();
    late();
    expect(await asking).toBe(false);
    expect([verdicts.of('efusion'), verdicts.of('late'), told]).toEqual(['new', 'new', 1]);
    deaf();
    verdicts.forget();
    expect(told).toBe(1);
  });

  test('2.2 where nobody answers, nothing is known', async () => {
    const said: unknown[] = [];
    const answers = [() => Promise.reject(new Error('closed')), () => Promise.resolve([])];
    const verdicts = createVerdicts(
      () => (answers.shift() ?? (() => Promise.resolve([])))(),
      (error) => said.push(error),
    );
    expect(await verdicts.ask(['efusion'])).toBe(false);
    expect(verdicts.of('efusion')).toBe('new');
    expect(await verdicts.ask(['efusion'])).toBe(true);
    expect(said).toEqual([new Error('closed'), null]);
  });

  test('2.3 the parts of a name are words', () => {
    expect([...partsOfNames(['Quixano^Alonso', 'O’Brien-Smith'])]).toEqual(['quixano', 'alonso', "o'brien", 'smith']);
  });
});
