/** What of a foreign text may stand in a phrase: words, without markup, controls, or the signs that phrases themselves read. */

/** Controls, what turns the direction of writing, joiners, fillers, tags, halves of surrogates, what is no character: no words. */
const unseen = /[\p{C}\p{Variation_Selector}\ufffc\ufffd]|[\u115f\u1160\u3164\uffa0]|\u17b4|\u17b5/gu;

/** `<` before what begins a tag becomes `‹`. */
export const noTags = (text: string): string => text.replaceAll(/<(?=[\p{L}/!?])/gu, '‹');

/** On one line, without tags; brackets and braces are the phrases' own signs. */
export const plainText = (text: string): string =>
  noTags(
    text
      .normalize('NFC')
      .replaceAll(/[\s\u0085]+/gu, ' ')
      .replaceAll(unseen, ''),
  )
    .replaceAll(/[[{]/g, '(')
    .replaceAll(/[\]}]/g, ')');

/** The same for a text of several lines. */
export const plainLines = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/u)
    .map((line) => plainText(line).trim())
    .join('\n')
    .trim();

/** One entry of a pick list, or the name of a blank: also without the sign between entries. */
export const plainOption = (text: string): string => plainText(text).replaceAll('|', '/').trim();

/** The words that name a thing: without the colon or dots that a label ends with. */
export const plainName = (text: string): string => plainOption(text).replace(/[\s:.?]+$/u, '');

/** For a comparison of names. */
export const folded = (text: string): string => plainName(text).toLowerCase();
