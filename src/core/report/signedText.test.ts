import { expect, test } from 'vitest';
import { signedText, type SignedTextInput } from './signedText.ts';

const input: SignedTextInput = {
  patient: {
    id: 'P-1',
    issuer: 'HOSPITAL',
    name: { alphabetic: 'Quixano^Alonso', ideographic: '山田', phonetic: '' },
    birthDate: '19500101',
    sex: 'M',
  },
  study: { id: '1.2.3', date: '20260104', accession: 'A1', description: 'Chest' },
  document: { sections: [{ key: 'impression', paragraphs: [[{ text: ' Normal. ', source: null }]] }] },
  language: 'en',
  addenda: [],
  addendum: null,
  correction: null,
};

test('1.1 names patient and study, then the report, line by line', () => {
  expect(signedText(input)).toBe(
    [
      'For research and evaluation. Not for clinical use.',
      'Patient: Quixano, Alonso = 山田',
      'Patient id: P-1 (HOSPITAL)',
      'Born: 1950-01-01',
      'Study: 2026-01-04, Chest',
      'Accession: A1',
      'Study UID: 1.2.3',
      '',
      'IMPRESSION',
      'Normal.',
      '',
    ].join('\n'),
  );
});

test('1.2 another patient with the same words is another text', () => {
  const other = { ...input, patient: { ...input.patient, id: 'P-2' } };
  expect(signedText(other)).not.toBe(signedText(input));
});

test('1.3 addenda stand below in their order, a correction says what it replaces', () => {
  const at = Date.UTC(2026, 0, 5, 8, 30);
  const text = signedText({
    ...input,
    addenda: [{ text: 'First.', name: 'Dr A', at }],
    addendum: ' Second. ',
    correction: { reason: 'wrong side', replaces: 2, at },
  });
  expect(text).toContain('Corrected report. It replaces version 2 of 2026-01-05 08:30 UTC. Reason: wrong side\n');
  expect(
    text.endsWith('IMPRESSION\nNormal.\n\nADDENDUM 1 (Dr A, 2026-01-05 08:30 UTC)\nFirst.\n\nADDENDUM 2\nSecond.\n'),
  ).toBe(true);
});

test('1.4 a German report has German headings', () => {
  const text = signedText({ ...input, language: 'de' });
  expect(text).toContain('\nBEURTEILUNG\nNormal.\n');
  expect(text).not.toContain('IMPRESSION');
});
