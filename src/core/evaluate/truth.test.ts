import { describe, expect, test } from 'vitest';
import { labelWords, truthReader } from './truth.ts';

const labels = [
  ['effusion', 'Pleural effusion'],
  ['mass', 'Mass'],
  ['pneumonia', 'Pneumonia'],
  ['infiltration', 'Infiltration'],
  ['consolidation', 'Consolidation'],
  ['pleural-thickening', 'Pleural thickening'],
  ['lung-opacity', 'Lung opacity'],
].map(([id = '', name = '']) => ({ id, name }));
const nih = (findingLabels: string) => ({ source: 'NIH', findingLabels });
const some = [
  'Effusion|Mass',
  'Infiltration|Consolidation|Pleural_Thickening',
  'Pneumonia #RSNA: Lung Opacity',
  'No Finding',
].map(nih);
const truth = (findingLabels: string) => Object.fromEntries(truthReader(labels, some)(nih(findingLabels)));

describe('1 words', () => {
  test('1.1 id, name, underscores and other usual words', () => {
    const idOf = labelWords(labels);
    const words = [
      'Effusion',
      'pleural effusion',
      'Pleural_Thickening',
      'Lung Opacity (RSNA)',
      'Infiltrate',
      'COVID-19',
    ];
    expect(words.map(idOf)).toEqual([
      'effusion',
      'effusion',
      'pleural-thickening',
      'lung-opacity',
      'infiltration',
      undefined,
    ]);
  });

  test('1.2 named findings are there, the others of the source are not', () => {
    expect(truth('Effusion|Mass')).toMatchObject({ effusion: true, mass: true, infiltration: false });
    expect(truth('No Finding')).toMatchObject({ effusion: false, mass: false });
  });

  test('1.3 a film without a known word, and a finding that the source never names, say nothing', () => {
    expect(Object.values(truth('COVID-19'))).toEqual(labels.map(() => null));
    const read = truthReader(labels, [
      { source: 'A', findingLabels: 'Mass' },
      { source: 'B', findingLabels: 'Effusion' },
    ]);
    expect(read({ source: 'B', findingLabels: 'No Finding' }).get('mass')).toBeNull();
    expect(read({ source: 'B', findingLabels: 'No Finding' }).get('effusion')).toBe(false);
  });
});

describe('2 a radiologist’s reading stands above mined words', () => {
  test('2.1 normal: nothing is there', () => {
    const read = truth('Effusion|Pneumonia #RSNA: Normal');
    expect(Object.values(read)).toEqual(labels.map(() => false));
  });
  test('2.2 no opacity: no pneumonia, and a mined consolidation is undecided', () => {
    expect(truth('Effusion|Consolidation|Pneumonia #RSNA: No Lung Opacity / Not Normal')).toMatchObject({
      effusion: true,
      pneumonia: false,
      'lung-opacity': false,
      consolidation: null,
      infiltration: false,
    });
  });
  test('2.3 opacity: pneumonia only where the report names it', () => {
    expect(truth('Pneumonia #RSNA: Lung Opacity; Lung Opacity')).toMatchObject({
      pneumonia: true,
      'lung-opacity': true,
    });
    expect(truth('No Finding #RSNA: Lung Opacity')).toMatchObject({
      pneumonia: null,
      'lung-opacity': true,
      infiltration: null,
      consolidation: null,
      effusion: false,
    });
  });
  test('2.4 without a reading a source that has some says nothing of pneumonia', () => {
    expect(truth('Pneumonia|Effusion')).toMatchObject({ pneumonia: null, 'lung-opacity': null, effusion: true });
  });
});
