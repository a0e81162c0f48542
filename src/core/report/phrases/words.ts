/** Fills the slots of a phrase book's sentences. */
import type { Band } from '../../findings/findings.ts';
import type { NamedPlace } from '../../findings/namedPlace.ts';
import { boundOf, type Measurement } from '../../measure/measurement.ts';
import type { Zone } from '../../measure/place.ts';
import type { Aspects } from '../aspects.ts';
import type { FindingForms, PhraseBook } from './book.ts';

interface Named {
  label: string;
  /** As its pack calls it. */
  name: string;
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Abbreviations ("COPD signs") keep their capital. */
const lower = (text: string) => (/^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);

const formsOf = ({ findings }: PhraseBook, { label }: Named): FindingForms | null =>
  Object.entries(findings).find(([id]) => id === label)?.[1] ?? null;

/** A finding's name inside a sentence. */
const nameOf = (book: PhraseBook, finding: Named) => formsOf(book, finding)?.name ?? lower(finding.name);

function fill(phrase: string, slots: Record<string, string>): string {
  return Object.entries(slots).reduce((text, [slot, words]) => text.replaceAll(`{${slot}}`, words), phrase);
}

export const numberWords = ({ decimal }: PhraseBook, value: number, digits: number): string =>
  value.toFixed(digits).replace('.', decimal);

export function findingWords(
  book: PhraseBook,
  section: 'findings' | 'impression',
  finding: Named,
  band: Band,
  place: NamedPlace | null,
): string {
  const forms = formsOf(book, finding);
  const phrases = section === 'impression' ? book.impression : forms ? book.positive : book.other;
  return fill(phrases[band], {
    Some: upper(forms?.some ?? finding.name),
    Name: upper(forms?.name ?? finding.name),
    place: place ? ` ${placeWords(book, place)}` : '',
  });
}

/** What a person says of a finding: side and zones are theirs to name, measured or not. */
export function statedWords(book: PhraseBook, finding: Named, { side, zones, severity }: Aspects): string {
  const place = side ? ` ${placeWords(book, { side, zones, depth: null })}` : '';
  return upper(
    fill(severity ? book.statedWith : book.stated, {
      name: nameOf(book, finding),
      place,
      severity: severity ? book.severity[severity] : '',
    }),
  );
}

type WordedPlace = Pick<NamedPlace, 'side' | 'depth'> & { zones: readonly Zone[] };

function placeWords(book: PhraseBook, { side, zones, depth }: WordedPlace): string {
  const words = book.place[side];
  if (zones.length === 0) return words.side;
  if (depth === 'costophrenic' && zones.length === 1 && zones[0] === 'lower') return words.costophrenic;
  const key = zonesKey(zones);
  return depth === null || depth === 'costophrenic' ? words[key] : `${words[key]} (${book.depth[depth]})`;
}

type ZonesKey = Exclude<keyof PhraseBook['place']['right'], 'side' | 'costophrenic'>;

function zonesKey(zones: readonly NamedPlace['zones'][number][]): ZonesKey {
  const [up, mid, low] = [zones.includes('upper'), zones.includes('mid'), zones.includes('lower')];
  if (up && mid && low) return 'upper-mid-lower';
  if (up && mid) return 'upper-mid';
  if (up && low) return 'upper-lower';
  if (mid && low) return 'mid-lower';
  return up ? 'upper' : mid ? 'mid' : 'lower';
}

/** '' where no extent may be named. */
export function extentWords(book: PhraseBook, finding: Named, { extent, extentError }: NamedPlace): string {
  if (extent === null || !extentError) return '';
  const points = (share: number) => String(Math.max(1, Math.ceil(100 * share)));
  return fill(book.extent, {
    Name: upper(nameOf(book, finding)),
    share: String(Math.max(1, Math.round(100 * extent))),
    mean: points(extentError.mean),
    p95: points(extentError.p95),
  });
}

export function negativeWords(book: PhraseBook, finding: Named): string {
  const forms = formsOf(book, finding);
  return forms ? fill(book.negative, { None: upper(forms.none) }) : fill(book.negativeOther, { Name: finding.name });
}

export const measuredWords = (book: PhraseBook, { name, value, error }: Measurement): string =>
  fill(book.measured[name], {
    value: numberWords(book, value, 2),
    mean: numberWords(book, error.mean, 3),
    p95: boundOf(error.p95).replace('.', book.decimal),
  });

export function assessedWords(
  book: PhraseBook,
  { assessed, notAssessed }: Record<'assessed' | 'notAssessed', readonly Named[]>,
): string {
  if (assessed.length === 0) return book.assessedNone;
  return fill(notAssessed.length === 0 ? book.assessedAll : book.assessed, {
    assessed: list(book, assessed, book.and),
    was: assessed.length === 1 ? book.was : book.were,
    notAssessed: list(book, notAssessed, book.or),
  });
}

/** "a", "a and b", "a, b and c" */
function list(book: PhraseBook, findings: readonly Named[], conjunction: string): string {
  const words = [...new Set(findings.map((finding) => nameOf(book, finding)))];
  const last = words.pop() ?? '';
  return words.length === 0 ? last : `${words.join(', ')} ${conjunction} ${last}`;
}
