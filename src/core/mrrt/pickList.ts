/** A template's field as phrases write it: `[a|b]` is a choice, `[size?]` a blank, `{age}` is merged from the header. */
import { typeOf, type Form } from './fields.ts';
import { walk, wordsOf, type Element } from './markup.ts';
import { mergeFor } from './places.ts';
import { plainLines, plainName, plainOption, plainText } from './plainText.ts';

export interface Written {
  /** Several lines only where the template's own text has them. */
  text: string;
  /** What could not be kept as it was; empty: nothing. */
  note: string;
}

/** The template's own choice first; nothing is chosen by itself. An entry without words leaves the field out. */
function listOf(options: readonly string[], preferred: string | undefined): string {
  const different = [...new Set(options)];
  const ordered = preferred === undefined ? different : [preferred, ...different.filter((one) => one !== preferred)];
  return ordered.length === 1 ? (ordered[0] ?? '') : `[${ordered.join('|')}]`;
}

export function selectField(select: Element, name: string): Written {
  const options = [...walk(select)].filter((element) => element.name === 'option');
  const entry = (option: Element) => plainOption(wordsOf(option) || (option.attributes.get('label') ?? ''));
  const preferred = options.find(({ attributes }) => attributes.has('selected'));
  const note = select.attributes.has('multiple') ? `“${name}” let several be chosen: here one is` : '';
  if (options.length === 0) return { text: blank(name), note };
  return { text: listOf(options.map(entry), preferred && entry(preferred)), note };
}

/** Radio buttons become one choice where the first of them stands; the others become nothing. */
export function radioField(input: Element, form: Form): Written {
  const group = form.groups.get(input.attributes.get('name') ?? '') ?? [input];
  if (group[0] !== input) return { text: '', note: '' };
  const saying = (button: Element) => form.words.get(button) ?? '';
  const preferred = group.find(({ attributes }) => attributes.has('checked'));
  const options = group.map(saying).filter((words) => words !== '');
  return { text: options.length === 0 ? '' : listOf(options, preferred && saying(preferred)), note: '' };
}

/** Written or left out; first what the template has. */
export function tickField(input: Element, form: Form): Written {
  const words = form.words.get(input) ?? '';
  if (words === '') return { text: '', note: 'a tick box without words has no place in a text' };
  return { text: input.attributes.has('checked') ? `[${words}|]` : `[|${words}]`, note: '' };
}

/** A text, number, date or time, or an area of text: what the template fills in, else a blank or what the header knows. */
export function textField(field: Element, form: Form, value: string): Written {
  const { attributes } = field;
  const label = form.labels.get(attributes.get('id') ?? '-') ?? '';
  const names = [label, attributes.get('name') ?? '', attributes.get('title') ?? '', attributes.get('id') ?? ''];
  const name = nameOf(names);
  const list = form.lists.get(attributes.get('list') ?? '-');
  const merge = names.map(mergeFor).find((found) => found !== null) ?? null;
  const asked =
    attributes.get('data-field-merge-flag')?.toLowerCase() === 'true' ||
    attributes.get('data-field-type')?.toUpperCase() === 'MERGE';
  const units = plainText(attributes.get('data-field-units') ?? '').trim();
  const after = units === '' ? '' : ` ${units}`;
  if (merge !== null && (asked || value.trim() === '')) return { text: `{${merge}}${after}`, note: '' };
  if (list) {
    const options = [...walk(list)].filter((element) => element.name === 'option');
    const words = options.map((option) => plainOption(wordsOf(option) || (option.attributes.get('value') ?? '')));
    const preferred = plainOption(value);
    return { text: `${listOf(words, preferred === '' ? undefined : preferred)}${after}`, note: '' };
  }
  const note = asked ? `“${name}” was to be merged, but is not in the header of a film: it is a blank` : '';
  if (value.trim() === '') return { text: `${blank(name)}${after}`, note };
  return { text: `${plainLines(value)}${after}`, note };
}

const blank = (name: string): string => `[${name}?]`;

/** The first that has words; ids such as `T004` and `TEXT_1459555208450` are none. */
export function nameOf(names: readonly string[]): string {
  const said = names.map(plainName).find((name) => name !== '' && !/^[A-Z]+(_[A-Z]+)*_?\d+$/iu.test(name));
  return (said ?? 'text').slice(0, 60).trim();
}

/** Types of `input` that hold words of the report. */
export const isTextual = (input: Element): boolean =>
  /^(text|textarea|number|date|time|datetime-local|month|week|range|search|tel|email|url|)$/u.test(typeOf(input));
