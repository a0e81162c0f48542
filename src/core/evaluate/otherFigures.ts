/** Figures of gate, places, anatomy and speed. */
import type { Pack, PackLabel } from '../pack/pack.ts';
import type { AnatomyFigures, Evaluation, GateFigures, PlaceFigures } from './evaluation.ts';
import { statedView, type FilmRow } from './film.ts';
import { anatomyOnly } from './places.ts';
import type { Box } from '../imaging/saliency.ts';
import { wilson } from './rates.ts';
import { bootstrap, drawsByPatient, quantileOf } from './resamples.ts';

const ADULT = 18;

/** What images.csv says a film is: `valid` is a frontal film of somebody who is not known to be a child. */
function kindOf({ view, ageYears, expected }: FilmRow): 'valid' | 'child' | 'lateral' | 'unknown' | 'bad' {
  if (expected !== '') return expected === 'accepted' ? 'valid' : 'bad';
  if (ageYears !== null && ageYears < ADULT) return 'child';
  const stated = statedView(view);
  if (stated === 'PA' || stated === 'AP') return 'valid';
  return stated ?? 'unknown';
}

const others = { child: 'children', lateral: 'lateral films', unknown: 'view not stated' };

export function gateFigures(films: readonly FilmRow[]): GateFigures {
  const refusedBy = (some: readonly FilmRow[], by: 'header' | 'pixels') =>
    some.filter(({ gate }) => gate?.by === by).length;
  const reasons = new Map<string, GateFigures['reasons'][number]>();
  for (const { gate } of films) {
    if (!gate?.by) continue;
    const key = `${gate.by} ${gate.reason}`;
    const known = reasons.get(key) ?? { by: gate.by, reason: gate.reason, films: 0, message: gate.message };
    known.films++;
    reasons.set(key, known);
  }
  const valid = films.filter((film) => film.gate && kindOf(film) === 'valid');
  return {
    reasons: [...reasons.values()].sort((a, b) => b.films - a.films),
    valid: [...new Set(valid.map(({ source }) => source))].sort().flatMap((source) => {
      const some = valid.filter((film) => film.source === source);
      const [header, pixels] = [refusedBy(some, 'header'), refusedBy(some, 'pixels')];
      const refused = wilson(header + pixels, some.length);
      return refused ? [{ source, films: some.length, header, pixels, refused }] : [];
    }),
    kinds: badKinds(films.filter((film) => film.gate && kindOf(film) === 'bad')),
    others: (['child', 'lateral', 'unknown'] as const).flatMap((kind) => {
      const some = films.filter((film) => film.gate && kindOf(film) === kind);
      const accepted = some.filter(({ gate }) => gate?.accepted).length;
      const by = { header: refusedBy(some, 'header'), pixels: refusedBy(some, 'pixels') };
      return some.length > 0 ? [{ what: others[kind], films: some.length, ...by, accepted }] : [];
    }),
  };
}

function badKinds(films: readonly FilmRow[]): GateFigures['kinds'] {
  const kinds = [...new Set(films.map(({ expected }) => expected))].flatMap((expected) => {
    const some = films.filter((film) => film.expected === expected);
    const refused = wilson(some.filter(({ gate }) => !gate?.accepted).length, some.length);
    const named = wilson(some.filter(({ gate }) => gate?.reason === expected).length, some.length);
    return refused && named ? [{ expected, films: some.length, refused, named }] : [];
  });
  return kinds.sort((a, b) => a.refused.value - b.refused.value || a.named.value - b.named.value);
}

/** Boxes that people drew of a film's findings, by label. */
export type BoxesOf = (film: FilmRow, label: string) => readonly Box[];

