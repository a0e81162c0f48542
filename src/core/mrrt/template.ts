/**
 * A radiology report template of IHE MRRT (RAD TF-3, 8: an HTML5 file) as a template of ours. What is not in the lists
 * here does not come through: the text is built anew from words, choices and blanks.
 */
import * as z from 'zod';
import { PhraseWhen } from '../phrases/phrase.ts';
import { codesIn, whenOf, type Code } from './codes.ts';
import { formOf, typeOf, type Form } from './fields.ts';
import { isCodes, leftOutOf } from './leftOut.ts';
import { createLines, type Lines } from './lines.ts';
import {
  blocks,
  fields,
  find,
  isElement,
  isKnown,
  textOf,
  walk,
  wordsOf,
  type Element,
  type Markup,
} from './markup.ts';
import { isTextual, nameOf, radioField, selectField, textField, tickField, type Written } from './pickList.ts';
import { sectionFor } from './places.ts';
import { folded, plainName, plainText } from './plainText.ts';
import { TemplateSource, termsOf } from './source.ts';

export const MOST_CHARACTERS = 20_000;

export const ReadTemplate = z.object({
  name: z.string().min(1).max(100),
  /** What may stand after the full stop, made of the name. */
  shortcut: z.string(),
  text: z.string().min(1).max(MOST_CHARACTERS),
  when: PhraseWhen,
  source: TemplateSource,
  /** `1 script`, `2 images`. */
  leftOut: z.array(z.string()),
  /** What could not be kept as it was, and what a person should look at. */
  notes: z.array(z.string()),
});
export type ReadTemplate = z.infer<typeof ReadTemplate>;

interface Walk {
  form: Form;
  codes: readonly Code[];
  lines: Lines;
  notes: Set<string>;
  /** What holds this has found its section. */
  placed: boolean;
}

/** `root` is the `html` element. RangeError where it is no template: expected, found, what to do. */
export function readTemplate(root: Element): ReadTemplate {
  const head = find(root, 'head') ?? root;
  const body = find(root, 'body') ?? root;
  const { type, ...source } = termsOf(head, root.attributes.get('lang') ?? '');
  const sections = [...walk(body)].filter(isSection);
  if (sections.length === 0 && !/^IMAGE_REPORT_TEMPLATE$/iu.test(type))
    throw new RangeError(
      'Expected a radiology report template (sections with data-section-name), found an HTML page without any. Choose the template’s own file, not the page that offers it.',
    );
  const codes = [...walk(root)].filter(isCodes).flatMap((script) => codesIn(textOf(script)));
  const notes = new Set<string>();
  const lines = createLines();
  writeChildren(body, { form: formOf(body), codes, lines, notes, placed: false });
  lines.end();
  const text = lines.text();
  if (text === '')
    throw new RangeError('Expected a template with a text, found none in it. Nothing would be stored; check the file.');
  if (text.length > MOST_CHARACTERS)
    throw new RangeError(
      `Expected at most ${MOST_CHARACTERS} characters of text, found ${text.length}. Split the template into several.`,
    );
  const ids = new Set([...walk(body)].map(({ attributes }) => attributes.get('id') ?? '-'));
  const { when, plainFilm } = whenOf(codes, ids);
  if (plainFilm) notes.add('It is for plain films (CR and DX); it is offered for every film unless you say otherwise');
  if (source.language !== '' && !/^en\b/iu.test(source.language))
    notes.add(`Its language is ${source.language}; the checks before signing read English only`);
  const name = source.title.slice(0, 100).trim() || 'Imported template';
  return { name, shortcut: shortcutOf(name), text, when, source, leftOut: leftOutOf(root, isText), notes: [...notes] };
}

const isSection = ({ name, attributes }: Element): boolean => name === 'section' && attributes.has('data-section-name');

function writeChildren(parent: Element, at: Walk, skips: (child: Markup) => boolean = () => false): void {
  parent.children.forEach((child, index) => {
    if (skips(child)) return;
    if (isElement(child)) writeElement(child, at);
    else if (!at.form.spentTexts.get(parent)?.has(index)) at.lines.write(plainText(child));
  });
}

function writeElement(element: Element, at: Walk): void {
  const { name } = element;
  const { lines } = at;
  if (!isKnown(element) || name === 'datalist') return;
  if (isSection(element)) return writeSection(element, at);
  if (name === 'br' || name === 'hr') return lines.end();
  if (name === 'select' || name === 'input' || name === 'textarea') return writeField(element, at);
  if (name === 'label' && at.form.spentLabels.has(element)) return writeFieldsIn(element, at);
  if (name === 'td' || name === 'th') lines.write(' ');
  const line = blocks.has(name) && name !== 'td' && name !== 'th';
  if (line) lines.end();
  writeChildren(element, at);
  if (line) lines.end();
}

/** Of a label that became the words of a choice. */
function writeFieldsIn(label: Element, at: Walk): void {
  for (const child of label.children)
    if (isElement(child) && fields.has(child.name)) writeElement(child, at);
    else if (isElement(child) && isKnown(child)) writeFieldsIn(child, at);
}

/** One of ours, or a line with its name within the one that it stands in. */
function writeSection(section: Element, at: Walk): void {
  const { lines, codes, notes } = at;
  const name = plainName(section.attributes.get('data-section-name') ?? '');
  const id = section.attributes.get('id') ?? '-';
  const loinc = codes.find(({ of, scheme }) => of === id && scheme === 'LOINC')?.value;
  const outside = lines.section;
  const key = at.placed ? null : sectionFor(name, loinc);
  lines.end();
  lines.section = key ?? outside ?? 'findings';
  if (outside === null && key === null && name !== '')
    notes.add(`“${name}” is no section of a report here: it is written under Findings`);
  if (key === null && name !== '') lines.write(`${name}:`);
  lines.end();
  writeChildren(section, { ...at, placed: at.placed || key !== null }, (child) => repeats(child, name, lines.section));
  lines.end();
  lines.section = outside;
}

/** A heading that says once more what the section is called. */
function repeats(node: Markup, name: string, key: string | null): boolean {
  if (!isElement(node) || !/^(header|h[1-6]|legend)$/u.test(node.name)) return false;
  const words = folded(wordsOf(node));
  return words === folded(name) || words === key;
}

function writeField(field: Element, at: Walk): void {
  // RSNA's own editor puts a choice's words into a field beside it once more.
  if (/_FreeText$/u.test(field.attributes.get('id') ?? '')) return;
  const written = fieldOf(field, at);
  if (!written) return;
  if (written.note !== '') at.notes.add(written.note);
  if (written.text !== '') at.lines.write(` ${written.text} `);
}

/** A field that has words in a text. */
const isText = (field: Element): boolean =>
  field.name !== 'input' || /^(radio|checkbox)$/u.test(typeOf(field)) || isTextual(field);

/** Null: a field that no text has. */
function fieldOf(field: Element, { form }: Walk): Written | null {
  if (field.name === 'select')
    return selectField(
      field,
      nameOf([form.labels.get(field.attributes.get('id') ?? '-') ?? '', field.attributes.get('name') ?? '']),
    );
  if (field.name === 'textarea') return textField(field, form, textOf(field));
  if (typeOf(field) === 'radio') return radioField(field, form);
  if (typeOf(field) === 'checkbox') return tickField(field, form);
  return isTextual(field) ? textField(field, form, field.attributes.get('value') ?? '') : null;
}

const shortcutOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 24)
    .replace(/-+$/, '') || 'template';
