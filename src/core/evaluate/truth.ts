/** What `finding_labels` of images.csv says of each finding: there, not there, or not known well enough to count. */

export interface Labelled {
  source: string;
  findingLabels: string;
}

export interface TruthLabel {
  id: string;
  name: string;
}

/** true, false, or null where the film does not count for the finding. */
export type Truth = Map<string, boolean | null>;

/** `Pleural_Thickening`, `pleural-thickening` and `Pleural thickening` are one word. */
const plain = (word: string): string =>
  word
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** Words that name one thing; a label goes by all of its row. */
const ALIKE = [
  ['effusion', 'pleural effusion'],
  ['hernia', 'hiatal hernia'],
  ['infiltration', 'infiltrate'],
  ['edema', 'oedema'],
];

/** The label that a word stands for, by id, name or another usual word; what is in brackets does not count. */
export function labelWords(labels: readonly TruthLabel[]): (word: string) => string | undefined {
  const idOf = new Map<string, string>();
  for (const { id, name } of labels) for (const word of [id, name]) idOf.set(plain(word), id);
  for (const row of ALIKE) {
    const id = row.map((word) => idOf.get(word)).find((found) => found !== undefined);
    if (id !== undefined) for (const word of row) if (!idOf.has(word)) idOf.set(word, id);
  }
  return (word) => idOf.get(plain(word.replace(/\(.*?\)/g, '')));
}

const NONE = new Set(['no finding', 'normal']);
const READING = '#RSNA:';

/**
 * Words are divided by `|`, `,` or `;`; "No Finding" says that none is there. A film without a known word says nothing
 * of any finding. A finding counts in a source only where some film of that source names it. A radiologist's reading
 * after `#RSNA:` stands above mined words, as in models/training/data.py: "Normal" makes every finding negative; "No
 * Lung Opacity / Not Normal" makes pneumonia and lung opacity negative and leaves a mined infiltration or consolidation
 * undecided; "Lung Opacity" leaves pneumonia undecided where the report did not name it, and infiltration and
 * consolidation where it named nothing. In a source that has readings, films without one say nothing of pneumonia and
 * lung opacity.
 */
export function truthReader(labels: readonly TruthLabel[], films: readonly Labelled[]): (film: Labelled) => Truth {
  const idOf = labelWords(labels);
  const split = ({ findingLabels }: Labelled) => {
    const [words = '', reading = ''] = findingLabels.split(READING).map((part) => part.trim());
    const said = words
      .split(/[|,;]/)
      .map(plain)
      .filter((word) => word !== '');
    return { said, reading: readingOf(reading) };
  };

  const named = new Map<string, Set<string>>();
  const read = new Set<string>();
  for (const film of films) {
    const { said, reading } = split(film);
    const here = named.get(film.source) ?? new Set<string>();
    named.set(film.source, here);
    for (const word of said) {
      const id = idOf(word);
      if (id !== undefined) here.add(id);
    }
    if (reading !== null) read.add(film.source);
    if (reading === 'opacity') here.add('lung-opacity');
  }

  return (film) => {
    const { said, reading } = split(film);
    const there = new Set(said.flatMap((word) => idOf(word) ?? []));
    const none = said.some((word) => NONE.has(word));
    const speaks = there.size > 0 || none || reading !== null;
    const known = named.get(film.source) ?? new Set();
    const truth: Truth = new Map();
    for (const { id } of labels) truth.set(id, speaks && known.has(id) ? there.has(id) : null);
    const set = (id: string, value: boolean | null) => {
      if (truth.get(id) !== undefined && known.has(id)) truth.set(id, value);
    };
    if (!read.has(film.source)) return truth;
    if (reading === null) for (const id of ['pneumonia', 'lung-opacity']) set(id, null);
    if (reading === 'normal') for (const { id } of labels) set(id, false);
    if (reading === 'other') {
      for (const id of ['pneumonia', 'lung-opacity']) set(id, false);
      for (const id of ['infiltration', 'consolidation']) if (there.has(id)) set(id, null);
    }
    if (reading === 'opacity') {
      set('lung-opacity', true);
      if (!there.has('pneumonia')) set('pneumonia', null);
      if (none) for (const id of ['infiltration', 'consolidation']) set(id, null);
    }
    return truth;
  };
}

function readingOf(text: string): 'normal' | 'other' | 'opacity' | null {
  if (text === '') return null;
  if (text.startsWith('No Lung Opacity') || text.startsWith('Not Normal')) return 'other';
  return text.startsWith('Lung Opacity') ? 'opacity' : text.startsWith('Normal') ? 'normal' : null;
}
