import { describe, expect, test } from 'vitest';
import type { ImageHeader } from '../imaging/header.ts';
import type { Instance } from './study.ts';
import { InstanceId, SeriesId } from './ids.ts';
import { bestFilm } from './bestFilm.ts';

const header: ImageHeader = {
  sopClassUid: '1.2.840.10008.5.1.4.1.1.1.1',
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  modality: 'DX',
  bodyPart: 'CHEST',
  viewPosition: 'PA',
  laterality: '',
  presentationIntent: 'FOR PRESENTATION',
  imageType: [],
  conversionType: '',
  manufacturer: '',
  stationName: '',
  kvp: null,
  exposureMas: null,
  sliceThickness: null,
  sliceLocation: null,
  patientAgeYears: 50,
  patientSex: 'F',
  rows: 100,
  columns: 100,
  frames: 1,
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  planarConfiguration: 0,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  signed: false,
  pixelPadding: null,
  rescaleSlope: 1,
  rescaleIntercept: 0,
  rescaleType: '',
  modalityLut: null,
  windows: [],
  voiFunction: 'LINEAR',
  voiLuts: [],
  presentationLutShape: '',
  patientOrientation: ['L', 'F'],
  imageOrientation: null,
  imagePosition: null,
  pixelSpacing: null,
  pixelSpacingCalibration: '',
  imagerPixelSpacing: null,
  magnification: null,
  pixelAspectRatio: null,
  lossy: false,
  lossyRatio: null,
  burnedIn: '',
  shutters: [],
  overlays: [],
  synthetic: false,
};
const film = (id: string, change: Partial<ImageHeader>): Instance => ({
  id: InstanceId.parse(id),
  series: SeriesId.parse('1'),
  number: null,
  header: { ...header, ...change },
});
const accepts = { modalities: ['DX'], bodyParts: ['CHEST', ''], views: ['PA', 'AP', ''], minAgeYears: 18 };

describe('1 the film that a draft is made from', () => {
  test('1.1 PA and lateral with repeats: the larger PA; the others with their reason', () => {
    const { best, notUsed } = bestFilm(
      [
        film('lat', { viewPosition: 'LL' }),
        film('pa-small', {}),
        film('pa', { rows: 200 }),
        film('ap', { viewPosition: 'AP', rows: 999 }),
      ],
      accepts,
    );
    expect(best?.film.id).toBe('pa');
    expect(notUsed.map(({ instance }) => instance)).toEqual(['lat', 'pa-small', 'ap']);
    expect(notUsed[0]?.reason).toContain('LL');
    expect(notUsed[1]?.reason).toContain('Another frontal film');
  });
  test('1.2 AP before a view that the header does not tell', () =>
    expect(bestFilm([film('x', { viewPosition: '' }), film('ap', { viewPosition: 'AP' })], accepts).best?.film.id).toBe(
      'ap',
    ));
  test('1.3 a refused film does not stop the exam, but alone it makes no draft', () => {
    expect(bestFilm([film('child', { patientAgeYears: 6 })], accepts)).toMatchObject({
      best: null,
      notUsed: [{ instance: 'child' }],
    });
    expect(bestFilm([], accepts)).toEqual({ best: null, notUsed: [] });
  });
});
