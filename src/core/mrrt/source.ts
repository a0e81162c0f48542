/** Where an imported template came from, as its own Dublin Core terms say (`<meta name="dcterms.…">`, RAD TF-3 8.1.2). */
import * as z from 'zod';
import { textOf, walk, type Element } from './markup.ts';
import { plainText } from './plainText.ts';

const Line = z.string().max(300);
export const TemplateSource = z.object({
  title: Line,
  identifier: Line,
  publisher: Line,
  creator: Line,
  rights: Line,
  licence: Line,
  /** As the template writes it. */
  date: Line,
  language: Line,
});
export type TemplateSource = z.infer<typeof TemplateSource>;

export interface Terms extends TemplateSource {
  type: string;
}

/** Empty where the template says nothing; of a term that is there several times all, as of creators. */
export function termsOf(head: Element, language: string): Terms {
  const said = new Map<string, string[]>();
  for (const { name, attributes } of walk(head)) {
    const term = /^dcterms[.:](\w+)$/iu.exec(attributes.get('name')?.trim() ?? '')?.[1]?.toLowerCase();
    const content = line(attributes.get('content') ?? '');
    if (name === 'meta' && term !== undefined && content !== '') said.set(term, [...(said.get(term) ?? []), content]);
  }
  const term = (name: string) => line([...new Set(said.get(name))].join('; '));
  const title = [...walk(head)].find(({ name }) => name === 'title');
  return {
    title: term('title') || line(title ? textOf(title) : ''),
    identifier: term('identifier'),
    publisher: term('publisher'),
    creator: term('creator'),
    rights: term('rights'),
    licence: term('license'),
    date: term('date'),
    language: term('language') || line(language),
    type: term('type'),
  };
}

const line = (text: string): string => plainText(text).trim().slice(0, 300).trim();
