import { expect, test } from 'vitest';
import { Review } from '#core/desk/review.ts';
import { reviewsCsv } from './deskCsv.ts';

test('1.1 a comment that a spreadsheet would run is words; commas, quotes and line ends stay in their cell', () => {
  const review = Review.parse({
    ...{
      id: 1,
      draft: 'd',
      version: 2,
      sample: '',
      reader: '@reader',
      reviewer: '+a',
      score: 2,
      matters: false,
      at: 0,
    },
    ...{ comment: '=HYPERLINK("http://x","y"),\r\n-2', answeredAt: null, answer: '\tx' },
  });
  const [, line = ''] = reviewsCsv([review]).split(/\r\n(?=1,)/);
  expect(line).toBe(
    `1,d,2,,"'@reader","'+a",2,no,"'=HYPERLINK(""http://x"",""y""),\r\n-2",1970-01-01T00:00:00.000Z,,"'\tx"\r\n`,
  );
});
