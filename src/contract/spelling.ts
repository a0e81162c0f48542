/** The part of the contract for spelling: which words are unknown, what may have been meant, and the words that people added. */
import * as z from 'zod';
import type { CallTable, EventTable } from './protocol.ts';

const Word = z.string().min(1).max(64);

export const AddedWord = z.object({
  /** In small letters. */
  word: z.string(),
  at: z.number(),
  /** Known to everybody at this workstation; else to the person who asks. */
  shared: z.boolean(),
});
export type AddedWord = z.infer<typeof AddedWord>;

export const spellingCalls = {
  /** Those of the words that neither the dictionary, the radiology list, nor the words that were added know. */
  'spelling.check': {
    input: z.object({ words: z.array(Word).max(2000) }),
    output: z.object({ unknown: z.array(z.string()) }),
  },
  /** Best first; at most six. */
  'spelling.suggest': { input: z.object({ word: Word }), output: z.object({ words: z.array(z.string()) }) },
  /** The person's own and those of all, by word. */
  'word.list': { input: z.object({}), output: z.array(AddedWord) },
  'word.add': { input: z.object({ word: Word }), output: z.object({}) },
  'word.remove': { input: z.object({ word: Word }), output: z.object({}) },
  /** For everybody at this workstation. */
  'word.share': { input: z.object({ word: Word }), output: z.object({}) },
  'word.unshare': { input: z.object({ word: Word }), output: z.object({}) },
} as const satisfies CallTable;

export const spellingEvents = { 'words.changed': z.object({}) } as const satisfies EventTable;
