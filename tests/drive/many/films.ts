/** Real chest films with a public model's scores, from `../shared/data`; the people named are made up. */
import { readFileSync } from 'node:fs';
import { shared } from '../../shared.ts';

export interface ScoredFilm {
  file: string;
  bytes: Uint8Array;
  width: number;
  height: number;
  sex: 'M' | 'F';
  age: number;
  view: 'PA' | 'AP';
  /** By finding, 0 to 1. */
  scores: ReadonlyMap<string, number>;
  /** Boxes that radiologists drew, in pixels of the film. */
  boxes: { label: string; x: number; y: number; w: number; h: number }[];
}

/** The first `count` films that have scores. Commas stand only in the last columns, which are not read. */
export function scoredFilms(count: number): ScoredFilm[] {
  type Listed = Omit<ScoredFilm, 'bytes'>;
  const [, ...images] = lines('images.csv');
  const known = new Map(images.map((line) => [line[0] ?? '', line]));
  const [head = [], ...scored] = lines('chexnet-predictions.csv');
  const boxes = lines('boxes.csv').slice(1);
  return scored
    .flatMap(([file = '', ...values]): Listed[] => {
      const [, , , , sex, age, view, , , , width, height] = known.get(file) ?? [];
      if ((sex !== 'M' && sex !== 'F') || (view !== 'PA' && view !== 'AP') || Number(age) < 18) return [];
      const scores = new Map(head.slice(1).map((name, at) => [name, Number(values[at])]));
      const own = boxes
        .filter(([of]) => of === file)
        .map(([, label = '', x, y, w, h]) => ({ label, x: Number(x), y: Number(y), w: Number(w), h: Number(h) }));
      return [{ file, width: Number(width), height: Number(height), sex, age: Number(age), view, scores, boxes: own }];
    })
    .slice(0, count)
    .map((film): ScoredFilm => ({ ...film, bytes: readFileSync(shared('data', film.file)) }));
}

const lines = (name: string): string[][] =>
  readFileSync(shared('data', name), 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/));

const families = [
  ...['Quixano', 'Achterberg', 'Bellweather', 'Castellanos', 'Dubois', 'Eriksdottir', 'Fontaine', 'Gruber', 'Haddad'],
  ...['Ivanova', 'Jørgensen', 'Kowalczyk', 'Lindqvist', 'Müller-Lüdenscheidt', 'Nakamura', 'Okonkwo', 'Papadopoulou'],
  ...[
    'Ranganathan',
    'Silva Santos de Albuquerque e Vasconcelos',
    'Tamm',
    'Ubina',
    'Van den Broeck',
    'Wójcik',
    'Yılmaz',
  ],
];
const given = { F: ['Ana', 'Birgit', 'Chioma', 'Dagny', 'Elif'], M: ['Alonso', 'Bram', 'Chidi', 'Dmitri', 'Emre'] };

/** The same for the same number. */
export const personOf = (n: number, sex: 'M' | 'F'): string =>
  `${families[n % families.length] ?? ''}^${given[sex][Math.floor(n / families.length) % 5] ?? ''}`;
