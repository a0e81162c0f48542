/** The part of the contract for phrases and templates. */
import * as z from 'zod';
import { ReadTemplate } from '#core/mrrt/template.ts';
import { Phrase, PhraseText } from '#core/phrases/phrase.ts';
import type { CallTable, EventTable } from './protocol.ts';

/** How large a template may be is for its reader to say; this only keeps other things from it. */
const TemplateBytes = z.instanceof(Uint8Array).refine(({ length }) => length <= 4 * 1024 * 1024, {
  message: 'Expected a template of a few pages, found a file of over 4 MB. Choose the template’s own file.',
});

export const phraseCalls = {
  /** By shortcut. */
  'phrase.list': { input: z.object({}), output: z.array(Phrase) },
  /** A new one, or another text under an id that is there. */
  'phrase.save': { input: PhraseText.extend({ id: z.string().max(64).nullable() }), output: Phrase },
  /** What a template file (IHE MRRT, HTML) would become; nothing is stored. `refused`: expected, found, what to do. */
  'template.read': { input: z.object({ bytes: TemplateBytes }), output: ReadTemplate },
  /** Reads the same file again and stores what it becomes. */
  'template.keep': {
    input: PhraseText.omit({ text: true }).extend({ bytes: TemplateBytes }),
    output: Phrase,
  },
  'phrase.remove': { input: z.object({ id: z.string().max(64) }), output: z.object({}) },
} as const satisfies CallTable;

export const phraseEvents = { 'phrase.changed': z.object({}) } as const satisfies EventTable;
