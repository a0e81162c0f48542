import { describe, expect, test } from 'vitest';
import type { ImageHeader } from '../imaging/header.ts';
import { headerOf } from '../imaging/testdata/header.ts';
import { gateOf } from './gate.ts';

const chest = {
  modalities: ['DX', 'CR', 'OT'],
  bodyParts: ['CHEST', 'THORAX', ''],
  views: ['PA', 'AP', ''],
  minAgeYears: 18,
};
type Changes = Partial<ImageHeader>;
const gate = (changes: Changes = {}) => gateOf(chest, headerOf(changes));

describe('1 accepted', () => {
  test('1.1 an adult’s PA film in a known pose, without remark', () => {
    expect(gate()).toEqual({ accepted: true, reason: null, message: '', caveats: [] });
    expect(gate({ bodyPart: ' chest ', viewPosition: 'pa' }).accepted).toBe(true);
  });

  test.each<[Changes, RegExp]>([
    [{ patientOrientation: null }, /^Side assumed: the file does not say/],
    [{ patientOrientation: ['X', 'Y'] }, /^Side assumed: .* not understood/],
    [{ viewPosition: 'AP' }, /^AP film/],
    [{ viewPosition: '' }, /which view/],
    [{ bodyPart: '' }, /which part/],
    [{ patientAgeYears: null }, /18 years and over/],
    [{ synthetic: true }, /^Not a film of a person/],
    [{ presentationLutShape: 'INVERSE' }, /contradicts itself/],
  ])('1.2 with one remark: %j', (changes, caveat) => {
    const { accepted, caveats } = gate(changes);
    expect(accepted).toBe(true);
    expect(caveats).toEqual([expect.stringMatching(caveat)]);
  });

  test('1.3 a star takes anything', () => {
    const any = { modalities: ['*'], bodyParts: ['*'], views: ['*'], minAgeYears: 0 };
    const header = headerOf({
      modality: 'MG',
      bodyPart: 'BREAST',
      viewPosition: 'LL',
      patientAgeYears: null,
      patientOrientation: ['A', 'F'],
    });
    expect(gateOf(any, header)).toEqual({ accepted: true, reason: null, message: '', caveats: [] });
  });
});

describe('2 refused, by name', () => {
  test.each<[string, Changes, string]>([
    ['modality', { modality: 'CT' }, 'Expected modality DX, CR, OT, found CT.'],
    ['for-processing', { presentationIntent: 'FOR PROCESSING' }, 'Expected an image FOR PRESENTATION'],
    [
      'for-processing',
      { presentationIntent: '', sopClassUid: '1.2.840.10008.5.1.4.1.1.1.1.1' },
      'Expected an image FOR PRESENTATION',
    ],
    ['multi-frame', { frames: 30 }, 'Expected one image, found 30 frames.'],
    ['body-part', { bodyPart: 'HAND' }, 'Expected body part CHEST, THORAX, none given, found HAND.'],
    ['view', { viewPosition: 'LL' }, 'Expected view PA, AP, none given, found LL (lateral).'],
    [
      'view',
      { viewPosition: '', patientOrientation: ['P', 'F'] },
      'Expected a frontal film, found Patient Orientation P\\F (lateral).',
    ],
    ['age', { patientAgeYears: 17.9 }, 'Expected a patient of at least 18 years, found 17 years.'],
    ['age', { patientAgeYears: 0.5 }, 'Expected a patient of at least 18 years, found 6 months.'],
  ])('2.1 %s: %j', (reason, changes, words) => {
    const refused = gate(changes);
    expect(refused.accepted).toBe(false);
    expect(refused.reason).toBe(reason);
    expect(refused.message).toContain(words);
    expect(refused.message).toMatch(/\. [A-Z].*\.$/); // what to do
  });

  test('2.2 an empty body part or view only where the pack lists it', () => {
    const strict = { ...chest, bodyParts: ['CHEST'], views: ['PA'] };
    const refused = gateOf(strict, headerOf({ bodyPart: '' }));
    expect(refused.reason).toBe('body-part');
    expect(refused.message).toContain('found none');
    expect(gateOf(strict, headerOf({ viewPosition: '' })).reason).toBe('view');
  });

  test('2.3 a refused film keeps its remarks', () => {
    expect(gate({ modality: 'CT', synthetic: true }).caveats).toContain(
      'Not a film of a person: this image was made by mathematics.',
    );
  });
});
