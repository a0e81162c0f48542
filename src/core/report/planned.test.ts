import { describe, expect, test } from 'vitest';
import type { Finding } from '../findings/findings.ts';
import type { Anatomy, Measurement } from '../measure/measurement.ts';
import { notes } from '../measure/notes.ts';
import type { PackLabel } from '../pack/pack.ts';
import { LabelId } from '../study/ids.ts';
import { checksBeforeSigning } from './checks/checks.ts';
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

describe('3 the impression', () => {
  const named = (id: string, probability: number) => ({ ...finding(id, id, probability), positive: true });
  const impression = (findings: Finding[], over: Partial<PlannedInput> = {}) =>
    write(findings, over)
      .filter(({ section }) => section === 'impression')
      .map(({ text }) => text);

  test('3.1 what may need a hand at once first, of one rank the likelier first, what is unlikely last', () => {
    expect(
      impression([
        named('fibrosis', 0.95),
        named('effusion', 0.6),
        named('lung-opacity', 0.9),
        named('edema', 0.1),
        named('pneumothorax', 0.4),
      ]),
    ).toEqual([
      'Pneumothorax, possible.',
      'Lung opacity, very likely.',
      'Pleural effusion, likely.',
      'Fibrosis, very likely.',
      'Pulmonary edema, flagged with a low probability.',
    ]);
  });

  test('3.2 a heart that was measured as enlarged, also where nothing was flagged; not on an AP film', () => {
    const of = (caveats: string[]): Measurement => ({
      ...{ name: 'cardiothoracic-ratio', value: 0.61, unit: 'ratio', lines: [], caveats },
      error: { mean: 0.02, p95: 0.06, films: 89 },
    });
    const with_ = (caveats: string[]) => ({ anatomy: { measurements: [of(caveats)], note: '' } });
    const nothing = 'No assessed finding was flagged; the film has not been shown to be normal.';
    expect(impression([finding('edema', 'Edema', 0.1)], with_([]))).toEqual([
      'Increased cardiothoracic ratio (0.61).',
      nothing,
    ]);
    expect(impression([finding('edema', 'Edema', 0.1)], with_([notes['ratio-ap']]))).toEqual([nothing]);
  });

  test('3.3 what is unlikely and not urgent is left to Findings, unless there is nothing else to say', () => {
    expect(impression([named('effusion', 0.6), named('fibrosis', 0.1)])).toEqual(['Pleural effusion, likely.']);
    expect(impression([named('fibrosis', 0.1)])).toEqual(['Fibrosis, flagged with a low probability.']);
    expect(write([named('effusion', 0.6), named('fibrosis', 0.1)]).map(({ text }) => text)).toContain(
      'Fibrosis has a low probability but was flagged, and is not excluded.',
    );
  });
});

