/** A parsed HTML file as plain data: what the reading of a template works on, whoever parsed it. */

export interface Element {
  /** In lower case. */
  name: string;
  /** By name in lower case; of two with one name the first. */
  attributes: ReadonlyMap<string, string>;
  children: readonly Markup[];
}
/** A text with its character references resolved. */
export type Markup = Element | string;

export const isElement = (node: Markup): node is Element => typeof node !== 'string';

/** The first element of that name, itself or below it, in the order of the file. */
export function find(node: Markup, name: string): Element | null {
  for (const element of walk(node)) if (element.name === name) return element;
  return null;
}

/** Itself and all elements below it, in the order of the file. */
export function* walk(node: Markup): Generator<Element> {
  if (!isElement(node)) return;
  yield node;
  for (const child of node.children) yield* walk(child);
}

/** All text at and below it. */
export const textOf = (node: Markup): string => (isElement(node) ? node.children.map(textOf).join('') : node);

/** Each begins a line and ends one. */
export const blocks: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body caption dd details dir div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 ' +
    'header hgroup legend li main menu nav ol p pre section summary table tbody tfoot thead tr td th ul'
  ).split(' '),
);
/** Only their words count. */
export const inlines: ReadonlySet<string> = new Set(
  (
    'a abbr b bdi bdo big br center cite code dfn em font hr i kbd label mark q samp small span strong sub sup time tt u ' +
    'var wbr'
  ).split(' '),
);
export const fields: ReadonlySet<string> = new Set('input select textarea datalist option optgroup'.split(' '));

export const isKnown = ({ name }: Element): boolean => blocks.has(name) || inlines.has(name) || fields.has(name);

/** The text at and below it that stands in elements of these lists. */
export function wordsOf(node: Markup): string {
  if (!isElement(node)) return node;
  return isKnown(node) ? node.children.map(wordsOf).join('') : '';
}
