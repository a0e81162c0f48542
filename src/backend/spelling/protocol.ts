/** What the backend and the speller's thread say to each other. */
import * as z from 'zod';

export const Ask = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('check'), words: z.array(z.string()) }),
  /** `more`: words that a person added. */
  z.object({ kind: z.literal('suggest'), word: z.string(), more: z.array(z.string()) }),
]);
export type Ask = z.infer<typeof Ask>;

export const Answer = z.object({ id: z.int(), words: z.array(z.string()) });
export type Answer = z.infer<typeof Answer>;
