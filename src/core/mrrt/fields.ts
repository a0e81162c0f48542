/** What belongs together in a template's form before it is written down: labels, groups of one choice, lists of entries. */
import { isElement, wordsOf, walk, type Element } from './markup.ts';
import { plainOption } from './plainText.ts';

export interface Form {
  /** Of a field's id: what its label says. */
  labels: ReadonlyMap<string, string>;
  /** Of a radio button or a tick box: the words that it stands for. */
  words: ReadonlyMap<Element, string>;
  /** Radio buttons of one name, in order. */
  groups: ReadonlyMap<string, readonly Element[]>;
  /** Of a `datalist`'s id: its entries. */
  lists: ReadonlyMap<string, Element>;
  /** Labels that became the words of a choice. */
  spentLabels: ReadonlySet<Element>;
  /** Of an element: indexes of the texts in it that became the words of a choice. */
  spentTexts: ReadonlyMap<Element, ReadonlySet<number>>;
}

export const typeOf = (input: Element): string => (input.attributes.get('type') ?? 'text').trim().toLowerCase();
const isChoice = (element: Element): boolean =>
  element.name === 'input' && (typeOf(element) === 'radio' || typeOf(element) === 'checkbox');

export function formOf(body: Element): Form {
  const all = [...walk(body)];
  const labelElements = all.filter(({ name }) => name === 'label');
  const byFor = new Map(labelElements.map((label) => [label.attributes.get('for') ?? '', label]));
  const words = new Map<Element, string>();
  const groups = new Map<string, Element[]>();
  const spentLabels = new Set<Element>();
  const spentTexts = new Map<Element, Set<number>>();

  for (const parent of all)
    parent.children.forEach((child, index) => {
      if (!isElement(child) || !isChoice(child)) return;
      const label = byFor.get(child.attributes.get('id') ?? '-') ?? (parent.name === 'label' ? parent : undefined);
      const beside = parent.children[index + 1];
      const said = label ? plainOption(wordsOf(label)) : '';
      if (label && said !== '') spentLabels.add(label);
      else if (beside !== undefined && !isElement(beside) && plainOption(beside) !== '')
        spentTexts.set(parent, new Set([...(spentTexts.get(parent) ?? []), index + 1]));
      const near = beside !== undefined && !isElement(beside) ? plainOption(beside) : '';
      words.set(child, said || near || plainOption(child.attributes.get('value') ?? ''));
      if (typeOf(child) !== 'radio') return;
      const name = child.attributes.get('name') ?? '';
      groups.set(name, [...(groups.get(name) ?? []), child]);
    });

  return {
    labels: new Map([...byFor].map(([id, label]) => [id, wordsOf(label)])),
    words,
    groups,
    lists: new Map(
      all.filter(({ name }) => name === 'datalist').map((list) => [list.attributes.get('id') ?? '', list]),
    ),
    spentLabels,
    spentTexts,
  };
}
