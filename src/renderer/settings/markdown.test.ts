/** What a model card may say, and that nothing in it becomes markup. */
import { expect, test } from 'vitest';
import { blocksOf } from './markdown.ts';

test('1.1 headings, paragraphs, lists, tables and code', () => {
  const card =
    '# Card\n\nTwo lines\nof **one** paragraph.\n\n- first\n  goes on\n- `second`\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```\nx  y\n```\n';
  expect(blocksOf(card)).toEqual([
    { kind: 'heading', level: 1, text: [{ kind: 'text', text: 'Card' }] },
    {
      kind: 'paragraph',
      text: [
        { kind: 'text', text: 'Two lines of ' },
        { kind: 'strong', text: 'one' },
        { kind: 'text', text: ' paragraph.' },
      ],
    },
    { kind: 'list', items: [[{ kind: 'text', text: 'first goes on' }], [{ kind: 'code', text: 'second' }]] },
    {
      kind: 'table',
      head: [[{ kind: 'text', text: 'a' }], [{ kind: 'text', text: 'b' }]],
      rows: [[[{ kind: 'text', text: '1' }], [{ kind: 'text', text: '2' }]]],
    },
    { kind: 'code', text: 'x  y' },
  ]);
});

test('1.2 markup stays text, a link keeps its words, and every card ends', () => {
  expect(blocksOf('<img src=x> [words](javascript:1)')).toEqual([
    { kind: 'paragraph', text: [{ kind: 'text', text: '<img src=x> words' }] },
  ]);
  expect(blocksOf('```\nnever closed')).toEqual([{ kind: 'code', text: 'never closed' }]);
  expect(blocksOf('|')).toHaveLength(1);
  expect(blocksOf('#no heading')).toHaveLength(1);
});
