import { describe, expect, test } from 'vitest';
import { AppError } from '#contract/errors.ts';
import { headerOf } from '#core/imaging/testdata/header.ts';
import { ANOTHER_WAS_READ, type Choice } from '#core/study/bestFilm.ts';
import { InstanceId, SeriesId } from '#core/study/ids.ts';
import { chooseFilm, type Looking } from './filmChoice.ts';

const choice = (id: string, message = ''): Choice => ({
  film: { id: InstanceId.parse(id), series: SeriesId.parse('1'), number: null, header: headerOf() },
  gate: { accepted: message === '', reason: message === '' ? null : 'view', message, caveats: [] },
});
const pixels = {
  rows: 1,
  columns: 1,
  samplesPerPixel: 1,
  kind: 'u8',
  data: new Uint8Array(1),
  min: 0,
  max: 0,
} as const;
/** Films whose names begin with x do not open; with n are not accepted by their pixels. */
const looking: Looking<string> = {
  open: ({ film }) =>
    film.id.startsWith('x') ? Promise.reject(new AppError('unsupported', 'damaged')) : Promise.resolve(film.id),
  look: ({ film, gate }, opened) => {
    const accepted = !opened.startsWith('n');
    const seen = {
      ...gate,
      accepted,
      reason: accepted ? null : ('inverted' as const),
      message: accepted ? '' : 'inverted',
    };
    return Promise.resolve({ header: film.header, pixels, gate: seen });
  },
};
const reasons = (found: Awaited<ReturnType<typeof chooseFilm>>) =>
  found.notUsed.map(({ choice: { film }, reason }) => [film.id, reason]);

describe('1 the film that is read', () => {
  test('1.1 is the first that opens and is accepted; every other one has its reason', async () => {
    const accepted = ['x1', 'n2', 'a3', 'a4'].map((id) => choice(id));
    const found = await chooseFilm({ accepted, refused: [choice('lat', 'lateral')] }, looking);
    expect(found.best?.choice.film.id).toBe('a3');
    expect(reasons(found)).toEqual([
      ['lat', 'lateral'],
      ['x1', 'damaged'],
      ['n2', 'inverted'],
      ['a4', ANOTHER_WAS_READ],
    ]);
    expect(found.refusals.map(({ choice: { film } }) => film.id)).toEqual(['n2']);
  });

  test('1.2 is none where no film passes', async () => {
    const found = await chooseFilm({ accepted: [choice('n1'), choice('x2')], refused: [] }, looking);
    expect([found.best, reasons(found).length]).toEqual([null, 2]);
  });

  test('1.3 cancelling is no reason of a film', async () => {
    const open = () => Promise.reject(new AppError('cancelled', 'cancelled'));
    await expect(chooseFilm({ accepted: [choice('a')], refused: [] }, { ...looking, open })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