describe('4 golden texts', () => {
  const ratio = (caveats: string[]): Measurement => ({
    ...{ name: 'cardiothoracic-ratio', value: 0.5163, unit: 'ratio', lines: [], caveats },
    error: { mean: 0.0112, p95: 0.0252, films: 89 },
  });
  const findings = [
    finding('effusion', 'Pleural effusion', 0.9),
    { ...finding('edema', 'Edema', 0.1), positive: true },
    finding('nodule', 'Nodule', 0.3),
  ];
  const region = findings[0]?.region ?? { polygons: [], box: { x: 0, y: 0, width: 0, height: 0 } };
  const over: Partial<PlannedInput> = {
    labels: [...labels, label('hernia', 'Hiatal hernia')],
    anatomy: { measurements: [ratio([notes['ratio-ap']])], note: '' },
    viewPosition: 'AP',
    sideAssumed: true,
    places: new Map([
      [
        LabelId.parse('effusion'),
        {
          ...{ side: 'left', zones: ['lower'], depth: 'costophrenic', extent: 0.074, by: 'mask', region },
          extentError: { mean: 0.031, p95: 0.09 },
        },
      ],
    ]),
  };

  test('4.1 English', () => {
    expect(text(findings, over)).toBe(`TECHNIQUE
Chest radiograph, AP view.
Side assumed: the file does not say how the patient lies in the image.

FINDINGS
Cardiothoracic ratio 0.52, measured on the cardiomediastinum below the hila (error 0.011 on average, below 0.03 on 95 % of films).
AP film: the heart looks larger on such a film, lying or sitting more so.
Pleural effusion at the left costophrenic angle is very likely.
Pleural effusion covers about 7 % of the lungs’ area; such a share is off by 4 points on average and by less than 9 on 95 % of films.
Pulmonary edema has a low probability but was flagged, and is not excluded.
Only pleural effusion, pulmonary edema and nodule were assessed by the model; nothing else was, in particular not hiatal hernia.

IMPRESSION
Pleural effusion at the left costophrenic angle, very likely.
Pulmonary edema, flagged with a low probability.
`);
  });

  test('4.2 German', () => {
    expect(text(findings, { ...over, language: 'de' })).toBe(`TECHNIQUE
Röntgenaufnahme des Thorax, AP-Strahlengang.
Seite angenommen: Die Datei sagt nicht, wie der Patient im Bild liegt.

FINDINGS
Herz-Thorax-Quotient 0,52, gemessen am Herz-Mediastinum-Schatten unterhalb der Hili (Fehler im Mittel 0,011, bei 95 % der Aufnahmen unter 0,03).
AP-Aufnahme: Das Herz wirkt darauf größer, im Liegen oder Sitzen noch mehr.
Ein Pleuraerguss im linken Sinus phrenicocostalis ist sehr wahrscheinlich.
Pleuraerguss: etwa 7 % der Lungenfläche; ein solcher Anteil weicht im Mittel um 4 Punkte ab, bei 95 % der Aufnahmen um weniger als 9.
Ein Lungenödem ist wenig wahrscheinlich, wurde aber markiert und ist nicht ausgeschlossen.
Vom Modell wurden nur Pleuraerguss, Lungenödem und Rundherd geprüft; sonst nichts, insbesondere nicht Hiatushernie.

IMPRESSION
Pleuraerguss im linken Sinus phrenicocostalis, sehr wahrscheinlich.
Lungenödem, mit geringer Wahrscheinlichkeit markiert.
`);
  });

  test('4.3 words of a place rest on the mask that they were counted on, and the sentence says which', () => {
    const said = write(findings, over).find(({ text }) => text.includes('costophrenic'));
    expect(said?.evidence[0]).toMatchObject({
      ...{ kind: 'region', basis: 'mask' },
      place: { side: 'left', zones: ['lower'], depth: 'costophrenic' },
    });
  });
});

describe('5 cardiomegaly beside the measured ratio', () => {
  const beside = (value: number, findings: Finding[]) =>
    write(findings, {
      anatomy: {
        measurements: [
          {
            ...{ name: 'cardiothoracic-ratio', value, unit: 'ratio', lines: [], caveats: [] },
            error: { mean: 0.02, p95: 0.05, films: 89 },
          },
        ],
        note: '',
      },
    });
  const heart = finding('cardiomegaly', 'Cardiomegaly', 0.45);
  const small = 'The measured cardiothoracic ratio (0.42) is not increased.';
  const textsOf = (value: number, findings: Finding[]) => beside(value, findings).map(({ text }) => text);

  test('5.1 a ratio that is not increased is said beside it; it is the measurement’s sentence and stays when the finding goes', () => {
    const sources = beside(0.42, [heart, finding('effusion', 'Pleural effusion', 0.6)]);
    const said = sources.find(({ text }) => text === small);
    expect([said?.section, said?.finding]).toEqual(['findings', null]);
    expect(said?.evidence.map(({ kind }) => kind)).toEqual(['measurement']);
    const impression = sources.filter(({ section }) => section === 'impression').map(({ text }) => text);
    expect(impression).toEqual(['Pleural effusion, likely.', 'Cardiomegaly, possible.']);
  });

  test('5.2 nothing is said at a ratio that could be either, nor where cardiomegaly was not flagged', () => {
    expect(textsOf(0.48, [heart])).not.toContainEqual(expect.stringMatching(/not increased/));
    expect(textsOf(0.42, [finding('edema', 'Edema', 0.6)])).not.toContainEqual(expect.stringMatching(/not increased/));
  });

  test('5.3 the sentence is no word of cardiomegaly: when the finding’s own are taken out, the check before signing misses it', () => {
    const left = beside(0.42, [heart]).filter((source) => source.finding !== 'cardiomegaly');
    expect(left.map(({ text }) => text)).toContain(small);
    const complaints = checksBeforeSigning({
      document: documentOf(left),
      patient: { sex: 'F', ageYears: 50 },
      findings: [
        { label: heart.label, name: heart.name, positive: true, side: null, decision: 'accepted', looked: true },
      ],
      heart: { ratio: 0.42, enlarged: false },
      priors: 0,
    });
    expect(complaints.map(({ message }) => message).join(' ')).toMatch(/ardiomegaly/);
  });
});
