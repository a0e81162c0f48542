/** Figures of one finding over the films that count for it. */
import type { PackLabel } from '../pack/pack.ts';
import { binsFor, calibrationError, reliability } from './calibration.ts';
import type { FindingFigures } from './evaluation.ts';
import type { FilmRow } from './film.ts';
import { ratesOf } from './rates.ts';
import { bootstrap, drawsByPatient } from './resamples.ts';
import { auc, rocCurve } from './roc.ts';
import type { Truth } from './truth.ts';

/** With fewer films of either kind than this no area under the curve is given. */
export const FEW = 5;

export interface Judged {
  film: FilmRow;
  truth: Truth;
}

/** Accepted films for which the finding is known. */
export function knownFilms(films: readonly Judged[], id: string): { films: Judged[]; sources: string[] } {
  const known = films.filter(({ film, truth }) => film.findings[id] && typeof truth.get(id) === 'boolean');
  const kinds = (source: string, is: boolean) =>
    known.some(({ film, truth }) => film.source === source && truth.get(id) === is);
  // Where all films of a source are alike, telling the sources apart would look like telling the finding.
  const sources = [...new Set(known.map(({ film }) => film.source))].filter(
    (one) => kinds(one, true) && kinds(one, false),
  );
  return { films: known.filter(({ film }) => sources.includes(film.source)), sources };
}

export function findingFigures(label: PackLabel, judged: readonly Judged[]): FindingFigures {
  const { films, sources } = knownFilms(judged, label.id);
  const truth = films.map((one) => one.truth.get(label.id) === true);
  const probability = films.map(({ film }) => film.findings[label.id]?.probability ?? Number.NaN);
  const patients = films.map(({ film }) => film.patient);
  const draws = drawsByPatient(patients);
  const positives = truth.filter(Boolean).length;
  const bins = reliability(truth, probability, binsFor(films.length));
  const enough = Math.min(positives, films.length - positives) >= FEW;
  return {
    id: label.id,
    name: label.name,
    listed: label.listed,
    films: films.length,
    positives,
    patients: new Set(patients).size,
    sources,
    prevalence: films.length === 0 ? Number.NaN : positives / films.length,
    threshold: label.threshold,
    auc: enough
      ? bootstrap(auc(truth, probability), draws, (rows) =>
          auc(
            rows.map((row) => truth[row] === true),
            rows.map((row) => probability[row] ?? Number.NaN),
          ),
        )
      : null,
    card: label.auc,
    cardPrevalence: label.prevalence,
    rates: ratesOf(
      truth,
      probability.map((p) => p >= label.threshold),
      draws,
    ),
    calibrationError: calibrationError(bins),
    bins,
    roc: enough ? rocCurve(truth, probability) : [],
  };
}
