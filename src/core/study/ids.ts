/** Identifiers, branded so that one cannot stand for another. */
import * as z from 'zod';

/** A DICOM UID as found in files: PS3.5 9.1 allows digits and dots, 64 characters; real files hold worse. */
const Uid = z.string().min(1).max(128);

export const StudyId = Uid.brand<'StudyId'>();
export type StudyId = z.infer<typeof StudyId>;
export const SeriesId = Uid.brand<'SeriesId'>();
export type SeriesId = z.infer<typeof SeriesId>;
/** SOPInstanceUID. */
export const InstanceId = Uid.brand<'InstanceId'>();
export type InstanceId = z.infer<typeof InstanceId>;

export const DraftId = z.string().min(1).max(64).brand<'DraftId'>();
export type DraftId = z.infer<typeof DraftId>;
export const AnalysisId = z.string().min(1).max(64).brand<'AnalysisId'>();
export type AnalysisId = z.infer<typeof AnalysisId>;
export const SentenceId = z.string().min(1).max(64).brand<'SentenceId'>();
export type SentenceId = z.infer<typeof SentenceId>;
/** Chosen by the caller: progress events carry it. */
export const JobId = z.string().min(1).max(64).brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;
/** A label of a pack, such as `effusion`. */
export const LabelId = z.string().min(1).max(64).brand<'LabelId'>();
export type LabelId = z.infer<typeof LabelId>;
