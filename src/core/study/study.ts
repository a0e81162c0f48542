/** Patients, studies, series and instances as the product shows them. */
import * as z from 'zod';
import { ImageHeader } from '../imaging/header.ts';
import { ReportStage } from '../report/states.ts';
import { InstanceId, SeriesId, StudyId } from './ids.ts';

export const Patient = z.object({
  id: z.string(),
  /** Who gave the id (0010,0021); the same id from another issuer is another patient. */
  issuer: z.string(),
  /** The person name's groups as in DICOM, already decoded: alphabetic, ideographic, phonetic. */
  name: z.object({ alphabetic: z.string(), ideographic: z.string(), phonetic: z.string() }),
  /** YYYYMMDD or empty. */
  birthDate: z.string(),
  sex: z.string(),
});
export type Patient = z.infer<typeof Patient>;

/** What stands of the report: nothing yet, no draft possible, or the stage of the newest report. */
export const ReportState = z.enum(['none', 'refused', ...ReportStage.options]);
export type ReportState = z.infer<typeof ReportState>;

export const StudySummary = z.object({
  id: StudyId,
  patient: Patient,
  /** YYYYMMDD or empty. */
  date: z.string(),
  /** HHMMSS or empty. */
  time: z.string(),
  accession: z.string(),
  description: z.string(),
  modalities: z.array(z.string()),
  bodyPart: z.string(),
  instances: z.int(),
  state: ReportState,
  /** Images came after the report was released: it has to be verified. */
  verify: z.boolean().default(false),
  synthetic: z.boolean(),
  /** Milliseconds since 1970, UTC. */
  importedAt: z.number(),
  editedAt: z.number().nullable(),
});
export type StudySummary = z.infer<typeof StudySummary>;

export const Instance = z.object({
  id: InstanceId,
  series: SeriesId,
  number: z.int().nullable(),
  header: ImageHeader,
});
export type Instance = z.infer<typeof Instance>;

export const Series = z.object({
  id: SeriesId,
  number: z.int().nullable(),
  modality: z.string(),
  description: z.string(),
  /** Sorted by position along the slice normal, else by instance number. */
  instances: z.array(Instance),
});
export type Series = z.infer<typeof Series>;

export const Study = z.object({ summary: StudySummary, series: z.array(Series) });
export type Study = z.infer<typeof Study>;
