/** The groups that figures are given for: sex, age band, view, source. */
import type { FilmRow } from './film.ts';

export interface Group {
  division: 'Sex' | 'Age' | 'View' | 'Source';
  name: string;
  has(film: Pick<FilmRow, 'sex' | 'ageYears' | 'view' | 'source'>): boolean;
}

const bands: [name: string, from: number, to: number][] = [
  ['under 18', 0, 18],
  ['18–39', 18, 40],
  ['40–59', 40, 60],
  ['60–79', 60, 80],
  ['80 and over', 80, 200],
];

/** Every group that holds at least one of the films; what is not stated is a group too. */
export function groupsOf(films: readonly FilmRow[]): Group[] {
  const named = (division: Group['division'], key: 'sex' | 'view' | 'source', words: Record<string, string> = {}) =>
    [...new Set(films.map((film) => film[key]))].sort().map((value): Group => ({
      division,
      name: words[value] ?? (value === '' ? 'not stated' : value),
      has: (film) => film[key] === value,
    }));
  const ages = bands.map(([name, from, to]): Group => ({
    division: 'Age',
    name,
    has: ({ ageYears }) => ageYears !== null && ageYears >= from && ageYears < to,
  }));
  ages.push({ division: 'Age', name: 'not stated', has: ({ ageYears }) => ageYears === null });
  return [
    ...named('Sex', 'sex', { F: 'women', M: 'men' }),
    ...ages,
    ...named('View', 'view'),
    ...named('Source', 'source'),
  ].filter((group) => films.some((film) => group.has(film)));
}
