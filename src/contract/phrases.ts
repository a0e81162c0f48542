/** The part of the contract for phrases and templates. */
import * as z from 'zod';
import { Phrase, PhraseText } from '#core/phrases/phrase.ts';
import type { CallTable, EventTable } from './protocol.ts';

export const phraseCalls = {
  /** By shortcut. */
  'phrase.list': { input: z.object({}), output: z.array(Phrase) },
  /** A new one, or another text under an id that is there. */
  'phrase.save': { input: PhraseText.extend({ id: z.string().max(64).nullable() }), output: Phrase },
  'phrase.remove': { input: z.object({ id: z.string().max(64) }), output: z.object({}) },
} as const satisfies CallTable;

export const phraseEvents = { 'phrase.changed': z.object({}) } as const satisfies EventTable;
