/** What is signed, by whom, over which warnings; and what a reader thinks of a model's finding. */
import * as z from 'zod';
import { AnalysisId, DraftId, LabelId } from '../study/ids.ts';
import { CheckId, CheckLevel, CheckResult } from './checks/check.ts';
import { Amendment, ReportAct, ReportStage, VersionKind } from './states.ts';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A failed check with the level that the policy gives it. */
export const RaisedCheck = CheckResult.extend({ level: CheckLevel });
export type RaisedCheck = z.infer<typeof RaisedCheck>;

/** Why a failed check was signed over. It stands for every result of that check. */
export const Override = z.object({ check: CheckId, reason: z.string().trim().min(3).max(1000) });
export type Override = z.infer<typeof Override>;

/** A released version: preliminary or signed. It never changes. */
export const ReleasedVersion = z.object({
  number: z.int().positive(),
  kind: VersionKind.exclude(['model', 'saved']),
  /** Milliseconds since 1970, UTC. */
  at: z.number(),
  login: z.string(),
  name: z.string(),
  /** Of the exact text, in UTF-8. */
  sha256: Sha256,
  /** Why it was corrected; empty for the others. */
  reason: z.string(),
  overrides: z.array(Override),
  /** Findings of the model that nobody looked at before this version was released. */
  findingsNotLookedAt: z.int().nonnegative(),
});
export type ReleasedVersion = z.infer<typeof ReleasedVersion>;

export const ReportStatus = z.object({
  draft: DraftId,
  revision: z.int().nonnegative(),
  stage: ReportStage,
  amending: Amendment.nullable(),
  /** The addendum that is being written; empty when none is. */
  addendum: z.string(),
  /** Why it is being corrected; empty when it is not. */
  reason: z.string(),
  /** What may be done now, apart from who may do it. */
  acts: z.array(ReportAct),
  /** The version in force: the newest signed one, else the newest preliminary one. */
  inForce: ReleasedVersion.nullable(),
  /** How many images came after the version in force: verify the report. */
  lateImages: z.int().nonnegative(),
});
export type ReportStatus = z.infer<typeof ReportStatus>;

export const FindingVerdict = z.object({
  analysis: AnalysisId,
  label: LabelId,
  /** `seen`: the reader selected it; the others say so too. */
  verdict: z.enum(['seen', 'accepted', 'rejected', 'modified']),
  note: z.string().max(1000),
  /** The sentence that the reader stands for, where the finding is said in the reader's words; else empty. */
  stated: z.string().trim().max(1000).default(''),
  login: z.string(),
  at: z.number(),
});
export type FindingVerdict = z.infer<typeof FindingVerdict>;
