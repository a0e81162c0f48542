/** Row schemas for columns that hold JSON or flags. */
import * as z from 'zod';
import { fromJson } from '../files/json.ts';

/** A TEXT column with the JSON of `schema`. */
export function Json<S extends z.ZodType>(schema: S) {
  return z
    .string()
    .transform((text) => fromJson(text))
    .pipe(schema);
}

/** An INTEGER column of 0 or 1. */
export const Flag = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1);

export const Count = z.object({ n: z.int() });
