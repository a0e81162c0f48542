/** What a check before signing is given and what it answers. */
import * as z from 'zod';
import { LabelId } from '../../study/ids.ts';
import type { ReportLanguage } from '../language.ts';
import { type ReportDocument, SectionKey } from '../report.ts';

export const CheckId = z.enum([
  /** A positive finding of the model, or a measured enlarged heart, that the text says nothing of. */
  'missed-finding',
  /** The same, where the text says that it is absent. */
  'denied-finding',
  /** Words of comparison with no prior loaded. */
  'comparison',
  /** A side that disagrees with another part of the text, or with the region. */
  'laterality',
  /** Sex or age in the text that is not the patient's. */
  'sex-age',
  /** Said to be there and said to be absent. */
  'contradiction',
  'empty-impression',
  /** A placeholder, a blank, an open choice. */
  'unfilled',
  /** Positive findings that nobody looked at, accepted or rejected. */
  'not-looked-at',
  /** The draft was written in a language that these checks do not read. */
  'not-read',
  /** A critical result of the study that nobody was told of. */
  'critical-open',
  /** The text says something else than the reader decided on a finding. */
  'against-decision',
]);
export type CheckId = z.infer<typeof CheckId>;

/** Character offsets `from` ≤ `to` within the text of a section's paragraph. */
export const TextPlace = z.object({
  section: SectionKey,
  paragraph: z.int().nonnegative(),
  from: z.int().nonnegative(),
  to: z.int().nonnegative(),
});
export type TextPlace = z.infer<typeof TextPlace>;

export const CheckResult = z.object({
  check: CheckId,
  /** Why, in plain words; it may quote the report. */
  message: z.string(),
  /** Where in the text; several for what stands against each other, none for what is missing. */
  places: z.array(TextPlace),
  label: LabelId.nullable(),
});
export type CheckResult = z.infer<typeof CheckResult>;

export const CheckSide = z.enum(['left', 'right', 'both']);
export type CheckSide = z.infer<typeof CheckSide>;

/** A finding as the reader left it. */
export interface CheckedFinding {
  label: LabelId;
  name: string;
  positive: boolean;
  /** The patient's side on which its measured region lies; null where no place was measured. */
  side: CheckSide | null;
  decision: 'accepted' | 'rejected' | null;
  /** What the decision speaks against stands in the text, or what it says is missing there. */
  differs?: 'stands' | 'missing' | null;
  /** The reader selected it, its sentence or its region at least once. */
  looked: boolean;
}

export interface CheckInput {
  document: ReportDocument;
  /** `sex` as in DICOM: M, F, O or empty. */
  patient: { sex: string; ageYears: number | null };
  findings: readonly CheckedFinding[];
  /** The cardiothoracic ratio as measured, null when it was not. */
  heart: { ratio: number; enlarged: boolean } | null;
  /** How many earlier examinations of this patient are loaded. */
  priors: number;
  /** What the draft was written in; English where it is not said. */
  language?: ReportLanguage;
  /** Critical results that nobody was told of yet, in the reader's words. */
  criticals?: readonly string[];
}

/** `block`: nothing is signed until the text is put right. `warn`: it is signed with a reason, which is kept. */
export const CheckLevel = z.enum(['block', 'warn']);
export type CheckLevel = z.infer<typeof CheckLevel>;

export const CheckPolicy = z.record(CheckId, CheckLevel);
export type CheckPolicy = z.infer<typeof CheckPolicy>;

/** What holds until an administrator decides otherwise: what is surely wrong blocks, what may be right (docs/checks.md) warns. */
export const defaultCheckPolicy: CheckPolicy = {
  'missed-finding': 'warn',
  'denied-finding': 'warn',
  comparison: 'warn',
  laterality: 'block',
  'sex-age': 'block',
  contradiction: 'warn',
  'empty-impression': 'block',
  unfilled: 'block',
  'not-looked-at': 'warn',
  'not-read': 'warn',
  'critical-open': 'warn',
  'against-decision': 'warn',
};
