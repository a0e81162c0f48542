import { describe, expect, test } from 'vitest';
import type { ImageHeader } from '../imaging/header.ts';
import { headerOf } from '../imaging/testdata/header.ts';
import type { Instance } from './study.ts';
import { InstanceId, SeriesId } from './ids.ts';
import { rankFilms, type Choice } from './bestFilm.ts';

const header = headerOf({ modality: 'DX', bodyPart: 'CHEST', viewPosition: 'PA', patientAgeYears: 50 });
const film = (id: string, change: Partial<ImageHeader>): Instance => ({
  id: InstanceId.parse(id),
  series: SeriesId.parse('1'),
  number: null,
  header: { ...header, ...change },
});
const accepts = { modalities: ['DX'], bodyParts: ['CHEST', ''], views: ['PA', 'AP', ''], minAgeYears: 18 };
const ids = (choices: Choice[]) => choices.map((choice) => choice.film.id);

describe('1 the films that a draft may be made from', () => {
  test('1.1 PA and lateral with repeats: the larger PA first, then the smaller, then AP; the lateral with its reason', () => {
    const { accepted, refused } = rankFilms(
      [
        film('lat', { viewPosition: 'LL' }),
        film('pa-small', {}),
        film('pa', { rows: 200 }),
        film('ap', { viewPosition: 'AP', rows: 999 }),
      ],
      accepts,
    );
    expect(ids(accepted)).toEqual(['pa', 'pa-small', 'ap']);
    expect(ids(refused)).toEqual(['lat']);
    expect(refused[0]?.gate.message).toContain('LL');
  });
  test('1.2 AP before a view that the header does not tell', () =>
    expect(
      ids(rankFilms([film('x', { viewPosition: '' }), film('ap', { viewPosition: 'AP' })], accepts).accepted),
    ).toEqual(['ap', 'x']));
  test('1.3 a child alone makes no draft', () => {
    const { accepted, refused } = rankFilms([film('child', { patientAgeYears: 6 })], accepts);
    expect([ids(accepted), ids(refused)]).toEqual([[], ['child']]);
    expect(rankFilms([], accepts)).toEqual({ accepted: [], refused: [] });
  });
});
