/** The bytes of a template file become what is stored of it: decoded, parsed as HTML into plain data, read by core/mrrt. */
import { html, parse, type DefaultTreeAdapterTypes } from 'parse5';
import type { Element, Markup } from '#core/mrrt/markup.ts';
import { readTemplate, type ReadTemplate } from '#core/mrrt/template.ts';

const MOST_BYTES = 512 * 1024;
const DEEPEST = 100;
const MOST_ELEMENTS = 20_000;

/** RangeError: expected, found, what to do. Nothing of the file is run, fetched or put into a page. */
export function templateFrom(bytes: Uint8Array): ReadTemplate {
  const text = textFrom(bytes);
  if (/<!ENTITY/iu.test(text))
    throw new RangeError(
      'Expected an HTML5 file, found one that defines entities of its own, as attacks on parsers do. Nothing was read; get the template from its publisher again.',
    );
  if (!/<(!doctype\s+html|html|head|body|section|meta)[\s>/]/iu.test(text))
    throw new RangeError(
      'Expected a report template as an HTML file, found no HTML. Choose the .html file that its publisher offers.',
    );
  const document = parse(text, { scriptingEnabled: true });
  const root = document.childNodes.find((node) => node.nodeName === 'html');
  if (!root || !('tagName' in root)) throw new RangeError('Expected an HTML file, found none. Choose the .html file.');
  return readTemplate(elementFrom(root));
}

/** UTF-8, as templates have to be; every other encoding is named rather than guessed. */
function textFrom(bytes: Uint8Array): string {
  const size = (count: number) => `${Math.ceil(count / 1024)} kB`;
  if (bytes.length > MOST_BYTES)
    throw new RangeError(
      `Expected a template of at most ${size(MOST_BYTES)}, found ${size(bytes.length)}. Templates are a few pages of text: check that this is one.`,
    );
  const [first = 0, second = 0] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) throw wrongEncoding('UTF-16');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const declared = /<meta[^<>]{0,200}charset\s*=\s*["']?\s*([\w-]{1,40})/iu.exec(text.slice(0, 4096))?.[1];
    if (declared !== undefined && !/^(utf-?8|us-ascii)$/iu.test(declared) && /[^\t\n\r -~]/u.test(text))
      throw wrongEncoding(`${declared} in its head and other letters than ASCII`);
    return text;
  } catch (error) {
    throw error instanceof RangeError ? error : wrongEncoding('bytes that are not UTF-8');
  }
}

const wrongEncoding = (found: string) =>
  new RangeError(`Expected a template in UTF-8, found ${found}. Save the file as UTF-8 and choose it again.`);

/** Comments, processing instructions and what `template` elements hide do not come along. */
function elementFrom(root: DefaultTreeAdapterTypes.Element): Element {
  let elements = 0;
  const convert = (element: DefaultTreeAdapterTypes.Element, depth: number): Element => {
    elements++;
    if (depth > DEEPEST || elements > MOST_ELEMENTS)
      throw new RangeError(
        `Expected at most ${MOST_ELEMENTS} elements, nested at most ${DEEPEST} deep, found more. This is no template that a person wrote; nothing was read.`,
      );
    const children = element.childNodes.flatMap((node): Markup[] => {
      if ('tagName' in node) return [convert(node, depth + 1)];
      return node.nodeName === '#text' && 'value' in node ? [node.value] : [];
    });
    const attributes = new Map<string, string>();
    for (const { name, value } of element.attrs) if (!attributes.has(name)) attributes.set(name.toLowerCase(), value);
    // A name of another language's (SVG, MathML) is not the HTML element of that name.
    const own = element.namespaceURI === html.NS.HTML;
    const name =
      own || /^(svg|math|script|style)$/u.test(element.tagName)
        ? element.tagName.toLowerCase()
        : `x-${element.tagName}`;
    return { name, attributes, children };
  };
  return convert(root, 0);
}