export function placeFigures(labels: readonly PackLabel[], films: readonly FilmRow[], boxes: BoxesOf): PlaceFigures[] {
  return labels.flatMap(({ id, name, listed }) => {
    const drawn = films.filter((film) => typeof film.findings[id]?.hit === 'boolean');
    const hits = wilson(drawn.filter((film) => film.findings[id]?.hit).length, drawn.length);
    if (!hits) return [];
    const placed = drawn.flatMap((film) => {
      const lungs = film.lungs?.found ? film.lungs.box : null;
      return lungs ? [{ patient: film.patient, boxes: boxes(film, id), lungs }] : [];
    });
    const mean = (values: (number | null | undefined)[]) => {
      const some = values.filter((value): value is number => typeof value === 'number');
      return some.length === 0 ? null : some.reduce((sum, value) => sum + value, 0) / some.length;
    };
    return [
      {
        id,
        name,
        listed,
        films: drawn.length,
        hits,
        anatomyOnly: placed.length > 1 ? wilson(anatomyOnly(placed).filter(Boolean).length, placed.length) : null,
        anatomyFilms: placed.length,
        overlap: mean(drawn.map((film) => film.findings[id]?.overlap)) ?? 0,
        lungsOverlap: mean(drawn.map((film) => film.findings[id]?.lungsOverlap)),
      },
    ];
  });
}

export function anatomyFigures({ masks }: Pick<Pack, 'masks'>, films: readonly FilmRow[]): AnatomyFigures {
  const measured = masks.flatMap(({ id, name, dice: card }) => {
    const some = films.filter((film) => film.dice[id] !== undefined);
    if (some.length === 0) return [];
    const values = some.map((film) => film.dice[id] ?? 0);
    const mean = (rows: readonly number[]) => rows.reduce((sum, row) => sum + (values[row] ?? 0), 0) / rows.length;
    const draws = drawsByPatient(some.map(({ patient }) => patient));
    const dice = bootstrap(mean([...values.keys()]), draws, mean);
    return [{ id, name, films: some.length, dice, worst: Math.min(...values), card }];
  });
  const drawn = films.filter((film) => film.lungs !== null);
  const lungs = [...new Set(drawn.map(({ source }) => source))].sort().flatMap((source) => {
    const some = drawn.filter((film) => film.source === source);
    const boxed = some.filter((film) => typeof film.lungs?.overlap === 'number');
    const found = wilson(some.filter((film) => film.lungs?.found).length, some.length);
    const inBoxes = wilson(boxed.filter((film) => (film.lungs?.overlap ?? 0) >= 0.5).length, boxed.length);
    return found ? [{ source, films: some.length, found, boxed: boxed.length, inBoxes }] : [];
  });
  return { masks: measured, ratio: ratioFigures(films), lungs };
}

function ratioFigures(films: readonly FilmRow[]): AnatomyFigures['ratio'] {
  const wanted = films.filter((film) => film.ratio?.annotators != null);
  const pairs = wanted.flatMap(({ patient, ratio }) =>
    ratio?.pack != null && ratio.annotators != null ? [{ patient, error: ratio.pack - ratio.annotators }] : [],
  );
  if (pairs.length === 0) return null;
  const errors = pairs.map(({ error }) => Math.abs(error));
  const mean = (rows: readonly number[]) => rows.reduce((sum, row) => sum + (errors[row] ?? 0), 0) / rows.length;
  const sorted = [...errors].sort((a, b) => a - b);
  return {
    films: pairs.length,
    without: wanted.length - pairs.length,
    meanError: bootstrap(mean([...errors.keys()]), drawsByPatient(pairs.map(({ patient }) => patient)), mean),
    p95Error: quantileOf(sorted, 0.95),
    worst: Math.max(...errors),
    bias: pairs.reduce((sum, { error }) => sum + error, 0) / pairs.length,
  };
}

/** Of films that went all the way; reading the table and writing the page are not counted. */
export function speedOf(films: readonly FilmRow[]): Evaluation['speed'] {
  const times = films
    .filter(({ gate }) => gate?.accepted)
    .map(({ milliseconds }) => milliseconds)
    .sort((a, b) => a - b);
  const total = times.reduce((sum, ms) => sum + ms, 0);
  return {
    films: times.length,
    filmsPerSecond: total === 0 ? 0 : (1000 * times.length) / total,
    medianMilliseconds: times.length === 0 ? 0 : quantileOf(times, 0.5),
  };
}
