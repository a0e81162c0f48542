/** The imaging worker's contract: parse and decode untrusted bytes, nothing else. */
import * as z from 'zod';
import { ImageHeader } from '#core/imaging/header.ts';
import { FrameInfo } from '#core/imaging/pixels.ts';
import { InstanceId, SeriesId, StudyId } from '#core/study/ids.ts';
import { Patient } from '#core/study/study.ts';

/** What a file says of itself: enough for the store and for the viewer. */
export const ParsedFile = z.object({
  kind: z.enum(['dicom', 'png', 'jpeg']),
  patient: Patient,
  study: z.object({
    id: StudyId,
    date: z.string(),
    time: z.string(),
    accession: z.string(),
    description: z.string(),
    referrer: z.string(),
  }),
  series: z.object({
    id: SeriesId,
    number: z.int().nullable(),
    modality: z.string(),
    description: z.string(),
    bodyPart: z.string(),
  }),
  instance: z.object({ id: InstanceId, number: z.int().nullable() }),
  header: ImageHeader,
  /** An executable or other foreign preamble was found before the DICM mark. */
  preamble: z.enum(['empty', 'tiff', 'executable', 'other']),
});
export type ParsedFile = z.infer<typeof ParsedFile>;

export const imagingCalls = {
  /** AppError `refused` names why: not DICOM, no image, too large, unknown transfer syntax, truncated, nested too deep … */
  'imaging.parse': {
    input: z.object({ bytes: z.instanceof(Uint8Array) }),
    /** null: a PNG or JPEG picture, which has no header. */
    output: z.object({ file: ParsedFile.nullable(), picture: z.enum(['png', 'jpeg']).nullable() }),
  },
  /** The same for an import: with the hash of the bytes, and the bytes themselves, which were moved and come back. */
  'imaging.read': {
    input: z.object({ bytes: z.instanceof(Uint8Array) }),
    output: z.object({
      file: ParsedFile.nullable(),
      picture: z.enum(['png', 'jpeg']).nullable(),
      sha256: z.string(),
      bytes: z.instanceof(Uint8Array),
    }),
  },
  'imaging.decode': {
    input: z.object({
      /** The file comes back too. */
      giveBack: z.boolean().default(false),
      bytes: z.instanceof(Uint8Array),
      frame: z.int().nonnegative(),
      /** Left out: no preview is wanted. `padding` is the header's. */
      preview: z.object({ padding: z.object({ value: z.number(), limit: z.number() }).nullable() }).optional(),
    }),
    output: z.object({
      info: FrameInfo,
      bytes: z.instanceof(Uint8Array),
      file: z.instanceof(Uint8Array).nullable(),
      preview: z.object({ halvings: z.int(), bytes: z.instanceof(Uint8Array) }).nullable(),
    }),
  },
  /** The files that a DICOMDIR names, each as the components of its path: they may lead anywhere. */
  'imaging.directory': {
    input: z.object({ bytes: z.instanceof(Uint8Array) }),
    output: z.object({ files: z.array(z.array(z.string())) }),
  },
  /** A PNG or JPEG as a DICOM secondary capture file (grey or RGB, 8 or 16 bits, as it was). */
  'imaging.capture': {
    input: z.object({
      bytes: z.instanceof(Uint8Array),
      facts: z.object({
        patientName: z.string(),
        patientId: z.string(),
        patientSex: z.string(),
        patientAgeYears: z.int().nullable(),
        shows: z.enum(['chest-pa', 'chest-ap', 'chest-lateral', 'other']),
      }),
      /** `YYYYMMDDHHMMSS` and the three UIDs: time and chance come from outside. */
      now: z.string(),
      studyUid: z.string(),
      seriesUid: z.string(),
      instanceUid: z.string(),
    }),
    output: z.object({ bytes: z.instanceof(Uint8Array) }),
  },
  /** The demo film or the display's test pattern, made by mathematics: always the same file. */
  'imaging.demo': {
    input: z.object({ what: z.enum(['film', 'test-pattern']) }),
    output: z.object({ bytes: z.instanceof(Uint8Array) }),
  },
} as const;

export const imagingProtocol = { calls: imagingCalls, events: {} } as const;
export type ImagingProtocol = typeof imagingProtocol;
