import { EditorState } from 'prosemirror-state';
import { expect, test } from 'vitest';
import { SentenceId } from '#core/study/ids.ts';
import { fromNode, toNode } from '../report/document.ts';
import { findPlugin, replace, search, stateOf, step } from './find.ts';

const model = SentenceId.parse('s1');
const start = () =>
  EditorState.create({
    doc: toNode({
      sections: [
        {
          key: 'findings',
          paragraphs: [
            [
              { text: 'Left effusion. ', source: model },
              { text: 'The LEFT lung.', source: null },
            ],
          ],
        },
        { key: 'impression', paragraphs: [[{ text: 'Left-sided.', source: null }]] },
      ],
    }),
    plugins: [findPlugin()],
  });
const textOf = (state: EditorState) =>
  fromNode(state.doc).sections.flatMap(({ paragraphs }) =>
    paragraphs.map((runs) => runs.map(({ text }) => text).join('')),
  );

test('1.1 every place is found, case apart, and gone through round and round', () => {
  let state = start();
  state = state.apply(search(state, 'left'));
  expect([stateOf(state).found.length, stateOf(state).at]).toEqual([3, 0]);
  state = state.apply(step(state, -1));
  expect(stateOf(state).at).toBe(2);
  state = state.apply(step(state, 1));
  expect(stateOf(state).at).toBe(0);
  expect(stateOf(state.apply(search(state, 'nowhere')))).toMatchObject({ found: [], at: -1 });
  expect(stateOf(state.apply(search(state, ''))).found).toEqual([]);
});

test('1.2 one is replaced, then the others; a sentence of the model keeps its source', () => {
  let state = start();
  state = state.apply(search(state, 'left'));
  state = state.apply(replace(state, 'Right', false));
  expect(textOf(state).filter(Boolean)).toEqual(['Right effusion. The LEFT lung.', 'Left-sided.']);
  expect(stateOf(state).found).toHaveLength(2);
  state = state.apply(replace(state, 'Right', true));
  expect(textOf(state).filter(Boolean)).toEqual(['Right effusion. The Right lung.', 'Right-sided.']);
  const findings = fromNode(state.doc).sections.find(({ key }) => key === 'findings');
  expect(findings?.paragraphs[0]?.[0]).toEqual({ text: 'Right effusion. ', source: model });
});

test('1.3 letters that grow in lower case do not shift the places', () => {
  let state = EditorState.create({
    doc: toNode({ sections: [{ key: 'findings', paragraphs: [[{ text: 'İ İ left', source: null }]] }] }),
    plugins: [findPlugin()],
  });
  state = state.apply(search(state, 'left'));
  state = state.apply(replace(state, 'right', true));
  expect(textOf(state).filter(Boolean)).toEqual(['İ İ right']);
});
