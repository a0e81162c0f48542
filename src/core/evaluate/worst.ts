/** The films where the packs were most wrong: what a committee should look at. */
import type { PackLabel } from '../pack/pack.ts';
import type { WorstCase } from './evaluation.ts';
import type { FilmRow } from './film.ts';
import { knownFilms, type Judged } from './findingFigures.ts';

/** So many of each kind, so that the page stays readable. */
const MISSED = 2;
const FALSE = 1;
const REFUSED = 6;
const ANATOMY = 3;

export function worstCases(
  labels: readonly PackLabel[],
  judged: readonly Judged[],
  films: readonly FilmRow[],
): WorstCase[] {
  const found = labels
    .filter(({ listed }) => listed)
    .flatMap((label) => {
      const known = knownFilms(judged, label.id).films.map(({ film, truth }) => ({
        film,
        there: truth.get(label.id) === true,
        probability: film.findings[label.id]?.probability ?? 0,
      }));
      const entry =
        (kind: 'missed' | 'false', words: string) =>
        ({ film, probability }: (typeof known)[number]): WorstCase => ({
          ...named(film),
          kind,
          label: label.id,
          what: `${label.name} ${words}, probability ${probability.toFixed(2)} (called from ${label.threshold.toFixed(2)})`,
        });
      const missed = known.filter(({ there, probability }) => there && probability < label.threshold);
      const called = known.filter(({ there, probability }) => !there && probability >= label.threshold);
      return [
        ...missed
          .sort((a, b) => a.probability - b.probability)
          .slice(0, MISSED)
          .map(entry('missed', 'missed')),
        ...called
          .sort((a, b) => b.probability - a.probability)
          .slice(0, FALSE)
          .map(entry('false', 'called where there is none')),
      ];
    });
  const refused = films
    .filter(({ gate }) => gate?.by === 'pixels')
    .slice(0, REFUSED)
    .map((film): WorstCase => ({
      ...named(film),
      kind: 'refused',
      label: '',
      what: `Refused by its pixels: ${film.gate?.reason ?? ''}`,
    }));
  const overlap = judged
    .flatMap(({ film }) => Object.entries(film.dice).map(([mask, dice]) => ({ film, mask, dice })))
    .filter(({ mask }) => mask !== 'lung-opacity')
    .sort((a, b) => a.dice - b.dice)
    .slice(0, ANATOMY)
    .map(({ film, mask, dice }): WorstCase => ({
      ...named(film),
      kind: 'anatomy',
      label: mask,
      what: `${mask.replace('-', ' ')}: Dice ${dice.toFixed(3)}`,
    }));
  const ratio = judged
    .flatMap(({ film }) =>
      film.ratio?.pack != null && film.ratio.annotators != null
        ? [{ film, pack: film.ratio.pack, annotators: film.ratio.annotators }]
        : [],
    )
    .sort((a, b) => Math.abs(b.pack - b.annotators) - Math.abs(a.pack - a.annotators))
    .slice(0, ANATOMY)
    .map(({ film, pack, annotators }): WorstCase => ({
      ...named(film),
      kind: 'ratio',
      label: '',
      what: `Cardiothoracic ratio ${pack.toFixed(2)}, by the annotators’ masks ${annotators.toFixed(2)}`,
    }));
  return [...found, ...refused, ...overlap, ...ratio];
}

const named = ({ line, sha256 }: FilmRow) => ({ line, film: sha256.slice(0, 8) });
