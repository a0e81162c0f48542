/** The part of the contract for critical results. */
import * as z from 'zod';
import { Critical, How, Urgency } from '#core/desk/critical.ts';
import { DraftId, LabelId, StudyId } from '#core/study/ids.ts';
import { Patient } from '#core/study/study.ts';
import type { CallTable, EventTable } from './protocol.ts';

/** A critical result with what is needed to find its study again. */
export const CriticalItem = z.object({ critical: Critical, patient: Patient, date: z.string() });
export type CriticalItem = z.infer<typeof CriticalItem>;

const Words = z.string().trim().max(500);

export const criticalCalls = {
  /** Of one study, oldest first. */
  'critical.of': { input: z.object({ study: StudyId }), output: z.array(Critical) },
  /** `open`: those that nobody was told of yet, the one that is due first in front; else all, newest first. */
  'critical.list': {
    input: z.object({ open: z.boolean().default(true), limit: z.int().min(1).max(1000).default(200) }),
    output: z.array(CriticalItem),
  },
  /** `invalid-input` for a time that is still to come. */
  'critical.found': {
    input: z.object({
      study: StudyId,
      draft: DraftId.nullable().default(null),
      label: LabelId.nullable().default(null),
      finding: Words.min(3),
      urgency: Urgency,
      foundAt: z.number(),
    }),
    output: Critical,
  },
  /** Somebody was told, or nobody was reached (`reached: false`) and it stays open. `conflict` when it is closed. */
  'critical.tell': {
    input: z.object({
      critical: z.string(),
      reached: z.boolean(),
      by: Words.min(2),
      to: Words.min(2),
      how: How,
      readBack: z.boolean().default(false),
      happenedAt: z.number(),
      note: Words.default(''),
    }),
    output: Critical,
  },
  /** It was none, or it is known already. `conflict` when it is closed. */
  'critical.withdraw': { input: z.object({ critical: z.string(), reason: Words.min(3) }), output: Critical },
} as const satisfies CallTable;

export const criticalEvents = {
  'critical.changed': z.object({ study: StudyId }),
} as const satisfies EventTable;
