/** The part of the contract for the auditor's desk: reports found again, what became of them, peer review, monitoring. */
import * as z from 'zod';
import { Fate } from '#core/desk/fate.ts';
import { Monitoring } from '#core/desk/monitoring.ts';
import { Review, Sample, SampleKind, Score } from '#core/desk/review.ts';
import { Analysis } from '#core/findings/findings.ts';
import { Draft, DraftVersion, ReportDocument } from '#core/report/report.ts';
import { ReleasedVersion } from '#core/report/signing.ts';
import { ReportStage } from '#core/report/states.ts';
import { DraftId, LabelId, StudyId } from '#core/study/ids.ts';
import { Patient, StudySummary } from '#core/study/study.ts';
import type { CallTable, EventTable } from './protocol.ts';
import { AuditRow } from './records.ts';

const Nothing = z.object({});

export const DeskFilter = z.object({
  /** In the patient's names, id or the study's date or description. */
  text: z.string().max(200).default(''),
  /** A login; empty: everybody. */
  reader: z.string().max(64).default(''),
  /** When the report was last changed, milliseconds since 1970, UTC: from and up to. */
  from: z.number().nullable().default(null),
  to: z.number().nullable().default(null),
  /** `id version`, or `none` for reports without a model; empty: any. */
  pack: z.string().max(200).default(''),
  /** Empty: any. */
  stages: z.array(ReportStage).default([]),
  /** Share of the drafted text that was changed, 0 to 1. */
  changedFrom: z.number().min(0).max(1).nullable().default(null),
  changedTo: z.number().min(0).max(1).nullable().default(null),
  overrides: z.enum(['any', 'with', 'without']).default('any'),
  /** Only reports in which the model marked this finding. */
  finding: LabelId.nullable().default(null),
});
export type DeskFilter = z.infer<typeof DeskFilter>;

export const DeskSort = z.enum(['changedAt', 'patient', 'reader', 'pack', 'stage', 'share', 'overrides']);
export type DeskSort = z.infer<typeof DeskSort>;

export const DeskRow = z.object({
  draft: DraftId,
  study: StudyId,
  patient: Patient,
  /** YYYYMMDD or empty. */
  date: z.string(),
  description: z.string(),
  synthetic: z.boolean(),
  /** Who signed it, else who wrote in it last. */
  reader: z.string(),
  pack: z.string(),
  stage: ReportStage,
  createdAt: z.number(),
  savedAt: z.number(),
  signedAt: z.number().nullable(),
  /** null: there was no draft of a model. */
  changed: z.number().nullable(),
  overrides: z.int(),
  reviews: z.int(),
});
export type DeskRow = z.infer<typeof DeskRow>;

/** What the filters may be set to. */
export const DeskChoices = z.object({
  readers: z.array(z.string()),
  packs: z.array(z.string()),
  findings: z.array(z.object({ label: LabelId, name: z.string() })),
});
export type DeskChoices = z.infer<typeof DeskChoices>;

/** A version on the time line: kept or released. */
export const DeskVersion = DraftVersion.extend({ release: ReleasedVersion.nullable() });
export type DeskVersion = z.infer<typeof DeskVersion>;

export const DeskReport = z.object({
  row: DeskRow,
  study: StudySummary,
  draft: Draft,
  /** As it was stored: no model runs here. */
  analysis: Analysis.nullable(),
  /** The model's text; null where a person began. */
  drafted: ReportDocument.nullable(),
  /** The text in force, else the text as it stands. */
  text: ReportDocument,
  /** Addenda in force, oldest first. */
  addenda: z.array(z.object({ text: z.string(), name: z.string(), at: z.number() })),
  fates: z.array(Fate),
  versions: z.array(DeskVersion),
  reviews: z.array(Review),
  /** Rows of the log about this report, its analysis, its study and its film, oldest first. */
  audit: z.array(AuditRow),
});
export type DeskReport = z.infer<typeof DeskReport>;

/** A review with what its reader needs to find the report again. */
export const ReviewItem = z.object({ review: Review, study: StudyId, patient: Patient, date: z.string() });
export type ReviewItem = z.infer<typeof ReviewItem>;

export const deskCalls = {
  'desk.list': {
    input: z.object({
      filter: DeskFilter.prefault({}),
      sort: DeskSort.default('changedAt'),
      descending: z.boolean().default(true),
      limit: z.int().min(1).max(500).default(100),
      offset: z.int().nonnegative().default(0),
    }),
    output: z.object({ rows: z.array(DeskRow), total: z.int() }),
  },
  'desk.choices': { input: Nothing, output: DeskChoices },
  'desk.report': { input: z.object({ draft: DraftId }), output: DeskReport },
  'desk.monitoring': { input: z.object({ filter: DeskFilter.prefault({}) }), output: Monitoring },
  /** CSV, RFC 4180; the log keeps that it was taken along. `list` names patients, the others nobody. */
  'desk.export': {
    input: z.object({
      what: z.enum(['list', 'findings', 'drift', 'times', 'reviews']),
      filter: DeskFilter.prefault({}),
    }),
    output: z.object({ text: z.string() }),
  },

  /** Draws signed reports that pass the filter; an empty seed is made up and stored. `refused` when there is none. */
  'review.sample': {
    input: z.object({
      kind: SampleKind,
      finding: LabelId.nullable().default(null),
      size: z.int().min(1).max(500),
      seed: z.string().trim().max(64).default(''),
      filter: DeskFilter.prefault({}),
    }),
    output: Sample,
  },
  /** Newest first. */
  'review.samples': { input: Nothing, output: z.array(Sample) },
  /** In the order in which they were drawn. */
  'review.items': {
    input: z.object({ sample: z.string() }),
    output: z.array(z.object({ row: DeskRow, version: z.int(), review: Review.nullable() })),
  },
  /** Never changed afterwards; a second one stands beside the first. `refused`: that version is not signed. */
  'review.give': {
    input: z.object({
      draft: DraftId,
      version: z.int().positive(),
      sample: z.string().max(64).default(''),
      score: Score,
      matters: z.boolean().default(false),
      comment: z.string().trim().max(2000).default(''),
    }),
    output: Review,
  },
  /** Of the reports that I signed, newest first. */
  'review.mine': { input: Nothing, output: z.array(ReviewItem) },
  /** I have read it. `refused` when it is not mine. */
  'review.answer': {
    input: z.object({ review: z.int(), answer: z.string().trim().max(2000).default('') }),
    output: Review,
  },
} as const satisfies CallTable;

export const deskEvents = {
  /** A review was given or answered. */
  'review.changed': z.object({ review: z.int() }),
} as const satisfies EventTable;
