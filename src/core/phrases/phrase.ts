/** Phrases: a text behind a typed shortcut, or a template of several sections; for some films only, where it says so. */
import * as z from 'zod';
import { TemplateSource } from '../mrrt/source.ts';
import { headingsIn } from '../report/headings.ts';
import { ReportLanguage } from '../report/language.ts';
import { SectionKey } from '../report/report.ts';

export const PhraseWhen = z.object({
  /** As in DICOM; empty: any. */
  modality: z.string().max(16).default(''),
  view: z.string().max(16).default(''),
  sex: z.enum(['', 'M', 'F']).default(''),
  /** Years, both included; null: any. */
  ageFrom: z.int().min(0).max(130).nullable().default(null),
  ageTo: z.int().min(0).max(130).nullable().default(null),
});
export type PhraseWhen = z.infer<typeof PhraseWhen>;

/** What is typed after a full stop, such as `.normal`. */
export const Shortcut = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,23}$/, 'expected 1 to 24 of a–z, 0–9 and hyphen, such as normal-pa');

export const PhraseText = z.object({
  shortcut: Shortcut,
  name: z.string().trim().min(1).max(100),
  /** With `FINDINGS:` and other headings on lines of their own it fills sections; `{field}` is merged; `[a|b]` is a choice. */
  text: z.string().min(1).max(20_000),
  when: PhraseWhen,
});
export type PhraseText = z.infer<typeof PhraseText>;

export const Phrase = PhraseText.extend({
  id: z.string(),
  login: z.string(),
  at: z.number(),
  /** Where it came from; null: it was written here. */
  template: TemplateSource.nullable(),
});
export type Phrase = z.infer<typeof Phrase>;

/** What is known of the film and the patient. */
export interface PhraseAbout {
  modality: string;
  view: string;
  sex: string;
  ageYears: number | null;
}

/** A phrase that asks for what is not known of the film does not fit it. */
export function fits({ modality, view, sex, ageFrom, ageTo }: PhraseWhen, about: PhraseAbout): boolean {
  const { ageYears } = about;
  return (
    (modality === '' || modality.toUpperCase() === about.modality.toUpperCase()) &&
    (view === '' || view.toUpperCase() === about.view.toUpperCase()) &&
    (sex === '' || sex === about.sex) &&
    (ageFrom === null || (ageYears !== null && ageYears >= ageFrom)) &&
    (ageTo === null || (ageYears !== null && ageYears <= ageTo))
  );
}

/** Those that fit; of two with one shortcut the one that asks for more. */
export function phrasesFor<T extends PhraseText>(phrases: readonly T[], about: PhraseAbout): T[] {
  const asks = ({ when }: T) => Object.values(when).filter((value) => value !== '' && value !== null).length;
  const best = new Map<string, T>();
  for (const phrase of phrases.filter(({ when }) => fits(when, about))) {
    const other = best.get(phrase.shortcut);
    if (!other || asks(phrase) > asks(other)) best.set(phrase.shortcut, phrase);
  }
  return [...best.values()].sort((a, b) => a.shortcut.localeCompare(b.shortcut, 'en'));
}

/** `{age}` becomes its value; a field that is empty or unknown becomes a blank that the check before signing finds. */
export const merged = (text: string, fields: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{([a-z ]{1,32})\}/g, (_, name: string) => {
    const value = Object.hasOwn(fields, name) ? (fields[name] ?? '') : '';
    return value === '' ? `[${name}?]` : value;
  });

export interface PhrasePart {
  /** null: where the caret stands. */
  section: SectionKey | null;
  text: string;
}

const sections = new Map(
  ReportLanguage.options.flatMap((language) =>
    SectionKey.options.flatMap((key): [string, SectionKey][] => [
      [key, key],
      [headingsIn(language)[key].toLowerCase(), key],
    ]),
  ),
);

/** The section that a line of its own heads, in any language that a report is written in: `FINDINGS:`, `Befund:`. */
export const headingOf = (line: string): SectionKey | null =>
  sections.get(/^(\p{L}+):$/u.exec(line.trim())?.[1]?.toLowerCase() ?? '') ?? null;

/** By its headings; what stands before the first one goes where the caret is. */
export function partsOf(text: string): PhrasePart[] {
  const parts: PhrasePart[] = [{ section: null, text: '' }];
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    const section = headingOf(line);
    if (section) parts.push({ section, text: '' });
    else {
      const last = parts.at(-1);
      if (last) last.text += `${line}\n`;
    }
  }
  return parts.map((part) => ({ ...part, text: part.text.trim() })).filter((part) => part.text !== '');
}

export interface Choice {
  from: number;
  to: number;
  options: string[];
}

/** The first `[…]` that begins at or after `start`: a pick list, or a blank to be filled (no options). */
export function nextChoice(text: string, start: number): Choice | null {
  const pattern = /\[([^[\]]*)\]/g;
  pattern.lastIndex = start;
  const found = pattern.exec(text);
  if (!found) return null;
  const inside = found[1] ?? '';
  const options = inside.includes('|') ? inside.split('|').map((option) => option.trim()) : [];
  return { from: found.index, to: found.index + found[0].length, options };
}

/** The shortcut that the text ends with: `.normal` after white space or at the start. */
export const shortcutAt = (before: string): string | null =>
  /(?:^|\s)\.([a-z0-9][a-z0-9-]{0,23})$/.exec(before)?.[1] ?? null;
