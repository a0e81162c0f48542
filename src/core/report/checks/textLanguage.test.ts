/** Text that the checks do not read is never passed over in silence, whatever the draft was written in. */
import { describe, expect, test } from 'vitest';
import { documentOf, plannedDraft } from '../planned.ts';
import type { ReportDocument } from '../report.ts';
import type { CheckId } from './check.ts';
import { checksBeforeSigning } from './checks.ts';
import { languageOfText } from './textLanguage.ts';
import { LabelId } from '../../study/ids.ts';

const report = (findings: string, impression: string): ReportDocument => ({
  sections: [
    { key: 'findings', paragraphs: [[{ text: findings, source: null }]] },
    { key: 'impression', paragraphs: [[{ text: impression, source: null }]] },
  ],
});
const effusion = {
  ...{ label: LabelId.parse('effusion'), name: 'Pleural effusion', positive: true },
  ...{ side: null, decision: null, looked: true },
};
const checked = (document: ReportDocument, language: 'en' | 'de' = 'en') =>
  checksBeforeSigning({
    ...{ document, patient: { sex: '', ageYears: null }, findings: [effusion], heart: null, priors: 1, language },
  });
const names = (document: ReportDocument, language: 'en' | 'de' = 'en'): CheckId[] =>
  checked(document, language).map(({ check }) => check);

describe('1 a sentence', () => {
  test.each([
    ['Kein Pleuraerguss.', 'other'],
    ['Das Herz ist nicht vergrößert.', 'other'],
    ['Pas d’épanchement pleural.', 'other'],
    ['Sin derrame pleural.', 'other'],
    ['Non versamento pleurico a destra.', 'other'],
    ['Sem derrame pleural à direita.', 'other'],
    ['Geen pleuravocht, longen helder.', 'other'],
    ['Плеврального выпота нет.', 'other'],
    ['胸水なし。', 'other'],
    ['لا يوجد انصباب جنبي', 'other'],
    ['Δεν υπάρχει πλευριτική συλλογή.', 'other'],
    ['No pleural effusion.', 'english'],
    ['The film was discussed with Dr Müller.', 'english'],
    ['The α-angle is normal, non-specific opacity at the base.', 'english'],
    ['Normal.', 'unknown'],
    ['Pneumothorax.', 'unknown'],
  ])('1.1 %s: %s', (text, expected) => expect(languageOfText(text)).toBe(expected));
});

describe('2 a report', () => {
  test('2.1 that a reader wrote in German under an English draft is not read, and no check of words claims to have run', () => {
    const german = report('Kein Pneumothorax. Das Herz ist normal groß.', 'Kein Pleuraerguss.');
    expect(names(german)).toEqual(['not-read']);
    expect(checked(german)[0]?.message).toMatch(/^The text is not in English/);
  });

  test('2.2 with one sentence in German is read, and that sentence is pointed at', () => {
    const mixed = report(
      'The heart is normal in size. Kein Pleuraerguss links.',
      'Small pleural effusion on the right.',
    );
    const [found] = checked(mixed).filter(({ check }) => check === 'not-read');
    expect(found).toMatchObject({
      message: expect.stringMatching(/^One sentence is not in English/) as string,
      places: [{ section: 'findings', paragraph: 0, from: 29, to: 53 }],
    });
    expect(names(report('The heart is normal. Kein Erguss.', 'The lungs are clear.'))).toContain('missed-finding');
  });

  test('2.3 that was drafted in German and rewritten in English is read', () => {
    expect(names(report('There is no pneumothorax.', 'The lungs are clear.'), 'de')).toEqual(['missed-finding']);
  });

  test('2.4 of words that are in no language stays what it was drafted in', () => {
    expect(names(report('Normal.', 'Normal.'), 'de')).toEqual(['not-read']);
    expect(names(report('Normal.', 'Normal.'), 'en')).toEqual(['missed-finding']);
  });

  test('2.5 as the German phrase book writes it is known for German without being told', () => {
    const sources = plannedDraft({
      ...{ findings: [], labels: [], anatomy: null, instance: '1.2.3', viewPosition: 'PA', sideAssumed: true },
      ...{ note: '', language: 'de' },
    });
    expect(names(documentOf(sources), 'en')).toContain('not-read');
  });
});
