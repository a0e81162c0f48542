/** What an import left out, counted under names that a person understands. */
import { isElement, isKnown, type Element, type Markup } from './markup.ts';

/** Elements that are dropped with all that is in them: one, several. Any other unknown element too, under its own name. */
const names: Readonly<Record<string, readonly [string, string]>> = {
  script: ['script', 'scripts'],
  noscript: ['script’s substitute', 'scripts’ substitutes'],
  style: ['style sheet', 'style sheets'],
  link: ['link to another file', 'links to other files'],
  base: ['address that links start from', 'addresses that links start from'],
  img: ['image', 'images'],
  picture: ['image', 'images'],
  svg: ['drawing', 'drawings'],
  canvas: ['drawing', 'drawings'],
  math: ['formula', 'formulas'],
  iframe: ['embedded page', 'embedded pages'],
  frame: ['embedded page', 'embedded pages'],
  object: ['embedded object', 'embedded objects'],
  embed: ['embedded object', 'embedded objects'],
  applet: ['embedded object', 'embedded objects'],
  audio: ['recording', 'recordings'],
  video: ['recording', 'recordings'],
  button: ['button', 'buttons'],
  template: ['hidden part', 'hidden parts'],
};
const HANDLER = ['event handler', 'event handlers'] as const;
const LINK = ['link (its words are kept)', 'links (their words are kept)'] as const;
const HIDDEN = ['hidden or file field', 'hidden or file fields'] as const;

/** In the order in which they were met: `1 script`, `2 images`. `isText`: a field that a text has. */
export function leftOutOf(root: Element, isText: (field: Element) => boolean): string[] {
  const counts = new Map<string, { what: readonly [string, string]; count: number }>();
  function add(what: readonly [string, string]): void {
    counts.set(what[0], { what, count: (counts.get(what[0])?.count ?? 0) + 1 });
  }
  /** `dropped`: what holds it is left out already; scripts, images and pages are counted wherever they hide. */
  function visit(node: Markup, dropped: boolean): void {
    if (!isElement(node)) return;
    const { name, attributes, children } = node;
    for (const attribute of attributes.keys()) if (/^on/iu.test(attribute)) add(HANDLER);
    if (isCodes(node) || ['html', 'head', 'body', 'meta', 'title'].includes(name)) {
      for (const child of children) visit(child, dropped);
      return;
    }
    const known = isKnown(node);
    if (known && name === 'a' && attributes.has('href')) add(LINK);
    if (known && name === 'input' && !isText(node)) add(HIDDEN);
    if (!known && (!dropped || /^(script|img|iframe)$/u.test(name)))
      add((Object.hasOwn(names, name) ? names[name] : undefined) ?? unknown(name));
    for (const child of children) visit(child, dropped || !known);
  }
  visit(root, false);
  return [...counts.values()].map(({ what, count }) => `${count} ${what[count === 1 ? 0 : 1]}`);
}

/** The part of a template that carries its codes: a `script` that is XML. */
export const isCodes = ({ name, attributes }: Element): boolean =>
  name === 'script' && /^(text|application)\/xml$/iu.test(attributes.get('type')?.trim() ?? '');

/** Names come from the file, so only plain ones are repeated. */
function unknown(name: string): readonly [string, string] {
  const said = /^[a-z][a-z0-9-]{0,30}$/u.test(name) ? `“${name}”` : 'unknown';
  return [`${said} element`, `${said} elements`];
}
