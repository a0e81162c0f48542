import { describe, expect, test } from 'vitest';
import { LabelId } from '../../study/ids.ts';
import type { ReportDocument, SectionKey } from '../report.ts';
import type { CheckedFinding, CheckInput } from './check.ts';
import { checksBeforeSigning } from './checks.ts';
import { neverLookedAt } from './notLookedAt.ts';
import { compile, hitsOf } from './pattern.ts';

const documentWith = (findings: string, impression: string): ReportDocument => ({
  sections: [
    { key: 'findings', paragraphs: [[{ text: findings, source: null }]] },
    { key: 'impression', paragraphs: [[{ text: impression, source: null }]] },
  ],
});
const finding = (label: string, over: Partial<CheckedFinding> = {}): CheckedFinding => ({
  label: LabelId.parse(label),
  name: 'Pleural effusion',
  positive: true,
  side: null,
  decision: null,
  looked: true,
  ...over,
});
const run = (findings: string, impression: string, over: Partial<CheckInput> = {}) =>
  checksBeforeSigning({
    document: documentWith(findings, impression),
    patient: { sex: 'F', ageYears: 56 },
    findings: [],
    heart: null,
    priors: 0,
    ...over,
  });
const wordsAt = (text: Partial<Record<SectionKey, string>>, results: ReturnType<typeof run>) =>
  results.flatMap(({ places }) => places.map(({ section, from, to }) => text[section]?.slice(from, to)));

describe('1 where and why', () => {
  test('1.1 both sides of a contradiction', () => {
    const text = { findings: 'Clear lungs. There is no pleural effusion.', impression: 'Small effusion.' };
    const results = run(text.findings, text.impression);
    expect(results.map(({ check }) => check)).toEqual(['contradiction']);
    expect(wordsAt(text, results)).toEqual(['effusion', 'effusion']);
    expect(results[0]?.message).toBe(
      'The text says that pleural effusion is absent (“There is no pleural effusion.”) and that it is there (“Small effusion.”).',
    );
  });

  test('1.2 words of comparison', () => {
    const text = { findings: 'Lungs clear. Heart unchanged.', impression: 'Normal.' };
    const results = run(text.findings, text.impression);
    expect(wordsAt(text, results)).toEqual(['unchanged']);
    expect(run(text.findings, text.impression, { priors: 1 })).toEqual([]);
  });

  test('1.3 a blank in the second paragraph', () => {
    const document: ReportDocument = {
      sections: [
        {
          key: 'findings',
          paragraphs: [[{ text: 'Clear.', source: null }], [{ text: 'Tip ___ cm deep.', source: null }]],
        },
        { key: 'impression', paragraphs: [[{ text: 'Normal.', source: null }]] },
      ],
    };
    const results = checksBeforeSigning({
      document,
      patient: { sex: '', ageYears: null },
      findings: [],
      heart: null,
      priors: 0,
    });
    expect(results).toMatchObject([
      { check: 'unfilled', places: [{ section: 'findings', paragraph: 1, from: 4, to: 7 }] },
    ]);
  });
});

describe('2 findings of the model', () => {
  test('2.1 not mentioned, denied, mentioned, rejected', () => {
    const checks = (findings: string, over: Partial<CheckedFinding> = {}) =>
      run(findings, 'Normal.', { findings: [finding('effusion', over)] }).map(({ check }) => check);
    expect(checks('Normal heart.')).toEqual(['missed-finding']);
    expect(checks('No effusion.')).toEqual(['denied-finding']);
    expect(checks('Possible effusion.')).toEqual([]);
    expect(checks('Normal heart.', { decision: 'rejected' })).toEqual([]);
    expect(checks('Normal heart.', { positive: false })).toEqual([]);
  });

  test('2.2 a label that the word list does not know is said, not passed over', () => {
    const [first] = run('Clear.', 'Normal.', { findings: [finding('osteolysis', { name: 'Osteolysis' })] });
    expect(first?.check).toBe('missed-finding');
    expect(first?.message).toContain('cannot be checked');
  });

  test('2.3 a measured enlarged heart, once', () => {
    const heart = { ratio: 0.58, enlarged: true };
    const cardiomegaly = finding('cardiomegaly', { name: 'Cardiomegaly' });
    expect(
      run('Clear lungs.', 'Normal.', { heart })
        .map(({ message }) => message)
        .join(),
    ).toContain('0.58');
    expect(run('Clear lungs.', 'Normal.', { heart, findings: [cardiomegaly] })).toHaveLength(1);
    expect(run('Clear lungs.', 'Normal.', { heart: { ratio: 0.48, enlarged: false } })).toEqual([]);
  });

  test('2.4 never looked at: neither selected nor decided on', () => {
    const list = [finding('a', { looked: false }), finding('b'), finding('c', { looked: false, decision: 'accepted' })];
    expect(neverLookedAt(list).map(({ label }) => label)).toEqual(['a']);
  });
});

describe('3 the pattern language', () => {
  const found = (pattern: string, text: string) => hitsOf(compile([pattern]), text).map((hit) => hit.text);
  test.each([
    ['effusion*', 'Effusions and an effusion.', ['Effusions', 'effusion']],
    ['effusion', 'Effusions.', []],
    ['(left|right) lung', 'Left-lung, right  lung', ['Left-lung', 'right  lung']],
    ['heart (size)? normal', 'Heart normal; heart size normal', ['Heart normal', 'heart size normal']],
    ['fluid (level)?', 'fluid; fluid level', ['fluid', 'fluid level']],
    ['blunt* ~ angle', 'Blunting of the left costophrenic angle', ['Blunting of the left costophrenic angle']],
    ['blunt* ~ angle', 'Blunting, with an angle', []],
  ])('3.1 %s in “%s”', (pattern, text, hits) => expect(found(pattern, text)).toEqual(hits));
});
