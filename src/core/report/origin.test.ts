import { describe, expect, test } from 'vitest';
import { SentenceId } from '../study/ids.ts';
import { originOf } from './origin.ts';
import type { Paragraph, ReportDocument, SourceSentence } from './report.ts';
import { sentencesOf, spansOf } from './sentences.ts';
import { tokensOf } from './tokens.ts';

const source = 'Small pleural effusion is likely, 12 mm deep.';

describe('1 origin by tokens', () => {
  test.each([
    ['1.1 untouched', source, 'model'],
    ['1.2 white space', '  Small pleural  effusion is likely,\n12 mm deep. ', 'model'],
    ['1.3 punctuation', 'Small pleural effusion is likely; 12 mm deep', 'model'],
    ['1.4 a negation', 'No small pleural effusion is likely, 12 mm deep.', 'edited'],
    ['1.5 a side', 'Small left pleural effusion is likely, 12 mm deep.', 'edited'],
    ['1.6 a number', 'Small pleural effusion is likely, 13 mm deep.', 'edited'],
    ['1.7 a decimal point is part of the number', 'Small pleural effusion is likely, 1.2 mm deep.', 'edited'],
    ['1.8 a finding', 'Small pericardial effusion is likely, 12 mm deep.', 'edited'],
    ['1.9 a certainty', 'Small pleural effusion is possible, 12 mm deep.', 'edited'],
    ['1.10 a question mark is a certainty', 'Small pleural effusion is likely, 12 mm deep?', 'edited'],
    ['1.11 a word taken away', 'Pleural effusion is likely, 12 mm deep.', 'edited'],
    ['1.12 an order', 'Pleural small effusion is likely, 12 mm deep.', 'edited'],
    ['1.13 a sign', 'Small pleural effusion is likely, -12 mm deep.', 'edited'],
    ['1.14 most tokens new', 'The trachea stands in the midline and the effusion is gone.', 'human'],
  ] as const)('%s', (_name, text, origin) => {
    expect(originOf(text, source)).toBe(origin);
  });

  test('1.15 without a source it is a person’s', () => expect(originOf(source, null)).toBe('human'));
  test('1.16 exactly half new is still the model’s, edited', () =>
    expect(originOf('heart size is normal', 'heart size was large')).toBe('edited'));
  test('1.17 tokens keep every script', () =>
    expect(tokensOf('Erguß: 胸水 ± 3,5 %')).toEqual(['Erguß', '胸水', '±', '3,5', '%']));
  test.each(['12½', '12²', '1２', '١٢', '12‰', '–12'])('1.18 %s is another number than 12', (number) =>
    expect(originOf(source.replace('12', number), source)).toBe('edited'),
  );
});

const id = (text: string) => SentenceId.parse(text);
const sources: SourceSentence[] = [
  { id: id('s1'), section: 'findings', text: 'Effusion is likely.', finding: null, probability: 0.7, evidence: [] },
  { id: id('s2'), section: 'findings', text: 'A nodule is possible.', finding: null, probability: 0.3, evidence: [] },
];
const documentWith = (...runs: Paragraph): ReportDocument => ({ sections: [{ key: 'findings', paragraphs: [runs] }] });
const run = (text: string, from: string | null = null) => ({ text, source: from === null ? null : id(from) });
const origins = (...runs: Paragraph) => sentencesOf(documentWith(...runs), sources).map((s) => [s.text, s.origin]);

describe('2 sentences of a document', () => {
  test('2.1 drafted and typed side by side', () =>
    expect(
      origins(run('Effusion is likely.', 's1'), run(' '), run('A nodule is possible.', 's2'), run(' Heart normal.')),
    ).toEqual([
      ['Effusion is likely.', 'model'],
      ['A nodule is possible.', 'model'],
      ['Heart normal.', 'human'],
    ]));
  test('2.2 typing on after a removed full stop edits the drafted sentence', () =>
    expect(origins(run('Effusion is likely', 's1'), run(' resolved.'))).toEqual([
      ['Effusion is likely resolved.', 'edited'],
    ]));
  test('2.3 two drafted sentences joined are edited as one by a new word', () =>
    expect(origins(run('Effusion is likely', 's1'), run(' and '), run('A nodule is possible.', 's2'))).toEqual([
      ['Effusion is likely and A nodule is possible.', 'edited'],
    ]));
  test('2.4 joined with nothing but punctuation they are still the model’s, with both sources', () =>
    expect(
      sentencesOf(documentWith(run('Effusion is likely; ', 's1'), run('A nodule is possible.', 's2')), sources),
    ).toMatchObject([{ origin: 'model', sources: ['s1', 's2'] }]));
  test('2.5 no space between two drafted sentences still makes two', () =>
    expect(origins(run('Effusion is likely.', 's1'), run('A nodule is possible.', 's2')).length).toBe(2));
  test('2.6 decimals and abbreviations end no sentence', () =>
    expect(origins(run('Nodule of approx. 3.5 mm, e.g. a granuloma. Stable.'))).toEqual([
      ['Nodule of approx. 3.5 mm, e.g. a granuloma.', 'human'],
      ['Stable.', 'human'],
    ]));
  test('2.7 a person’s sentence carries no evidence, an unknown source counts for nothing', () =>
    expect(
      sentencesOf(documentWith(run('Entirely other words stand here now.', 's1'), run(' X.', 'gone')), sources),
    ).toMatchObject([
      { origin: 'human', evidence: [], finding: null, sources: ['s1'] },
      { origin: 'human', sources: [] },
    ]));
  test('2.8 spans point into the paragraph’s text', () => {
    const runs = [run('  Effusion is likely.', 's1'), run('  Heart normal.  ')];
    const text = runs.map((r) => r.text).join('');
    expect(spansOf(documentWith(...runs), sources).map(({ from, to }) => text.slice(from, to))).toEqual([
      'Effusion is likely.',
      'Heart normal.',
    ]);
  });
  test('2.9 an empty paragraph has no sentence', () => expect(origins()).toEqual([]));
});
