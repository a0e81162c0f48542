/** The part of the contract for key images. */
import * as z from 'zod';
import { KeyImage } from '#core/desk/keyImage.ts';
import { StudyId } from '#core/study/ids.ts';
import type { CallTable, EventTable } from './protocol.ts';

const Png = z.instanceof(Uint8Array).refine(({ length }) => length <= 4_000_000, 'expected at most 4 MB');

export const keyImageCalls = {
  /** Of one study, in the order in which they were kept. */
  'keyImage.of': { input: z.object({ study: StudyId }), output: z.array(KeyImage) },
  /** A PNG. `not-found` for the overlay of an image without one. */
  'keyImage.picture': {
    input: z.object({ id: z.string(), which: z.enum(['plain', 'marked']) }),
    output: z.object({ png: z.instanceof(Uint8Array) }),
  },
  /** `refused` when the study has six; `invalid-input` for what is no PNG of that size. */
  'keyImage.keep': {
    input: KeyImage.omit({ id: true, login: true, at: true }).extend({ plain: Png, marked: Png.nullable() }),
    output: KeyImage,
  },
  'keyImage.remove': { input: z.object({ id: z.string() }), output: z.object({}) },
} as const satisfies CallTable;

export const keyImageEvents = {
  'keyImage.changed': z.object({ study: StudyId }),
} as const satisfies EventTable;
