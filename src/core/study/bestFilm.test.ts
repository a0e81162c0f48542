import { describe, expect, test } from 'vitest';
import type { ImageHeader } from '../imaging/header.ts';
import { headerOf } from '../imaging/testdata/header.ts';
import type { Instance } from './study.ts';
import { InstanceId, SeriesId } from './ids.ts';
import { bestFilm } from './bestFilm.ts';

const header = headerOf({ modality: 'DX', bodyPart: 'CHEST', viewPosition: 'PA', patientAgeYears: 50 });
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
