/** From the films of a run to everything that is said of it. */
import type { Pack } from '../pack/pack.ts';
import type { About, Evaluation } from './evaluation.ts';
import type { FilmRow } from './film.ts';
import { findingFigures, type Judged } from './findingFigures.ts';
import { firstOf } from './first.ts';
import { groupFigures } from './groupFigures.ts';
import { anatomyFigures, gateFigures, placeFigures, speedOf, type BoxesOf } from './otherFigures.ts';
import type { Truth } from './truth.ts';
import { worstCases } from './worst.ts';

export const NOTICE = 'For research and evaluation. Not for clinical use.';

export interface Run {
  about: About;
  /** Every line of images.csv that was to be looked at. */
  films: readonly FilmRow[];
  truthOf(film: FilmRow): Truth;
  boxesOf: BoxesOf;
  findings: Pick<Pack, 'labels'>;
  anatomy: Pick<Pack, 'masks' | 'ratio'> | null;
}

export function evaluate(run: Run): Evaluation {
  const { films, findings, anatomy } = run;
  const accepted = films.filter(({ gate }) => gate?.accepted);
  const judged: Judged[] = accepted.map((film) => ({ film, truth: run.truthOf(film) }));
  const figures = findings.labels.map((label) => findingFigures(label, judged));
  const area = (one: (typeof figures)[number]) => one.auc?.value ?? -1;
  figures.sort((a, b) => Number(b.listed) - Number(a.listed) || area(a) - area(b));
  const evaluation: Omit<Evaluation, 'first'> = {
    notice: NOTICE,
    about: run.about,
    counts: {
      lines: films.length,
      unread: films.filter(({ unread }) => unread !== '').length,
      refused: films.filter(({ gate }) => gate && !gate.accepted).length,
      accepted: accepted.length,
      patients: new Set(accepted.map(({ patient }) => patient)).size,
    },
    gate: gateFigures(films),
    findings: figures,
    groups: groupFigures(
      findings.labels.filter(({ listed }) => listed),
      judged,
    ),
    places: placeFigures(findings.labels, accepted, run.boxesOf),
    anatomy: anatomy && anatomyFigures(anatomy, accepted),
    worst: worstCases(findings.labels, judged, films),
    speed: speedOf(films),
  };
  return { ...evaluation, first: firstOf(evaluation) };
}
