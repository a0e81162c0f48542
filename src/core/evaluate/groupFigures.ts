/** Areas under the curve of listed findings, group by group, with the mean over those that every group can measure. */
import type { PackLabel } from '../pack/pack.ts';
import type { GroupFigures } from './evaluation.ts';
import { FEW, knownFilms, type Judged } from './findingFigures.ts';
import { groupsOf } from './groups.ts';
import { bootstrap, drawsByPatient } from './resamples.ts';
import { auc } from './roc.ts';

export function groupFigures(labels: readonly PackLabel[], judged: readonly Judged[]): GroupFigures[] {
  const known = new Map(labels.map(({ id }) => [id, new Set(knownFilms(judged, id).films)]));
  const areaIn = (films: readonly Judged[], id: string, fewest: number): number => {
    const those = films.filter((one) => known.get(id)?.has(one));
    const truth = those.map((one) => one.truth.get(id) === true);
    const positives = truth.filter(Boolean).length;
    if (Math.min(positives, truth.length - positives) < fewest) return Number.NaN;
    return auc(
      truth,
      those.map(({ film }) => film.findings[id]?.probability ?? Number.NaN),
    );
  };
  const groups = groupsOf(judged.map(({ film }) => film)).map((group) => {
    const films = judged.filter(({ film }) => group.has(film));
    const areas = labels
      .map(({ id }) => [id, areaIn(films, id, FEW)] as const)
      .filter(([, area]) => !Number.isNaN(area));
    return { group, films, areas: Object.fromEntries(areas) };
  });
  return groups.map(({ group, films, areas }) => {
    const siblings = groups.filter((one) => one.group.division === group.division && Object.keys(one.areas).length > 0);
    const common = labels.filter(({ id }) => siblings.every((one) => id in one.areas)).map(({ id }) => id);
    const mean = (some: readonly Judged[]) => meanOf(common.map((id) => areaIn(some, id, 1)));
    const usable = common.length > 0 && Object.keys(areas).length > 0;
    return {
      division: group.division,
      name: group.name,
      films: films.length,
      auc: areas,
      mean: usable
        ? bootstrap(
            mean(films),
            drawsByPatient(
              films.map(({ film }) => film.patient),
              300,
            ),
            (rows) => mean(rows.flatMap((row) => films[row] ?? [])),
          )
        : null,
    };
  });
}

function meanOf(values: readonly number[]): number {
  const some = values.filter((value) => !Number.isNaN(value));
  return some.reduce((sum, value) => sum + value, 0) / some.length;
}
