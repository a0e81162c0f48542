import { describe, expect, test } from 'vitest';
import type { Finding } from '../findings/findings.ts';
import type { Anatomy, Measurement } from '../measure/measurement.ts';
import type { PackLabel } from '../pack/pack.ts';
import { LabelId } from '../study/ids.ts';
import { documentOf, plannedDraft, type PlannedInput } from './planned.ts';
import { sentencesOf } from './sentences.ts';
import { reportText } from './text.ts';

const half = { value: 0.5, low: 0.4, high: 0.6 };
const label = (id: string, name: string, sensitivityLow = 0.4): PackLabel => ({
  id,
  name,
  listed: true,
  calibration: { slope: 1, intercept: 0 },
  threshold: 0.4,
  prevalence: 0.1,
  positives: 10,
  auc: half,
  sensitivity: { value: 1, low: sensitivityLow, high: 1 },
  specificity: half,
  calibrationError: 0.1,
});
const finding = (id: string, name: string, probability: number): Finding => ({
  label: LabelId.parse(id),
  name,
  probability,
  threshold: 0.4,
  positive: probability >= 0.4,
  region:
    probability >= 0.4
      ? {
          polygons: [
            [
              { x: 0, y: 0 },
              { x: 1, y: 0 },
              { x: 1, y: 1 },
            ],
          ],
          box: { x: 0, y: 0, width: 1, height: 1 },
        }
      : null,
});
const labels = [label('effusion', 'Pleural effusion'), label('edema', 'Edema'), label('nodule', 'Nodule')];
const write = (findings: Finding[], over: Partial<PlannedInput> = {}) =>
  plannedDraft({
    findings,
    labels,
    anatomy: null,
    instance: '1.2',
    viewPosition: 'PA',
    sideAssumed: false,
    note: '',
    ...over,
  });
const text = (findings: Finding[], over: Partial<PlannedInput> = {}) => reportText(documentOf(write(findings, over)));

describe('1 the planned writer', () => {
  test('1.1 positives: Findings by probability, Impression by importance, with region and operating point', () => {
    const sources = write([finding('edema', 'Edema', 0.55), finding('effusion', 'Pleural effusion', 0.9)]);
    expect(sources.filter((s) => s.finding).map((s) => [s.section, s.text])).toEqual([
      ['findings', 'Pleural effusion is very likely.'],
      ['findings', 'Pulmonary edema is likely.'],
      ['impression', 'Pulmonary edema, likely.'],
      ['impression', 'Pleural effusion, very likely.'],
    ]);
    expect(sources.find((s) => s.finding)?.evidence.map((e) => e.kind)).toEqual(['region', 'operating-point']);
  });

  test('1.2 a negative is not written while its sensitivity is not known to be high', () => {
    expect(text([finding('effusion', 'Pleural effusion', 0.1)])).not.toMatch(/\bno pleural effusion/i);
  });

  test('1.3 nor where the lower bound falls short of 0.95 by a hair', () => {
    const almost = [label('effusion', 'Pleural effusion', 0.9499)];
    expect(text([finding('effusion', 'Pleural effusion', 0.1)], { labels: almost })).not.toMatch(/no pleural/i);
  });

  test('1.4 it is written once the lower bound reaches 0.95, with the operating point as evidence', () => {
    const sure = [label('effusion', 'Pleural effusion', 0.95)];
    const sources = write([finding('effusion', 'Pleural effusion', 0.1)], { labels: sure });
    expect(sources.find((s) => s.text === 'No pleural effusion.')?.evidence).toMatchObject([
      { kind: 'operating-point' },
    ]);
  });

  test('1.5 says what was and what was not assessed, and that nothing flagged is not normal', () => {
    const written = text([finding('effusion', 'Pleural effusion', 0.1), finding('edema', 'Edema', 0.2)]);
    expect(written).toContain(
      'Only pleural effusion and pulmonary edema were assessed by the model; nothing else was, in particular not nodule.',
    );
    expect(written).toContain('does not exclude');
    expect(written.replace('not been shown to be normal', '')).not.toContain('normal');
  });

  test('1.6 no sides, no zones, no comparison', () => {
    for (const p of [0.05, 0.41, 0.6, 0.95])
      expect(text(labels.map((l) => finding(l.id, l.name, p)))).not.toMatch(
        /\b(left|right|bilateral|upper|lower|middle|basal|apical|zone|unchanged|increased|improved|prior|previous)\b/i,
      );
  });

  test('1.7 an assumed side is said in the text, on a line of its own, and only then', () => {
    const sentence = 'Side assumed: the file does not say how the patient lies in the image.';
    expect(text([]).split('\n')).not.toContain(sentence);
    const written = text([], { sideAssumed: true }).split('\n');
    expect(written.slice(0, 3)).toEqual(['TECHNIQUE', 'Chest radiograph, PA view.', sentence]);
  });

  test('1.8 every drafted sentence is the model’s until touched, and has evidence', () => {
    const sources = write([finding('effusion', 'Pleural effusion', 0.9)], { sideAssumed: true });
    const sentences = sentencesOf(documentOf(sources), sources);
    expect(sentences.map((s) => s.origin)).toEqual(sources.map(() => 'model'));
    expect(sentences.every((s) => s.evidence.length > 0)).toBe(true);
  });
});
describe('2 what was measured', () => {
  const ratio: Measurement = {
    name: 'cardiothoracic-ratio',
    value: 0.5163,
    unit: 'ratio',
    lines: [],
    error: { mean: 0.0112, p95: 0.0252, films: 89 },
    caveats: ['AP film: the heart looks larger on such a film, lying or sitting more so.'],
  };
  const measured = (over: Partial<Anatomy> = {}) =>
    write([finding('edema', 'Edema', 0.55)], { anatomy: { measurements: [ratio], note: '', ...over } });

  test('2.1 the ratio to two places with its error, then what weakens it, before the findings; the lines are evidence', () => {
    const sources = measured().filter(({ section }) => section === 'findings');
    expect(sources.slice(0, 3).map(({ text }) => text)).toEqual([
      'Cardiothoracic ratio 0.52, measured on the cardiomediastinum below the hila (error 0.011 on average, below 0.03 on 95 % of films).',
      'AP film: the heart looks larger on such a film, lying or sitting more so.',
      'Pulmonary edema is likely.',
    ]);
    for (const { evidence, finding } of sources.slice(0, 2)) {
      expect(evidence).toEqual([{ kind: 'measurement', measurement: ratio }]);
      expect(finding).toBeNull();
    }
  });

  test('2.2 each is one sentence of the model’s, unchanged until touched', () => {
    const sources = measured();
    const sentences = sentencesOf(documentOf(sources), sources);
    expect(sentences.map(({ origin }) => origin)).toEqual(sources.map(() => 'model'));
    expect(sentences.map(({ text }) => text)).toEqual(sources.map(({ text }) => text));
  });

  test('2.3 where nothing was measured the reason is said; without a pack nothing is', () => {
    const note = 'The cardiothoracic ratio was not measured: the two lungs were not both found.';
    const texts = measured({ measurements: [], note }).map(({ text }) => text);
    expect(texts).toContain(note);
    expect(texts.join(' ')).not.toMatch(/Cardiothoracic ratio \d/);
    expect(text([finding('edema', 'Edema', 0.55)])).not.toMatch(/cardiothoracic/i);
  });

  test('2.4 still no side and no zone', () => {
    expect(
      measured()
        .map(({ text }) => text)
        .join(' '),
    ).not.toMatch(/\b(left|right|upper|lower|zone)\b/i);
  });
});
