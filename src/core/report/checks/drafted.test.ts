import { expect, test } from 'vitest';
import type { PackLabel } from '../../pack/pack.ts';
import { LabelId } from '../../study/ids.ts';
import type { ReportLanguage } from '../language.ts';
import { documentOf, languageOf, plannedDraft } from '../planned.ts';
import { checksBeforeSigning } from './checks.ts';

const half = { value: 0.5, low: 0.4, high: 0.6 };
const label = (id: string, name: string): PackLabel => ({
  id,
  name,
  listed: true,
  calibration: { slope: 1, intercept: 0 },
  threshold: 0.1,
  prevalence: 0.1,
  positives: 10,
  auc: half,
  sensitivity: half,
  specificity: half,
  calibrationError: 0.1,
});
const labels = [
  label('effusion', 'Pleural effusion'),
  label('edema', 'Edema'),
  label('lung-opacity', 'Lung opacity'),
  label('pneumonia', 'Pneumonia'),
  label('nodule', 'Nodule'),
];
const isPositive = (probability: number) => probability >= 0.1;

/** The checks on a draft of four findings, with `left` sentences of the model taken out. */
function checksOf(probabilities: readonly number[], left = '', language: ReportLanguage = 'en') {
  const findings = labels.slice(0, 4).map(({ id, name }, index) => {
    const probability = probabilities[index] ?? 0;
    const positive = isPositive(probability);
    return { label: LabelId.parse(id), name, probability, threshold: 0.1, positive, region: null };
  });
  const film = { instance: '1.2', viewPosition: 'PA', sideAssumed: true, note: '', language };
  const sources = plannedDraft({ findings, labels, anatomy: null, ...film });
  return checksBeforeSigning({
    document: documentOf(sources.filter(({ text }) => left === '' || !text.startsWith(left))),
    patient: { sex: 'F', ageYears: 50 },
    findings: findings.map(({ label: id, name, positive }) => ({
      ...{ label: id, name, positive },
      ...{ side: null, decision: null, looked: true },
    })),
    heart: null,
    priors: 0,
    language: languageOf(sources),
  }).map(({ check, label: of }) => [check, of]);
}

test.each([
  [[0.01, 0.02, 0.03, 0.04]],
  [[0.15, 0.15, 0.15, 0.15]],
  [[0.95, 0.6, 0.45, 0.15]],
  [[0.95, 0.01, 0.01, 0.6]],
])('1.1 a draft of findings at %j, untouched, raises nothing', (probabilities) => {
  expect(checksOf(probabilities)).toEqual([]);
});

test('1.2 a finding whose sentences are taken out is missed, although the draft says that it was assessed', () => {
  expect(checksOf([0.9, 0.01, 0.01, 0.01], 'Pleural effusion')).toEqual([
    ['missed-finding', 'effusion'],
    ['empty-impression', null],
  ]);
});

test('1.3 a German draft is not passed silently, nor read with English words', () => {
  expect(checksOf([0.9, 0.01, 0.6, 0.15], '', 'de')).toEqual([['not-read', null]]);
  expect(checksOf([0.9, 0.01, 0.01, 0.01], 'Pleuraerguss', 'de')).toEqual([
    ['empty-impression', null],
    ['not-read', null],
  ]);
});
