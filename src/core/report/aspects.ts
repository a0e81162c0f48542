/** What a person may say of a finding beyond its name: on which side, in which zones, how large or how marked. */
import * as z from 'zod';
import { PlaceSide, Zone } from '../measure/place.ts';
import table from './aspects.json' with { type: 'json' };

export const Severity = z.enum(['small', 'medium', 'large', 'mild', 'moderate', 'severe']);
export type Severity = z.infer<typeof Severity>;

/** As a person chose them; null and empty where nothing was. */
export interface Aspects {
  side: PlaceSide | null;
  /** Said only with a side. */
  zones: readonly Zone[];
  severity: Severity | null;
}

/** What is asked of a finding; one that the table does not know may have everything. */
export interface AspectChoices {
  sides: readonly PlaceSide[];
  zones: readonly Zone[];
  severities: readonly Severity[];
}

const sizes: readonly Severity[] = ['small', 'medium', 'large'];
const grades: readonly Severity[] = ['mild', 'moderate', 'severe'];

export function aspectsOf(label: string, known: boolean): AspectChoices {
  const has = (labels: readonly string[]) => !known || labels.includes(label);
  return {
    sides: has(table.sided) ? ['right', 'left', 'bilateral'] : [],
    zones: has(table.zoned) ? Zone.options : [],
    severities: known && table.sized.includes(label) ? sizes : grades,
  };
}
